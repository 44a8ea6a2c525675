"""Children that a migration starts: they end with the migration run (Reliability 6)."""

from __future__ import annotations

from signal import SIGINT, SIGKILL

from tests.faults import deeds as do
from tests.faults.fault import As, Fault
from tests.faults.projects import env_py, mark, migration, waits

_PLAIN = "import subprocess\nsubprocess.Popen(['sleep', '600'])\n"
_SESSION = "import subprocess\nsubprocess.Popen(['setsid', 'sleep', '600'])\n"
_DOUBLE_FORK = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait()
"""
DAEMON = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        os.closerange(0, 256)
        os.execvp('sleep', ['sleep', '600'])
    os._exit(0)
os.wait()
"""
_MANY = "import subprocess\nfor _ in range(40):\n    subprocess.Popen(['setsid', 'sleep', '600'])\n"
_KEEPS_THE_OUTPUT = "import subprocess\nsubprocess.Popen('sleep 600 & sleep 600', shell=True, start_new_session=True)\n"
_STOPPED_CHILD = "import os, signal, subprocess\nos.kill(subprocess.Popen(['sleep', '600']).pid, signal.SIGSTOP)\n"
_BREEDING = """
import os, time
if os.fork() == 0:
    os.setsid()
    while True:
        time.sleep(0.01)
        if os.fork():
            os._exit(0)
"""
_KINDS = {
    "a plain child": _PLAIN,
    "a session of its own": _SESSION,
    "a double fork": _DOUBLE_FORK,
    "a daemon that ignores signals": DAEMON,
    "forty children": _MANY,
    "children that keep the output open": _KEEPS_THE_OUTPUT,
    "a child that is stopped": _STOPPED_CHILD,
    "a process that replaces itself again and again": _BREEDING,
}
_GATE = ("a daemon that ignores signals", "a session of its own")
_FROM_THE_SERVER = "op.execute(\"COPY (SELECT 1) TO PROGRAM 'setsid sleep 600 >/dev/null 2>&1 &'\")\n"

ROWS = (
    *(
        Fault(name=f"a migration leaves {kind}", kind="R6", files=migration(code), in_gate=kind in _GATE)
        for kind, code in _KINDS.items()
    ),
    *(
        Fault(name=f"a migration of an ordinary user leaves {kind}", kind="R6", user=As.ORDINARY, files=migration(code))
        for kind, code in _KINDS.items() if kind in (*_GATE, "a double fork")
    ),
    Fault(name="env.py leaves a daemon", kind="R6", files=env_py(DAEMON)),
    Fault(
        name="the install command leaves a daemon",
        kind="R6",
        arguments=("--install", "setsid sleep 600 >/dev/null 2>&1 & pip --version; true"),
        code=(0, 5),
    ),
    Fault(
        name="a run that is stopped, with a daemon of the migration",
        kind="R6",
        files=migration(DAEMON + waits("migration")),
        during=do.all_of(do.marked("migration"), do.sent(SIGINT)),
        code=130,
    ),
    Fault(
        name="a run that is killed, with a daemon of the migration",
        kind="R6",
        files=migration(DAEMON + waits("migration")),
        during=do.all_of(do.marked("migration"), do.sent(SIGKILL)),
        code=-SIGKILL,
        grace=10,
        in_gate=True,
    ),
    Fault(
        name="a migration that takes too long, with a daemon",
        kind="R6",
        files=migration(DAEMON + waits("migration")),
        arguments=("--timeout", "2"),
        code=1,
        says=("did not finish within 2 seconds",),
    ),
    Fault(
        name="a process that was there before is not ended",
        kind="R6",
        before=do.a_bystander,
        files=migration(mark("migration")),
        after=do.the_bystander_lives,
    ),
    Fault(
        name="a program that the server has started for a migration",
        kind="R6",
        files=migration(_FROM_THE_SERVER),
        user=As.ORDINARY,
        arguments=("--superuser",),
    ),
)  # fmt: skip
