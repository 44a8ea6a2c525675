"""The user that the project's code runs as, and what that code can see of the job."""
