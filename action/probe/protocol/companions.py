"""The scratch databases of an env.py that migrates several at once: one for each of its engines, named after the first.

Both ends import it: the session creates and clones the databases, the probe connects to them.
"""

from __future__ import annotations

LONGEST_SUFFIX = 5
"""Characters that a name may grow by."""


def database_of(database: str, number: int) -> str:
    """Return the scratch database of an engine; number 0 has the one that the others are named after."""
    return database if number == 0 else "%s_e%d" % (database, number)
