"""The programs that a project declares, which may have the commands of a library among their own."""

from __future__ import annotations

import contextlib
import os
import re
from typing import Iterator, List, NamedTuple, Optional, Pattern

_SCRIPT = re.compile(
    r"^[ \t]*[\"']?[\w.-]+[\"']?[ \t]*=[ \t]*[\"']?([A-Za-z_][\w.]*):([A-Za-z_]\w*)[\"']?[ \t]*$", re.MULTILINE
)
_DECLARING = ("pyproject.toml", "setup.cfg")
_LARGEST = 1 << 20


class Program(NamedTuple):
    """A function that starts a program, the folder that its module is imported from, and the text of that."""

    module: str
    function: str
    folder: str
    text: str

    def command(self, workdir: str, *arguments: str) -> List[str]:
        """Return the command that calls it in a folder, whether the project is installed or not."""
        place = os.path.relpath(self.folder, workdir)
        call = "from %s import %s; %s()" % (self.module, self.function, self.function)
        if place != os.curdir:
            call = "import sys; sys.path.insert(0, %r); %s" % (place, call)
        return ["python", "-c", call, *arguments]


def program_with(calls: Pattern[str], workdir: str, root: str) -> Optional[Program]:
    """Return the program, declared in a folder or above it, whose module has a call that matches."""
    return next((one for one in _programs(workdir, root) if calls.search(one.text)), None)


def _programs(workdir: str, root: str) -> Iterator[Program]:
    for folder in _upwards(workdir, root):
        for name in _DECLARING:
            for module, function in _SCRIPT.findall(text_of(os.path.join(folder, name))):
                path = os.path.join(*module.split("."))
                for base in (folder, os.path.join(folder, "src")):
                    texts = (text_of(os.path.join(base, path + end)) for end in (".py", "/__init__.py"))
                    yield from (Program(module, function, base, text) for text in texts if text)


def _upwards(folder: str, root: str) -> Iterator[str]:
    yield folder
    while folder != root and folder.startswith(root + os.sep):
        folder = os.path.dirname(folder)
        yield folder


def text_of(path: str) -> str:
    """Return a file's text; empty where it cannot be read."""
    with contextlib.suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        return file.read(_LARGEST)
    return ""
