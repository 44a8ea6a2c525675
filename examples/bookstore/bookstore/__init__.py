"""A small online bookstore."""
