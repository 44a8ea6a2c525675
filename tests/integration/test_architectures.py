"""The image is for amd64 and arm64: every package of the locks has a wheel for both, so that nothing is compiled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT

UV = Path(sys.executable).parent / "uv"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize(("lock", "python"), [("requirements.lock", "3.13"), ("requirements-dev.lock", "3.11")])
def test_every_locked_package_has_a_wheel(machine: str, lock: str, python: str, tmp_path: Path) -> None:
    platform = ("--python-platform", f"{machine}-unknown-linux-gnu", "--python-version", python)
    wheels = ("--only-binary", ":all:", "--no-deps", "--require-hashes", "--requirement", ROOT / lock)
    done = subprocess.run(
        [UV, "pip", "install", "--dry-run", "--target", tmp_path, *platform, *wheels],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Would install" in done.stderr
