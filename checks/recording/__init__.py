"""What a run observed, as plain values: the only input of every check."""
