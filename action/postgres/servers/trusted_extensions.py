"""The extensions that a role without a superuser's rights may create, on a server of PostgreSQL 18 or later.

PostgreSQL reads from an extension's control file whether it is trusted, and from version 18 on from folders of our own
before its own. The Dockerfile marks the files themselves.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

SINCE = 18
FOLDER = "trusted"
"""Below the data directory; PostgreSQL looks in its folder ``extension``."""
ASKS_WHERE = "SELECT setting FROM pg_config WHERE name = 'SHAREDIR'"
_ANSWER = re.compile(r'setting = "([^"]+)"')
# Those that read files or run programs, languages (pl…) and what binds types to one (…_pl…).
NOT_TRUSTED = r"file_fdw|adminpack|age|orafce|pgpool.*|pl.*|.*_pl.*"


def mark(data: Path, printed: str) -> None:
    """Write a control file that says trusted for each harmless extension; ``printed`` holds the answer to the question.

    What cannot be read stays as it is: then only a superuser can create it.
    """
    found = _ANSWER.search(printed)
    installed = Path(found[1]) / "extension" if found else data / "none"
    ours = data / FOLDER / "extension"
    ours.mkdir(parents=True)
    for control in sorted(installed.glob("*.control")):
        if re.fullmatch(NOT_TRUSTED, control.stem):
            continue
        with contextlib.suppress(OSError):
            text = control.read_text(encoding="utf-8", errors="replace")
            if "trusted" not in text:
                text += f"\ntrusted = true\ndirectory = '{installed}'\n"
                (ours / control.name).write_text(text, encoding="utf-8")


def setting(data: Path) -> str:
    """Return the server's setting, as after ``-c``."""
    return f"extension_control_path={data / FOLDER}:$system"
