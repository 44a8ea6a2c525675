"""What a run saw, as plain values: the only input of every check."""
