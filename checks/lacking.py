"""What a server lacks, by PostgreSQL's own words, and the lines of the settings that give it."""

from __future__ import annotations

import re

from checks.sql import identifier

_POSTGIS, _HA, _PARADEDB = "postgis/postgis:17-3.5", "timescale/timescaledb-ha:pg17", "paradedb/paradedb:latest-pg17"
IMAGES = {
    "postgis": _POSTGIS,
    "postgis_raster": _POSTGIS,
    "postgis_sfcgal": _POSTGIS,
    "postgis_tiger_geocoder": _POSTGIS,
    "postgis_topology": _POSTGIS,
    "address_standardizer": _POSTGIS,
    "pgrouting": "pgrouting/pgrouting:17-3.5-3.7.3",
    "timescaledb": "timescale/timescaledb:latest-pg17",
    "timescaledb_toolkit": _HA,
    "vectorscale": _HA,
    "vector": "pgvector/pgvector:pg17",
    "citus": "citusdata/citus:12.1",
    "age": "apache/age:release_PG17_1.6.0",
    "pgroonga": "groonga/pgroonga:latest-debian-17",
    "pg_search": _PARADEDB,
    "pg_ivm": _PARADEDB,
}
"""By extension: an image that is known to have it."""
_HOLDERS = {
    "geometry": "postgis",
    "geography": "postgis",
    "raster": "postgis_raster",
    "topogeometry": "postgis_topology",
    "halfvec": "vector",
    "sparsevec": "vector",
    "hnsw": "vector",
    "ivfflat": "vector",
    "create_hypertable": "timescaledb",
    "create_distributed_table": "citus",
    "agtype": "age",
    "gin_trgm_ops": "pg_trgm",
    "gist_trgm_ops": "pg_trgm",
    "similarity": "pg_trgm",
    "crypt": "pgcrypto",
    "gen_salt": "pgcrypto",
    "gen_random_bytes": "pgcrypto",
    "digest": "pgcrypto",
    **{name: name for name in ("vector", "citext", "hstore", "ltree", "cube", "unaccent", "pgroonga")},
}
"""By type, function, operator class or access method: the extension that has it."""
_PREFIXES = {"st_": "postgis", "uuid_generate_": "uuid-ossp", "vector_": "vector", "halfvec_": "vector"}
_EXTENSION = re.compile(
    r'extension "([^"]*)" is not available|could not open extension control file ".*/(.+)\.control"'
)
_ROLE = re.compile(r'role "(.+)" does not exist')
_SCHEMA = re.compile(r'schema "(.+)" does not exist')
_BY_DRIVER = re.compile(r"\([\w.]+\) (?:<class '[\w.]+'>: )?")
"""What SQLAlchemy puts before the server's words."""
_PART = re.compile(
    r'(?:type|operator class|access method) "([^"]+)" does not exist|function ([\w."]+)\(.*\) does not exist'
)


def remedy_of(message: str) -> str | None:
    """Return how to give a server the extension, role or schema that it lacks; None for any other message."""
    if found := _EXTENSION.search(message):
        return extension(found[1] or found[2])
    if found := _ROLE.match(message):
        return (
            f"If production has this role, set {_setup(f'CREATE ROLE {identifier(found[1])};')}. Otherwise create it "
            "in an earlier revision."
        )
    if found := _SCHEMA.match(message):
        name = identifier(found[1])
        return (
            f"Create the schema in an earlier revision: op.execute({f'CREATE SCHEMA {name}'!r}). If production has it "
            f"and no revision creates it, set {_setup(f'CREATE SCHEMA {name};')}."
        )
    if found := _PART.match(message):
        return _part(found[1] or found[2])
    return None


def remedy_before_migrations(error: str) -> str | None:
    """Return how to give a server what env.py needs of it before any migration runs, by SQLAlchemy's error."""
    message = _BY_DRIVER.sub("", error, count=1)
    if found := _SCHEMA.match(message):
        statement = f"CREATE SCHEMA {identifier(found[1])};"
        return f"Set {_setup(statement)}: env.py uses the schema before any migration runs."
    return remedy_of(message)


def extension(name: str) -> str:
    """Return how to get a server that has an extension."""
    if name in IMAGES:
        return (
            f"Set `postgres-image: {IMAGES[name]}` (--postgres-image): this image has the extension. Or set "
            "`database-url` (--database-url) to a server that has it."
        )
    return (
        "Set `postgres-image` (--postgres-image) to an image that has the extension, such as the one that you develop "
        "with, or `database-url` (--database-url) to a server that has it."
    )


def _part(name: str) -> str | None:
    plain = name.rpartition(".")[2].strip('"').removesuffix("[]").lower()
    holder = _HOLDERS.get(plain) or next((has for start, has in _PREFIXES.items() if plain.startswith(start)), None)
    if holder is None:
        return None
    create = f"CREATE EXTENSION {identifier(holder)}"
    image = f" Where it is not available: `postgres-image: {IMAGES[holder]}`." if holder in IMAGES else ""
    return (
        f"Create the extension {holder} in an earlier revision: op.execute({create!r}). If production has it and no "
        f"revision creates it, set {_setup(f'{create};')}.{image}"
    )


def _setup(statement: str) -> str:
    return f"`postgres-setup: {statement}` (--postgres-setup)"
