"""A package index in a folder: wheels of one module each, so that real uv installs them without a network."""

from __future__ import annotations

import zipfile
from pathlib import Path


def wheel(folder: Path, name: str, *requires: str, version: str = "1.0", tag: str = "py3-none-any") -> None:
    """Write the wheel of a package with a module of the same name; ``py3-none-any`` fits each Python."""
    module = name.replace("-", "_")
    about = f"{module}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    files = {
        f"{module}/__init__.py": f'VERSION = "{version}"\n',
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{about}/RECORD"))
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{module}-{version}-{tag}.whl", "w") as made:
        for path, text in {**files, f"{about}/RECORD": record}.items():
            made.writestr(path, text)


def index(folder: Path) -> dict[str, str]:
    """Write an index with a few packages; return the variables that make uv use it, and nothing else."""
    for name in ("alembic", "psycopg", "pytest", "mako"):
        wheel(folder, name, *(["mako"] if name == "alembic" else []))
    (folder / "empty").mkdir()
    return {
        "UV_DEFAULT_INDEX": f"file://{folder}/empty",
        "UV_FIND_LINKS": str(folder),
        "UV_CACHE_DIR": str(folder / "cache"),
    }
