"""Finds files with credentials that other steps of the job leave, by their names: a walk that opens none of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from action.sandbox.git_folders import configurations, git_folder, is_bare

_NAMES = frozenset({
    # Of Git and HTTP.
    ".git-credentials", ".gitconfig", ".netrc", "_netrc",
    # Of registries of packages.
    ".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", "pip.conf", "pip.ini", "uv.toml",
    # Of clouds.
    "application_default_credentials.json", ".boto", ".s3cfg", ".vault-token", "credentials.tfrc.json", "kubeconfig",
    ".dockercfg",
    # Of databases, and keys.
    ".pgpass", ".pg_service.conf", ".my.cnf", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519",
})  # fmt: skip
_JSON = re.compile(r"gha-creds-|.*service[-_]account", re.IGNORECASE)
"""Beginnings of other names that end with ``.json``."""
_CHECKOUT = "git-credentials-"
_FOLDERS = frozenset({".aws", ".azure", ".docker", ".gnupg", ".kube", ".ssh", "gcloud", "gh"})
"""Folders whose files are all taken for such; ``gcloud`` and ``gh`` below ``.config``."""
_NEVER_ENTERED = frozenset({"node_modules", "site-packages", "__pycache__", ".mypy_cache", ".pytest_cache", ".tox"})
"""Installed and generated files: many, and no other step keeps a credential among them."""


def credential_files(top: Path) -> Iterator[Path]:
    """Yield the files below ``top`` that may hold a credential; no link is followed."""
    waiting = [(os.fspath(top), False)]
    while waiting:
        folder, whole = waiting.pop()
        entries = _entries(folder)
        for entry in entries:
            if entry.name == ".git":
                yield from configurations(git_folder(Path(entry.path)))
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in _NEVER_ENTERED:
                    waiting.append((entry.path, whole or _is_of_credentials(entry.path)))
            elif (whole or _is_known(entry.name)) and entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
        if is_bare([entry.name for entry in entries]):
            yield Path(folder, "config")


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:  # gone, or closed to us and so to the project's user
        return []


def _is_known(name: str) -> bool:
    """Return whether a file may hold a credential by its name; called for each file of the workspace."""
    if name.lower() in _NAMES or name.startswith(_CHECKOUT):
        return True
    return name.endswith(".json") and _JSON.match(name) is not None


def _is_of_credentials(path: str) -> bool:
    parent, name = os.path.split(path)
    return name in _FOLDERS and (name.startswith(".") or parent.endswith(f"{os.sep}.config"))
