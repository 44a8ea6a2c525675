"""Clean-up: signals during it, and what cannot be removed (Reliability 3 and 7)."""

from __future__ import annotations

from signal import SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGSTOP, SIGTERM, Signals

from tests.faults import deeds as do
from tests.faults.fault import As, Fault
from tests.faults.projects import IN_A_MIGRATION, mark, migration
from tests.faults.rows_signals import STOPPED, URL

_LAST = "comparing the models: "
"""The last line of the work: what follows is clean-up."""
_PAIRS = ((SIGINT, SIGINT), (SIGTERM, SIGTERM), (SIGINT, SIGTERM), (SIGTERM, SIGHUP), (SIGHUP, SIGINT))


def _on_other_server(first: Signals, second: Signals) -> Fault:
    return Fault(
        name=f"{first.name}, and {second.name} while databases are dropped on a server that is not ours",
        kind="R3",
        files=IN_A_MIGRATION,
        server=True,
        arguments=URL,
        during=do.all_of(
            do.marked("migration"), do.clean_up_waits, do.sent(first), do.databases_are_dropped, do.sent(second),
            do.seconds(0.3), do.clean_up_goes_on,
        ),
        code=130,
        says=(STOPPED,),
        in_gate=(first, second) == (SIGINT, SIGINT),
    )  # fmt: skip


def _on_own_server(first: Signals, second: Signals) -> Fault:
    return Fault(
        name=f"{first.name}, and {second.name} while the server's folder is removed",
        kind="R3",
        files=IN_A_MIGRATION,
        during=do.all_of(
            do.marked("migration"), do.data_is_slow_to_remove, do.sent(first), do.server_is_gone, do.sent(second),
        ),
        code=130,
        says=(STOPPED,),
        grace=2,
        in_gate=(first, second) == (SIGTERM, SIGTERM),
    )  # fmt: skip


ROWS = (
    *(_on_other_server(*pair) for pair in _PAIRS),
    *(_on_own_server(*pair) for pair in _PAIRS),
    Fault(
        name="ten signals while databases are dropped",
        kind="R3",
        files=IN_A_MIGRATION,
        server=True,
        arguments=URL,
        during=do.all_of(
            do.marked("migration"), do.clean_up_waits, do.sent(SIGINT), do.databases_are_dropped,
            *[do.sent(SIGINT), do.seconds(0.02), do.sent(SIGTERM)] * 5, do.clean_up_goes_on,
        ),
        code=130,
        says=(STOPPED,),
    ),
    Fault(
        name="Ctrl-C twice at a terminal",
        kind="R3",
        files=IN_A_MIGRATION,
        server=True,
        terminal=True,
        arguments=URL,
        during=do.all_of(
            do.marked("migration"), do.clean_up_waits, do.typed(b"\x03"), do.databases_are_dropped, do.typed(b"\x03"),
            do.seconds(0.3), do.clean_up_goes_on,
        ),
        code=130,
        says=(STOPPED,),
    ),
    Fault(
        name="Ctrl-C while a run that ended well drops its databases",
        kind="R3",
        server=True,
        arguments=(*URL, "-v"),
        during=do.all_of(
            do.said(_LAST), do.clean_up_waits, do.databases_are_dropped, do.sent(SIGINT), do.seconds(0.3),
            do.clean_up_goes_on,
        ),
        code=(0, 130),
        in_gate=True,
    ),
    Fault(
        name="SIGKILL while databases are dropped",
        kind="R5",
        files=IN_A_MIGRATION,
        server=True,
        arguments=URL,
        during=do.all_of(
            do.marked("migration"), do.clean_up_waits, do.sent(SIGINT), do.databases_are_dropped, do.sent(SIGKILL),
            do.seconds(0.3), do.clean_up_goes_on,
        ),
        code=-SIGKILL,
        grace=10,
    ),
    Fault(
        name="SIGKILL while the server's folder is removed",
        kind="R5",
        files=IN_A_MIGRATION,
        during=do.all_of(
            do.marked("migration"), do.data_is_slow_to_remove, do.sent(SIGINT), do.server_is_gone, do.sent(SIGKILL),
        ),
        code=-SIGKILL,
        grace=10,
    ),
    Fault(
        name="a stop on a server that does not answer any more: what is left is named",
        kind="R3",
        files=IN_A_MIGRATION,
        server=True,
        arguments=URL,
        during=do.all_of(do.marked("migration"), do.second_server(SIGSTOP), do.sent(SIGINT)),
        code=130,
        says=("ac_",),
        never=(STOPPED,),
        left=("database ac_.*", "role ac_.*", "lock .*", "session .*"),
        in_gate=True,
    ),
    Fault(
        name="the server has to be killed, because it does not stop",
        kind="R3",
        files=IN_A_MIGRATION,
        during=do.all_of(do.marked("migration"), do.sent_to(SIGSTOP, "postgres", do.SERVERS), do.sent(SIGTERM)),
        code=130,
        says=(STOPPED,),
    ),
    Fault(
        name="a scratch database cannot be dropped",
        kind="R7",
        server=True,
        arguments=(*URL, "-v"),
        during=do.all_of(do.said("applying the revisions: 1 of 1"), do.second_server_keeps_all),
        code=0,
        verdict="passed",
        says=("ac_",),
        left=("database ac_.*",),
        in_gate=True,
    ),
    Fault(
        name="the server that is not ours ends at the end of the run",
        kind="R7",
        server=True,
        arguments=(*URL, "-v"),
        during=do.all_of(
            do.said(_LAST), do.clean_up_waits, do.databases_are_dropped, do.second_server(SIGCONT),
            do.second_server(SIGQUIT),
        ),
        code=0,
        verdict="passed",
        says=("ac_",),
    ),
    Fault(
        name="the server that is not ours is frozen at the end of the run",
        kind="R7",
        server=True,
        arguments=(*URL, "-v"),
        during=do.all_of(do.said(_LAST), do.clean_up_waits, do.databases_are_dropped, do.second_server(SIGSTOP)),
        code=0,
        verdict="passed",
        says=("ac_",),
        left=("database ac_.*", "role ac_.*", "lock .*", "session .*"),
        within=90,
    ),
    Fault(
        name="our own server dies at the end of the run",
        arguments=("-v",),
        kind="R7",
        during=do.all_of(do.said(_LAST), do.sent_to(SIGKILL, "postgres", do.SERVERS)),
        code=0,
        verdict="passed",
        in_gate=True,
    ),
    Fault(
        name="our own server dies in a migration",
        kind="R7",
        files=migration(f"{mark('migration')}import time\ntime.sleep(3)\nop.execute('SELECT 1')"),
        during=do.all_of(do.marked("migration"), do.sent_to(SIGKILL, "postgres", do.SERVERS)),
        code=1,
        verdict="inconclusive",
        says=("PostgreSQL stopped while revision a1 ran.",),
    ),
    Fault(
        name="a migration of an ordinary user stops the server for good",
        kind="R7",
        user=As.ORDINARY,
        files=migration("op.execute(\"COPY (SELECT 1) TO PROGRAM 'kill -QUIT $(head -1 postmaster.pid)'\")"),
        code=1,
        says=("upgrade",),
    ),
)  # fmt: skip
