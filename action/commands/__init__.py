"""What a run does, from the event to every place where its results are shown."""
