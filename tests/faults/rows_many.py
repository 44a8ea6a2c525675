"""Many of a kind: trees and heads (Reliability 10 and 13); and an API that is slow (Security 4)."""

from __future__ import annotations

from tests.faults import deeds as do
from tests.faults import things as of
from tests.faults.fault import As, Fault
from tests.projects.builder import BOOK, EnvPy, Revision, below, tree

_A_SESSION = "import subprocess\nsubprocess.Popen(['setsid', 'sleep', '600'])"
FILES_ALONE = ("--checks", "heads,history")


def trees(number: int) -> dict[str, str]:
    """Return a project of many Alembic environments."""
    return {path: text for one in range(number) for path, text in below(f"service{one:03}", tree(BOOK)).items()}


def heads(number: int) -> dict[str, str]:
    """Return a project whose revisions all follow the first one."""
    return tree(BOOK, *(Revision(id=f"b{one}", down="a1") for one in range(number)))


def ladder(number: int) -> dict[str, str]:
    """Return a project whose graph splits and merges again and again: 2 to the power of ``number`` ways."""
    steps = [BOOK]
    for one in range(number):
        before = f"m{one - 1}" if one else "a1"
        steps += [Revision(id=f"l{one}", down=before), Revision(id=f"r{one}", down=before)]
        steps.append(Revision(id=f"m{one}", down=(f"l{one}", f"r{one}")))
    return tree(*steps)


def line(number: int) -> dict[str, str]:
    """Return a project with a long history."""
    return tree(BOOK, *(Revision(id=f"b{one}", down=f"b{one - 1}" if one else "a1") for one in range(number)))


ROWS = (
    Fault(
        name="8 trees: as many probes as cores",
        kind="R10",
        files=trees(8),
        during=do.counted_at_most("action/probe/__main__.py", lambda cores: 2 * cores + 1),
        verdict="passed",
        within=120,
        in_gate=True,
    ),
    Fault(
        name="100 trees: as many probes as cores, and little shared memory",
        kind="R10",
        files=trees(100),
        shell='mount -t tmpfs -o size=600m,mode=1777 tmpfs /dev/shm; exec "$@"',
        during=do.counted_at_most("action/probe/__main__.py", lambda cores: 2 * cores + 1),
        verdict="passed",
        within=600,
    ),
    Fault(
        name="100 trees whose files alone are judged",
        kind="R10",
        files=trees(100),
        arguments=FILES_ALONE,
        verdict="passed",
        within=30,
    ),
    Fault(
        name="200 heads",
        kind="R13",
        files=heads(200),
        arguments=FILES_ALONE,
        code=1,
        verdict="failed",
        within=20,
        in_gate=True,
    ),
    Fault(name="2000 heads", kind="R13", files=heads(2000), arguments=FILES_ALONE, code=1, verdict="failed", within=60),
    Fault(
        name="a ladder of 200 splits and merges",
        kind="R13",
        files=ladder(200),
        arguments=FILES_ALONE,
        verdict="passed",
        within=30,
        in_gate=True,
    ),
    Fault(
        name="5000 revisions in a line",
        kind="R13",
        files=line(5000),
        arguments=FILES_ALONE,
        verdict="passed",
        within=60,
    ),
    *(
        Fault(
            name=f"an API that {manner}",
            kind="S4",
            before=served,
            environ=of.PULL_REQUEST,
            code=(0, 1),
            says=("Writing to GitHub failed",),
            left=("file /mnt/project/alembic-checks-report.*",),
            within=150,
        )
        for manner, served in (("drips its answers", of.slow_api), ("does not answer", of.silent_api))
    ),
    Fault(
        name="root of the image: the project's user leaves nothing",
        kind="R6",
        user=As.IMAGE,
        files=tree(BOOK, env=EnvPy(top=_A_SESSION).text),
        verdict="passed",
        in_gate=True,
    ),
)
