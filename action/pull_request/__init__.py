"""What the run has to do with a pull request: the event, and what is written there."""
