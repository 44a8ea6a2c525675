"""The two versioned JSON documents: the report and the recording."""
