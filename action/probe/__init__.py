"""What runs inside the project's own interpreter: Python from 3.9, the standard library, its SQLAlchemy and Alembic.

It is loaded under a private name by ``__main__`` and imports nothing of ours from outside this folder, so that a
project's own packages called ``checks`` or ``action`` are the ones that are found.
"""
