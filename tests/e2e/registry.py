"""A registry on loopback, Debian's docker-registry; it keeps its layers, so that an image is compressed once."""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.projects.environments import CACHE

_STORE = CACHE / "registry"
_LARGEST = 1 << 30
"""Bytes; a larger store is emptied."""
_LISTENS = re.compile(r'msg="listening on (127\.0\.0\.1:\d+)"')


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run a registry and yield its address; the folder is for its configuration. Skip where there is none."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed: apt-get install docker-registry")
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "registry.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if sum(file.stat().st_size for file in _STORE.rglob("*") if file.is_file()) > _LARGEST:
            shutil.rmtree(_STORE)
        config = folder / "registry.json"
        config.write_text(json.dumps(_config()))
        process = subprocess.Popen([program, "serve", config], stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            found = next((match for line in process.stderr if (match := _LISTENS.search(line))), None)
            assert found is not None, f"docker-registry ended with {process.wait()}"
            # It logs every request, and waits while nobody reads.
            rest = threading.Thread(target=process.stderr.read)
            rest.start()
            yield found[1]
        finally:
            process.terminate()
            process.wait()
        rest.join()
        process.stderr.close()


def _config() -> dict[str, object]:
    return {
        "version": "0.1",
        "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(_STORE)}},
        "http": {"addr": "127.0.0.1:0"},
    }


def pushed(image: str, registry: str) -> str:
    """Push an image and return its name there with its digest; no tag of it stays here."""
    name = f"{registry}/alembic-checks"
    _docker("tag", image, f"{name}:pushed")
    said = _docker("push", f"{name}:pushed")
    _docker("rmi", f"{name}:pushed")
    digest = re.search(r"digest: (sha256:[0-9a-f]{64})", said)
    assert digest is not None, said
    return f"{name}@{digest[1]}"


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
