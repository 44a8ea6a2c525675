"""Variables of libpq that a shell has: they do not reach our own connections (Reliability 8)."""

from __future__ import annotations

from tests.faults import things as of
from tests.faults.fault import As, Fault

_OWN = {
    "PGCHANNELBINDING": "require",
    "PGSERVICE": "production",
    "PGSERVICEFILE": "/nowhere/pg_service.conf",
    "PGOPTIONS": "-c statement_timeout=1 -c default_transaction_read_only=on",
    "PGTZ": "Nowhere/Nothing",
    "PGDATESTYLE": "nonsense",
    "PGSSLMODE": "verify-full",
    "PGSSLROOTCERT": "/nowhere/root.crt",
    "PGSSLCERT": "/nowhere/client.crt",
    "PGSSLMINPROTOCOLVERSION": "TLSv9",
    "PGTARGETSESSIONATTRS": "standby",
    "PGGSSENCMODE": "require",
    "PGREQUIREPEER": "somebody",
    "PGHOSTADDR": "192.0.2.1",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGPASSWORD": "wrong",
    "PGDATABASE": "production",
    "PGCLIENTENCODING": "LATIN1",
    "PGCONNECT_TIMEOUT": "-7",
    "PGAPPNAME": "x" * 1000,
    "PGGEQO": "off",
}
_GATE = ("PGCHANNELBINDING", "PGSERVICE", "PGOPTIONS")

ROWS = (
    *(
        Fault(name=name, kind="R8", environ={name: value}, verdict="passed", in_gate=name in _GATE)
        for name, value in _OWN.items()
    ),
    Fault(name="all variables of libpq at once", kind="R8", environ=_OWN, verdict="passed", in_gate=True),
    Fault(
        name="a password file that is a pipe",
        kind="R8",
        before=of.fifo("/mnt/home/.pgpass"),
        environ={"PGPASSFILE": "/mnt/home/.pgpass"},
        verdict="passed",
    ),
    Fault(
        name="a closed configuration folder of libpq, for an ordinary user",
        kind="R8",
        user=As.ORDINARY,
        before=of.folder("/mnt/closed", 0o000),
        environ={"PGSYSCONFDIR": "/mnt/closed"},
        verdict="passed",
    ),
    Fault(
        name="user and password of database-url come from variables of libpq",
        kind="R8",
        server=True,
        environ={"PGUSER": "ann", "PGPASSWORD": "hush-hush-123"},
        arguments=("--database-url", "postgresql://127.0.0.1:5432/postgres"),
        verdict="passed",
        in_gate=True,
    ),
    Fault(
        name="a service of libpq does not replace database-url",
        kind="R8",
        server=True,
        environ={"PGHOST": "192.0.2.1", "PGPORT": "1", "PGDATABASE": "production"},
        arguments=("--database-url", "{url}"),
        verdict="passed",
    ),
)  # fmt: skip
