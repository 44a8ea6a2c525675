"""What to set where a server lacks something."""

from __future__ import annotations

import pytest

from checks.lacking import remedy_of

OR_URL = "Or set `database-url` (--database-url) to a server that has it."
CREATE = (
    "Create the extension {0} in an earlier revision: op.execute('CREATE EXTENSION {1}'). If production has it and no"
)
SETUP = "revision creates it, set `postgres-setup: CREATE EXTENSION {1};` (--postgres-setup)."


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        (
            'extension "timescaledb" is not available',
            "Set `postgres-image: timescale/timescaledb:latest-pg17` (--postgres-image): this image has the extension. "
            + OR_URL,
        ),
        (
            'could not open extension control file "/usr/share/postgresql/12/extension/vector.control": No such file',
            f"Set `postgres-image: pgvector/pgvector:pg17` (--postgres-image): this image has the extension. {OR_URL}",
        ),
        (
            'extension "our_own" is not available',
            "Set `postgres-image` (--postgres-image) to an image that has the extension, such as the one that you "
            "develop with, or `database-url` (--database-url) to a server that has it.",
        ),
        (
            'role "app-reader" does not exist',
            'If production has this role, set `postgres-setup: CREATE ROLE "app-reader";` (--postgres-setup). '
            "Otherwise create it in an earlier revision.",
        ),
        (
            'schema "billing" does not exist',
            "Create the schema in an earlier revision: op.execute('CREATE SCHEMA billing'). If production has it and "
            "no revision creates it, set `postgres-setup: CREATE SCHEMA billing;` (--postgres-setup).",
        ),
        (
            'type "geometry" does not exist',
            f"{CREATE} {SETUP} Where it is not available: `postgres-image: postgis/postgis:17-3.5`.".format(
                "postgis", "postgis", "CREATE EXTENSION postgis"
            ),
        ),
        (
            "function public.uuid_generate_v4() does not exist",
            f"{CREATE} {SETUP}".format("uuid-ossp", '"uuid-ossp"', 'CREATE EXTENSION "uuid-ossp"'),
        ),
        (
            'operator class "gin_trgm_ops" does not exist for access method "gin"',
            f"{CREATE} {SETUP}".format("pg_trgm", "pg_trgm", "CREATE EXTENSION pg_trgm"),
        ),
        ('type "mood" does not exist', None),
        ('relation "author" does not exist', None),
    ],
)
def test_the_line_to_paste(message: str, remedy: str | None) -> None:
    assert remedy_of(message) == remedy
