"""Judges a saved run again, which takes a moment, and makes the devices that it writes to."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.integration.program.conftest import command, environ

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make devices and give files away")


def judged(
    recording: Path, cwd: Path, *arguments: str | Path, shell: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Judge the saved run again; ``shell`` is a command line of bash in which ``"$@"`` is the program."""
    words = command("--recording", recording, *arguments)
    return subprocess.run(
        ["bash", "-c", shell, "bash", *words] if shell else words,
        env=environ(variables),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=60,
        check=False,
    )


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def device(folder: Path, name: str, number: int) -> Path:
    """Make a device like /dev/null (3) or /dev/full (7), so that no test can harm the machine's."""
    try:
        os.mknod(folder / name, stat.S_IFCHR | 0o666, os.makedev(1, number))
        with (folder / name).open("w"):
            pass
    except PermissionError:
        pytest.skip("no devices can be made here")
    return folder / name
