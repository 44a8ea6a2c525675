"""Check replay: a deploy that stops half-way can run again."""
