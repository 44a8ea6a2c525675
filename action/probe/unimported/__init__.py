"""Finds tables that files declare beside those of the metadata, in modules that nobody imported; never imports them."""
