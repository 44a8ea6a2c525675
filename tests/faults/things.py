"""Files, pipes, devices and networks: what rows lay out before a run, and what they expect of it after."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import stat
import struct
import threading
from collections.abc import Callable
from pathlib import Path

from tests.faults import fake_server
from tests.faults.deeds import expect, second_server
from tests.faults.fault import Deed
from tests.faults.scene import Scene

_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1


def fifo(path: str) -> Deed:
    """Make a pipe that everybody may use."""

    def do(scene: Scene) -> None:
        Path(path).unlink(missing_ok=True)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
        Path(path).chmod(0o666)

    return do


def folder(path: str, mode: int = 0o777) -> Deed:
    """Make a folder of root's."""

    def do(scene: Scene) -> None:
        Path(path).mkdir(parents=True, exist_ok=True)
        Path(path).chmod(mode)

    return do


def file(path: str, text: str = "", mode: int = 0o644) -> Deed:
    """Make a file of root's."""

    def do(scene: Scene) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
        Path(path).chmod(mode)

    return do


def mode(path: str, bits: int) -> Deed:
    """Change the mode of a file of the project and let root own it."""

    def do(scene: Scene) -> None:
        os.chown(scene.project / path, 0, 0)
        (scene.project / path).chmod(bits)

    return do


def link(path: str, target: str) -> Deed:
    """Make a symbolic link."""
    return lambda scene: Path(path).symlink_to(target)


def unix_socket(path: str) -> Deed:
    """Make a socket that somebody listens on."""

    def do(scene: Scene) -> None:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(path)
        listening.listen()
        scene.kept.append(listening)

    return do


def read_later(path: str) -> Deed:
    """Read a pipe to its end, in a thread; ``has_read`` says what came."""

    def do(scene: Scene) -> None:
        def read() -> None:
            text = Path(path).read_text()
            scene.kept.append(text)

        threading.Thread(target=read, daemon=True).start()

    return do


def has_read(text: str) -> Deed:
    """Expect a text in what came out of the pipe."""

    def do(scene: Scene) -> None:
        scene.process = None
        scene.wait(lambda: any(isinstance(one, str) for one in scene.kept), "the pipe was read", 5)
        expect(any(text in one for one in scene.kept if isinstance(one, str)), f"the pipe did not have {text!r}")

    return do


def has_text(path: str, text: str) -> Deed:
    """Expect a text in a file."""
    return lambda scene: expect(text in Path(path).read_text(), f"{path} does not have {text!r}")


def stdout_is_json(scene: Scene) -> None:
    """Expect the report on standard output, and nothing else."""
    expect(json.loads(scene.stdout)["verdict"] == "passed", "standard output is not the report")


def no_file(path: str) -> Deed:
    """Expect that nothing has a name."""
    return lambda scene: expect(not os.path.lexists(path), f"there is {path}")


def report_is_smaller_than(size: int) -> Deed:
    """Expect a report of a size that everybody can open."""

    def do(scene: Scene) -> None:
        found = (scene.out / "report.json").stat().st_size
        expect(found < size, f"the report has {found} bytes")

    return do


def _is(kind: Callable[[int], bool], what: str) -> Callable[[str], Deed]:
    return lambda path: lambda scene: expect(kind(os.lstat(path).st_mode), f"{path} is no {what} any more")


is_device = _is(stat.S_ISCHR, "device")
is_pipe = _is(stat.S_ISFIFO, "pipe")
is_socket = _is(stat.S_ISSOCK, "socket")
is_link = _is(stat.S_ISLNK, "link")


def served(behave: fake_server.Behaviour) -> Deed:
    """Have a server that is no PostgreSQL answer."""
    return lambda scene: scene.kept.append(fake_server.start(behave))


def the_second_server_goes_on(scene: Scene) -> None:
    """Let it answer again."""
    second_server(signal.SIGCONT)(scene)


def network_is_down(scene: Scene) -> None:
    """Let no packet arrive any more."""
    _set_loopback(0)


def network_is_up(scene: Scene) -> None:
    """Let packets arrive again."""
    _set_loopback(_IFF_UP)


def _set_loopback(flags: int) -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags))


def _answers_as_api(behave: fake_server.Behaviour) -> Deed:
    def do(scene: Scene) -> None:
        scene.kept.append(fake_server.start(behave))
        (scene.out / "event.json").write_text(json.dumps(_PULL))

    return do


_PLACE = {"full_name": "acme/shop", "owner": {"login": "acme"}}
_PULL = {
    "action": "opened",
    "number": 7,
    "pull_request": {
        "number": 7,
        "state": "open",
        "head": {"ref": "work", "sha": "a" * 40, "repo": _PLACE},
        "base": {"ref": "main", "sha": "b" * 40, "repo": _PLACE},
    },
    "repository": {**_PLACE, "default_branch": "main"},
}
PULL_REQUEST = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_EVENT_PATH": "/mnt/out/event.json",
    "GITHUB_REPOSITORY": "acme/shop",
    "GITHUB_WORKFLOW": "CI",
    "GITHUB_JOB": "migrations",
    "GITHUB_RUN_ID": "12",
    "GITHUB_API_URL": f"http://127.0.0.1:{fake_server.PORT}",
    "INPUT_GITHUB-TOKEN": "a-token-of-the-job",
    "INPUT_COMMENT": "always",
}
"""The variables of a step of a pull request, whose API is one of ours."""
slow_api = _answers_as_api(fake_server.drips_http)
silent_api = _answers_as_api(fake_server.silent)
