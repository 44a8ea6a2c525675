"""Signals: during the work, and such as end a process at once (Reliability 5, and Ctrl-C of Reliability 11)."""

from __future__ import annotations

from signal import SIGABRT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM, SIGUSR1, Signals

from tests.faults import deeds as do
from tests.faults.fault import As, Deed, Fault
from tests.faults.projects import IN_A_MIGRATION, IN_ENV_PY, IN_INIT, IN_INSTALL, NEEDS_A_TABLE
from tests.projects.builder import BOOK, tree

STOPPED = "Stopped by a signal. Every server and process of this run has ended."
URL = ("--database-url", "{url}")
STOPPING = (SIGINT, SIGTERM, SIGHUP)
ENDING = (SIGKILL, SIGQUIT, SIGABRT, SIGUSR1)
_MOMENTS: dict[str, tuple[dict[str, str], Deed]] = {
    "while env.py loads": (IN_ENV_PY, do.marked("env.py")),
    "in a migration": (IN_A_MIGRATION, do.marked("migration")),
    "while the server starts": (tree(BOOK), do.server_starts),
}
_GATE = {
    (SIGTERM, "in a migration"), (SIGINT, "while the server starts"), (SIGKILL, "in a migration"),
    (SIGKILL, "while the server starts"), (SIGQUIT, "while env.py loads"), (SIGUSR1, "in a migration"),
}  # fmt: skip


def _row(number: Signals, moment: str, *, server: bool = False) -> Fault:
    files, wait = _MOMENTS[moment]
    stopping = number != SIGKILL
    return Fault(
        name=f"{number.name} {moment}{', on a server that is not ours' if server else ''}",
        kind="R5",
        files=files,
        server=server,
        arguments=URL if server else (),
        during=do.all_of(wait, do.sent(number)),
        code=130 if stopping else -number,
        says=(STOPPED,) if stopping else (),
        grace=1 if stopping else 10,
        in_gate=(number, moment) in _GATE and not server,
    )


_OF_ALL_KINDS = tuple(_row(number, moment) for number in (*STOPPING, *ENDING) for moment in _MOMENTS)
_ELSEWHERE = tuple(_row(number, "in a migration", server=True) for number in (SIGTERM, *ENDING))
_EARLY = tuple(
    Fault(
        name=f"Ctrl-C after {after:g} seconds",
        kind="R11",
        terminal=True,
        during=do.all_of(do.seconds(after), do.typed(b"\x03")),
        code=(130, -SIGINT, 1),  # before Python has begun, the kernel ends it, or Python itself
        never=("/action/",),
        in_gate=after == 0.3,
    )
    for after in (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8)
)
ROWS = (
    *_OF_ALL_KINDS,
    *_ELSEWHERE,
    *_EARLY,
    Fault(
        name="Ctrl-C at a terminal, in a migration",
        kind="R5",
        files=IN_A_MIGRATION,
        terminal=True,
        user=As.ORDINARY,
        during=do.all_of(do.marked("migration"), do.typed(b"\x03")),
        code=130,
        says=(STOPPED,),
    ),
    Fault(
        name="the window of the terminal is closed in a migration",
        kind="R5",
        files=IN_A_MIGRATION,
        terminal=True,
        user=As.ORDINARY,
        during=do.all_of(do.marked("migration"), do.hung_up),
        code=(130, 1, -SIGHUP),
    ),
    Fault(
        name="SIGKILL for an ordinary user, in a migration",
        kind="R5",
        files=IN_A_MIGRATION,
        user=As.ORDINARY,
        during=do.all_of(do.marked("migration"), do.sent(SIGKILL)),
        code=-SIGKILL,
        grace=10,
    ),
    Fault(
        name="SIGTERM while dependencies are installed",
        kind="R5",
        arguments=("--install", IN_INSTALL),
        during=do.all_of(do.marked("install"), do.sent(SIGTERM)),
        code=130,
        says=(STOPPED,),
    ),
    Fault(
        name="SIGKILL while dependencies are installed",
        kind="R5",
        arguments=("--install", IN_INSTALL),
        during=do.all_of(do.marked("install"), do.sent(SIGKILL)),
        code=-SIGKILL,
        grace=10,
    ),
    Fault(
        name="SIGTERM while the init command runs",
        kind="R5",
        files=NEEDS_A_TABLE,
        arguments=("--init", IN_INIT),
        during=do.all_of(do.marked("init"), do.sent(SIGTERM)),
        code=130,
        says=(STOPPED,),
    ),
    Fault(
        name="every process of a run is killed at once: the next run removes what is left",
        kind="R5",
        files=IN_A_MIGRATION,
        during=do.all_of(do.marked("migration"), do.killed_all),
        after=do.all_of(do.migrations_do_not_wait, do.and_run_again),
        code=-SIGKILL,
        left=("file /dev/shm/.*", "file /tmp/.*"),
        in_gate=True,
    ),
    Fault(
        name="every process is killed, on a server that is not ours: the next run removes what is left",
        kind="R5",
        files=IN_A_MIGRATION,
        server=True,
        arguments=URL,
        during=do.all_of(do.marked("migration"), do.killed_all),
        after=do.all_of(do.migrations_do_not_wait, do.and_run_again),
        code=-SIGKILL,
        left=("database ac_.*", "role ac_.*", "file /tmp/.*"),
        in_gate=True,
    ),
    Fault(
        name="a neighbour's databases are not removed by a run beside it",
        kind="R5",
        server=True,
        arguments=URL,
        before=do.a_neighbour_holds("ac_neighbour012_head_1"),
        after=do.second_server_has("database ac_neighbour012_head_1"),
    ),
)  # fmt: skip
