"""Check drift: the models and the migrations make the same database."""
