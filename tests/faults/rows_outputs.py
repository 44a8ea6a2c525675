"""Devices, pipes and streams as outputs (Reliability 1 and 9)."""

from __future__ import annotations

from tests.faults import deeds as do
from tests.faults import things as of
from tests.faults.fault import As, Fault
from tests.faults.projects import migration
from tests.projects.builder import BOOK, EnvPy, tree

_NULL = of.is_device("/dev/null")
_FAILS = migration('raise ValueError("no shelf \\u2603")')
_HUGE = migration('raise ValueError("shelf " * 2_500_000)')
_NAMES = tree(
    BOOK,
    models=tree()["models.py"]
    + 'Table("wine \\u2603 \\N{GREEK SMALL LETTER ALPHA}", metadata, Column("id", Integer))\n',
)
_ENCODINGS = {
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "ascii, strict": {"PYTHONIOENCODING": "ascii:strict"},
    "utf-16": {"PYTHONIOENCODING": "utf-16"},
    "the locale C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
_STREAMS = {
    "a closed stdout": 'exec "$@" >&-',
    "a closed stderr": 'exec "$@" 2>&-',
    "closed streams": 'exec "$@" <&- >&- 2>&-',
    "a full stdout": 'exec "$@" >/dev/full',
    "a full stderr": 'exec "$@" 2>/dev/full',
    "full streams": 'exec "$@" >/dev/full 2>/dev/full',
    "a stdout that nobody reads": 'mkfifo /mnt/out/p; true </mnt/out/p & exec "$@" >/mnt/out/p',
    "a stdout that is read to its first line": '("$@"; echo $? >/mnt/out/code) | head -1; exit $(cat /mnt/out/code)',
}
_GATE = ("latin-1", "a closed stdout", "full streams")

ROWS = (
    Fault(
        name="--json /dev/null as root", kind="R1", arguments=("--json", "/dev/null"), after=_NULL, in_gate=True,
    ),
    Fault(
        name="--json /dev/stdout",
        kind="R1",
        arguments=("--json", "/dev/stdout"),
        after=of.is_link("/dev/stdout"),
        says=('"verdict": "passed"',),
        in_gate=True,
    ),
    Fault(
        name="--json -",
        kind="R1",
        arguments=("--json", "-"),
        after=do.all_of(of.stdout_is_json, of.no_file("/mnt/project/-")),
        in_gate=True,
    ),
    Fault(
        name="--json /dev/full",
        kind="R1",
        arguments=("--json", "/dev/full"),
        after=of.is_device("/dev/full"),
        code=2,
        says=("The report cannot be written to /dev/full: No space left on device.",),
    ),
    Fault(
        name="--json to a pipe that somebody reads",
        kind="R1",
        before=do.all_of(of.fifo("/mnt/out/pipe"), of.read_later("/mnt/out/pipe")),
        arguments=("--json", "/mnt/out/pipe"),
        after=do.all_of(of.is_pipe("/mnt/out/pipe"), of.has_read('"verdict": "passed"')),
        in_gate=True,
    ),
    Fault(
        name="--json to a pipe that nobody reads",
        kind="R1",
        before=of.fifo("/mnt/out/pipe"),
        arguments=("--json", "/mnt/out/pipe"),
        after=of.is_pipe("/mnt/out/pipe"),
        code=2,
        says=("/mnt/out/pipe",),
        within=45,
    ),
    Fault(name="--markdown /dev/null", kind="R1", arguments=("--markdown", "/dev/null"), after=_NULL),
    Fault(name="--sarif /dev/null", kind="R1", arguments=("--sarif", "/dev/null"), after=_NULL),
    Fault(name="--junit /dev/null", kind="R1", arguments=("--junit", "/dev/null"), after=_NULL),
    Fault(name="--trace /dev/null", kind="R1", arguments=("--trace", "/dev/null"), after=_NULL),
    Fault(name="--save-recording /dev/null", kind="R1", arguments=("--save-recording", "/dev/null"), after=_NULL),
    Fault(
        name="--markdown /dev/stderr",
        kind="R1",
        arguments=("--markdown", "/dev/stderr"),
        after=of.is_link("/dev/stderr"),
        says=("Migrations",),
    ),
    Fault(
        name="--json to a terminal",
        kind="R1",
        terminal=True,
        arguments=("--json", "/dev/tty"),
        after=of.is_device("/dev/tty"),
        says=('"verdict": "passed"',),
    ),
    Fault(
        name="--json to a socket",
        kind="R1",
        before=of.unix_socket("/mnt/out/socket"),
        arguments=("--json", "/mnt/out/socket"),
        after=of.is_socket("/mnt/out/socket"),
        code=(0, 2),
    ),
    Fault(
        name="--json to a folder",
        kind="R1",
        before=of.folder("/mnt/out/folder"),
        arguments=("--json", "/mnt/out/folder"),
        code=2,
        says=("/mnt/out/folder",),
    ),
    Fault(
        name="--json to a file that is there, of another owner, in a folder of an ordinary user's",
        kind="R1",
        user=As.ORDINARY,
        before=of.file("/mnt/home/report.json", "old"),
        arguments=("--json", "/mnt/home/report.json"),
        after=of.has_text("/mnt/home/report.json", '"verdict": "passed"'),
    ),
    Fault(
        name="--json into a folder that an ordinary user may not write to",
        kind="R1",
        user=As.ORDINARY,
        before=of.folder("/mnt/closed", 0o755),
        arguments=("--json", "/mnt/closed/report.json"),
        code=2,
        says=("The report cannot be written to /mnt/closed/report.json: Permission denied.",),
    ),
    *(
        Fault(name=f"{name}, and a failure", kind="R9", environ=variables, files=_FAILS, code=1, verdict="failed",
              says=("FAILED",) if name != "utf-16" else (), in_gate=name in _GATE)
        for name, variables in _ENCODINGS.items()
    ),

    Fault(
        name="names that latin-1 has not",
        kind="R9",
        environ=_ENCODINGS["latin-1"],
        files=_NAMES,
        code=1,
        verdict="failed",
    ),
    *(
        Fault(name=f"{name}, and a pass", kind="R9", shell=shell, verdict="passed", in_gate=name in _GATE)
        for name, shell in _STREAMS.items()
    ),
    *(
        Fault(name=f"{name}, and an error", kind="R9", shell=shell, files=_FAILS, code=1, verdict="failed")
        for name, shell in _STREAMS.items()
    ),
    Fault(
        name="an exception of 15 MB", kind="R9", files=_HUGE, code=1, verdict="failed", within=30, in_gate=True,
        after=of.report_is_smaller_than(2_000_000),
    ),
    Fault(
        name="an exception of 15 MB, read by nobody",
        kind="R9", files=_HUGE, code=1, shell=_STREAMS["closed streams"], within=30,
    ),
    Fault(
        name="15 MB on one line of output",
        kind="R9",
        files=migration("print('x' * 15_000_000)"),
        arguments=("--verbose",),
        within=30,
    ),
    Fault(
        name="env.py that fails with 15 MB",
        kind="R9",
        files=tree(BOOK, env=EnvPy(top="raise ValueError('x' * 15_000_000)").text),
        code=5,
        within=30,
    ),
    Fault(
        name="an exception with surrogates and control characters",
        kind="R9",
        files=migration('raise ValueError("\\ud800 \\x00 \\x1b[2J \\r\\n ::error::x")'),
        code=1,
        verdict="failed",
        never=("\x1b[2J",),
    ),
)  # fmt: skip
