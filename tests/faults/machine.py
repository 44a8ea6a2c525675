"""A machine of its own for a row: file systems, users and a network that nobody else sees."""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import socket
import stat
import struct
import subprocess
import sys
from pathlib import Path

from tests.faults.scene import MARKS, PLACE
from tests.house import ROOT

ORDINARY = 4242
"""The number of an ordinary user, ann."""
NAMESPACES = ("unshare", "--pid", "--mount", "--net", "--ipc", "--fork", "--mount-proc", "--kill-child")
_PRIVATE = {"/tmp": 0o1777, "/var/tmp": 0o1777, "/dev": 0o755, "/dev/shm": 0o1777, str(PLACE): 0o755}
_DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}
_BIND = 0x1000
_IFF_UP, _SIOCSIFFLAGS = 0x1, 0x8914


def why_not() -> str | None:
    """Return why rows cannot have a machine of their own here; None where they can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux can make namespaces for the users of a row"
    done = subprocess.run([*NAMESPACES, "true"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"no namespaces on this machine: {done.stderr.strip()}"


def make() -> None:
    """Cover what is shared by what is ours alone; called in namespaces of our own."""
    kept = {path: os.open(path, os.O_PATH) for path in _kept()}
    covered = {**_PRIVATE, **{str(path): 0o755 for path in _closed(kept)}}
    for folder, mode in covered.items():
        Path(folder).mkdir(exist_ok=True)
        _mount("tmpfs", folder, "tmpfs", 0, f"mode={mode:o}")
    _make_devices()
    for path, descriptor in kept.items():
        if any(path.is_relative_to(folder) for folder in covered):
            path.mkdir(parents=True, exist_ok=True)
            _mount(f"/proc/self/fd/{descriptor}", str(path), "", _BIND)
        os.close(descriptor)
    for name, mode in (("project", 0o755), ("out", 0o777), ("marks", 0o1777), ("home", 0o700)):
        (PLACE / name).mkdir()
        (PLACE / name).chmod(mode)
    assert MARKS.is_dir()
    _add_users()
    _start_network()


def _make_devices() -> None:
    """Make devices of our own: a program that replaces one by a file does no harm to the machine."""
    for name, numbers in _DEVICES.items():
        os.mknod(f"/dev/{name}", 0o666 | stat.S_IFCHR, os.makedev(*numbers))
        Path(f"/dev/{name}").chmod(0o666)
    for name, target in _LINKS.items():
        Path(f"/dev/{name}").symlink_to(target)
    Path("/dev/pts").mkdir()
    _mount("devpts", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0666,mode=0620")
    Path("/dev/ptmx").symlink_to("pts/ptmx")


def of_the_image() -> dict[str, int]:
    """Return the users that the Dockerfile makes, with their numbers."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    made = re.findall(r"useradd ((?:(?!&&).)*)", text)
    return {line.split()[-1]: int(number[1]) for line in made if (number := re.search(r"--uid (\d+)", line))}


def _kept() -> list[Path]:
    found = (ROOT, Path(sys.prefix), Path(sys.base_prefix))
    return list(dict.fromkeys(path for folder in found for path in (folder, folder.resolve())))


def _closed(kept: dict[Path, int]) -> set[Path]:
    """Return the folders that keep an ordinary user from these, the outermost ones."""
    found = (next((p for p in reversed(path.parents) if not p.stat().st_mode & 0o001), None) for path in kept)
    return {folder for folder in found if folder is not None}


def _add_users() -> None:
    """Add the ordinary user; those of the image are added where a row asks for them."""
    _bind("/etc/passwd", f"ann:x:{ORDINARY}:{ORDINARY}::{PLACE}/home:/bin/sh\n")


def add_users_of_the_image() -> None:
    """Add the users of the image, each with a home."""
    lines = []
    for name, number in of_the_image().items():
        home = PLACE / f"home-{name}"
        home.mkdir(mode=0o755)
        os.chown(home, number, number)
        lines.append(f"{name}:x:{number}:{number}::{home}:/usr/sbin/nologin\n")
    _bind("/etc/passwd", "".join(lines))
    _bind("/etc/group", "".join(f"{name}:x:{number}:\n" for name, number in of_the_image().items()))


def _bind(file: str, more: str) -> None:
    copy = PLACE / f"{Path(file).name}-{len(list(PLACE.iterdir()))}"
    copy.write_text(Path(file).read_text(encoding="utf-8") + more, encoding="utf-8")
    _mount(str(copy), file, "", _BIND)


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    words = [word.encode() for word in (source, target, kind)]
    if libc.mount(*words, ctypes.c_ulong(flags), data.encode()):
        raise OSError(ctypes.get_errno(), f"mount on {target}: {os.strerror(ctypes.get_errno())}")


def _start_network() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _IFF_UP))
