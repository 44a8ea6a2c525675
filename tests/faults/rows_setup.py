"""A run that ends while ``postgres-setup`` runs, on a server that is not ours (Reliability 5)."""

from __future__ import annotations

from signal import SIGKILL, SIGTERM

from tests.faults import deeds as do
from tests.faults.fault import Fault
from tests.faults.rows_signals import STOPPED, URL
from tests.faults.scene import Scene

_WAITS = "CREATE TABLE kept (); SELECT pg_sleep(600);"


def _sleeps(scene: Scene) -> None:
    """Wait until the second server runs the last statement."""
    active = (
        "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%' AND datname ~ '^ac_'"
    )
    scene.wait(lambda: bool(scene.second.run(active)), "postgres-setup ran")


ROWS = (
    Fault(
        name="SIGTERM while postgres-setup runs on a server that is not ours",
        kind="R5",
        server=True,
        arguments=(*URL, "--postgres-setup", _WAITS),
        during=do.all_of(_sleeps, do.sent(SIGTERM)),
        code=130,
        says=(STOPPED,),
        grace=2,
    ),
    Fault(
        name="every process is killed while postgres-setup runs: the next run removes what is left",
        kind="R5",
        server=True,
        arguments=(*URL, "--postgres-setup", "SELECT pg_sleep(5); SELECT 1;"),
        during=do.all_of(_sleeps, do.killed_all),
        after=do.and_run_again,
        code=-SIGKILL,
        left=("database ac_.*", "role ac_.*", "file /tmp/.*", "lock .*", "session .*"),
    ),
    Fault(
        name="SIGKILL while postgres-setup runs on a server that is not ours",
        kind="R5",
        server=True,
        arguments=(*URL, "--postgres-setup", f"CREATE ROLE reader; {_WAITS}"),
        during=do.all_of(_sleeps, do.sent(SIGKILL)),
        code=-SIGKILL,
        grace=10,
        left=("role reader",),  # by its name it may be anybody's; the next run takes it as it is
        in_gate=True,
    ),
)
