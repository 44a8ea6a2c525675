"""The environment variables that libpq reads; a server of ours needs none of them, and a wrong one is in the way."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

NAMES = (
    # As PQconndefaults() lists them, for a parameter of a connection each.
    "PGSERVICE", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGCHANNELBINDING", "PGCONNECT_TIMEOUT", "PGDATABASE", "PGHOST",
    "PGHOSTADDR", "PGPORT", "PGCLIENTENCODING", "PGOPTIONS", "PGAPPNAME", "PGSSLMODE", "PGSSLNEGOTIATION",
    "PGSSLCOMPRESSION", "PGSSLCERT", "PGSSLKEY", "PGSSLCERTMODE", "PGSSLROOTCERT", "PGSSLCRL", "PGSSLCRLDIR",
    "PGSSLSNI", "PGREQUIREPEER", "PGREQUIREAUTH", "PGSSLMINPROTOCOLVERSION", "PGSSLMAXPROTOCOLVERSION",
    "PGGSSENCMODE", "PGKRBSRVNAME", "PGGSSLIB", "PGGSSDELEGATION", "PGTARGETSESSIONATTRS", "PGLOADBALANCEHOSTS",
    # Of other versions of libpq.
    "PGREQUIRESSL", "PGREALM", "PGTTY", "PGMINPROTOCOLVERSION", "PGMAXPROTOCOLVERSION", "PGSSLKEYLOGFILE",
    "PGOAUTHDEBUG",
    # Files, and settings of the session that libpq sends beside the parameters.
    "PGSERVICEFILE", "PGSYSCONFDIR", "PGLOCALEDIR", "PGDATESTYLE", "PGTZ", "PGGEQO",
)  # fmt: skip


def drop(environ: MutableMapping[str, str] = os.environ) -> None:
    """Remove them, from the environment of the process where no other is named."""
    for name in NAMES:
        environ.pop(name, None)
