"""The revision graph: its algorithms, the graph after the merge, and corrected lines of version files."""
