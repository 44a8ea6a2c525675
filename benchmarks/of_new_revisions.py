"""Compare a run that examines each new revision with one that only applies them, as a ratio of wall and of CPU time.

    .venv/bin/python benchmarks/of_new_revisions.py [REVISIONS] [ROUNDS]

Both run the same generated history, whose last three revisions are new, one after the other in every round. CPU time
counts every process of a run, PostgreSQL included, and says more on a machine that has other work.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from against_alembic import REPOSITORY, generate

NEW = 3
WITHOUT = "heads,history,upgrade,drift"


def git(folder: Path, *arguments: str) -> None:
    """Run git in the generated project."""
    author = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    """Commit everything."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Change")


def generate_change(folder: Path, revisions: int) -> None:
    """Write a repository whose branch adds the last revisions of a history, each with the downgrade that it needs."""
    generate(folder, revisions)
    (folder / ".gitignore").write_text("__pycache__/\n")
    last = [folder / "migrations" / "versions" / f"r{number:05}.py" for number in range(revisions - NEW, revisions)]
    texts = {file: file.read_text() for file in last}
    for file in last:
        file.unlink()
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    git(folder, "checkout", "-q", "-b", "work")
    for number, (file, text) in enumerate(texts.items(), revisions - NEW):
        file.write_text(text.replace("    pass\n", f"    {undo(*divmod(number, 5))}\n"))
    commit(folder)


def undo(table: int, part: int) -> str:
    """Return the operation that undoes a revision."""
    if part == 0:
        return f"op.drop_table('t{table}')"
    return f"op.drop_index('ix_t{table}_a')" if part == 3 else f"op.drop_column('t{table}', 'c{part}')"


def timed(folder: Path, *arguments: str) -> tuple[float, float]:
    """Return the wall and the CPU seconds of one run, which must pass."""
    command = [sys.executable, str(REPOSITORY / "entrypoint.py"), str(folder), "--base", "main", *arguments]
    before, started = _cpu(), time.perf_counter()
    subprocess.run(command, cwd=folder, env=dict(os.environ), check=True, capture_output=True)
    return time.perf_counter() - started, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the medians of all rounds and their ratios."""
    revisions, rounds = (int(argument) for argument in (sys.argv[1:] + ["300", "5"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory() as name:
        generate_change(Path(name), revisions)
        timed(Path(name))  # compiles the bytecode
        pairs = [(timed(Path(name), "--checks", WITHOUT), timed(Path(name))) for _ in range(rounds)]
    print(f"{revisions} revisions, {NEW} of them new, {rounds} rounds")
    for place, kind in enumerate(("wall", "CPU")):
        without, examined = (statistics.median(pair[side][place] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[1][place] / pair[0][place] for pair in pairs)
        print(f"{kind}: {without:.2f} s without, {examined:.2f} s with, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
