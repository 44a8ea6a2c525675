"""What goes over the pipe: requests, which both ends import, and events as the probe sends them."""
