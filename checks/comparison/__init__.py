"""Two schemas against each other: what differs, how much that matters, and the code that ends the difference."""
