"""Driving a tree through its migrations once, and recording everything that was seen."""
