"""The revision graph: its algorithms, the graph after the merge, and how to change a version file."""
