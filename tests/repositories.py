"""Real projects and Git repositories in a temporary folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENV = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


class Repository:
    """A folder of files, and a Git repository once ``init`` was called."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)

    def write(self, **files: str) -> None:
        """Write files; see ``files`` for paths that are no Python names."""
        self.files({f"{name}.py": text for name, text in files.items()})

    def files(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)

    def revisions(self, *lines: str, folder: str = "migrations/versions") -> None:
        """Write version files: ``"b<-a"`` is ``b.py`` with that ``down_revision``."""
        for line in lines:
            id_, _, parent = line.partition("<-")
            text = f'revision = "{id_}"\ndown_revision = {f"{parent!r}" if parent else None}\n'
            self.files({f"{folder}/{id_}.py": text})

    def tree(self, folder: str = "", location: str = "migrations", **options: str) -> None:
        """Write an alembic.ini and the env.py of its script directory."""
        ini = "".join(f"{name} = {value}\n" for name, value in {"script_location": location, **options}.items())
        self.files({str(Path(folder, "alembic.ini")): f"[alembic]\n{ini}", str(Path(folder, location, "env.py")): ""})

    def remove(self, *paths: str) -> None:
        for path in paths:
            (self.root / path).unlink()

    def git(self, *arguments: str) -> str:
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=self.root, env=ENV, check=True, capture_output=True, text=True
            )
        except subprocess.CalledProcessError as error:
            error.add_note(error.stderr)  # its own text has the status alone
            raise
        return done.stdout.strip()

    def init(self) -> None:
        self.git("init", "--quiet", "--initial-branch=main")

    def commit(self) -> str:
        """Commit everything, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x")
        return self.git("rev-parse", "HEAD")
