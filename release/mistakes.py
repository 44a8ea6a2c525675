"""What a person has to put right before a release can go on."""

from __future__ import annotations


class Mistake(Exception):
    """A release that cannot be made as asked; its text says what to do."""
