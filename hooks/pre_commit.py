#!/usr/bin/env python3
"""The hook for pre-commit (.pre-commit-hooks.yaml): Python's standard library is all that it needs."""

import gc
import os
import sys

_NEWEST_FIRST = ("python3.14", "python3.13", "python3.12", "python3.11")
_TRIED = "ALEMBIC_CHECKS_PYTHON_TRIED"


def _with_newer_python() -> None:
    """Run again with a Python that is new enough, where PATH has one."""
    import shutil

    for name in _NEWEST_FIRST:
        program = shutil.which(name)
        if program and _TRIED not in os.environ:
            os.environ[_TRIED] = "1"
            os.execv(program, [program, *sys.argv])
    major, minor = sys.version_info[:2]
    sys.exit(f"alembic-checks needs Python 3.11 or later, and python3 on PATH is {major}.{minor}.")


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        _with_newer_python()
    gc.disable()  # a process of a third of a second frees nothing
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from action.staged.commit_hook import main

    sys.exit(main(sys.argv[1:]))
