"""Who runs the project's code, and what that code can see of the job."""
