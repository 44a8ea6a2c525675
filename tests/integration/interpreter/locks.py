"""Projects with the locks of other tools than uv: a main dependency and one of the group dev, both small."""

from __future__ import annotations

import hashlib
import json

_PACKAGE = '[[package]]\nname = "{}"\nversion = "{}"\ndescription = ""\noptional = false\npython-versions = ">=3.8"\n{}'
_POETRYS_HASH = "62310d6cdbdd66f4ac7ed7a798afe6f4718ac31f876370e07191ead35b5eac77"

POETRY = {
    "pyproject.toml": """[tool.poetry]
name = "shop"
version = "1"
description = ""
authors = []
packages = [{ include = "shop", from = "lib" }]

[tool.poetry.dependencies]
python = "^3.9"
iniconfig = "*"

[tool.poetry.group.dev.dependencies]
pluggy = "*"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
""",
    "poetry.lock": f"""{_PACKAGE.format("iniconfig", "2.0.0", 'groups = ["main"]')}
files = []

{_PACKAGE.format("pluggy", "1.5.0", 'groups = ["dev"]')}
files = []

[metadata]
lock-version = "2.1"
python-versions = "^3.9"
content-hash = "{_POETRYS_HASH}"
""",
    "lib/shop/__init__.py": "",
}


def for_one_patch_release(minor: str) -> dict[str, str]:
    """Return the files of Poetry for a patch release that nobody can install."""
    relevant = {
        "dependencies": {"python": f"{minor}.99", "iniconfig": "*"},
        "dev-dependencies": None,
        "extras": None,
        "group": {"dev": {"dependencies": {"pluggy": "*"}}},
        "source": None,
    }
    of_this = hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()
    return {name: text.replace("^3.9", f"{minor}.99").replace(_POETRYS_HASH, of_this) for name, text in POETRY.items()}


PDM = {
    "pyproject.toml": """[project]
name = "shop"
version = "1"
requires-python = ">=3.9"
dependencies = ["iniconfig"]

[dependency-groups]
dev = ["pluggy"]

[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"

[tool.pdm.build]
package-dir = "lib"
""",
    "pdm.lock": """[metadata]
groups = ["default", "dev"]
strategy = ["inherit_metadata"]
lock_version = "4.5.0"
content_hash = "sha256:00"

[[metadata.targets]]
requires_python = ">=3.9"

[[package]]
name = "iniconfig"
version = "2.0.0"
summary = ""
groups = ["default"]
files = []

[[package]]
name = "pluggy"
version = "1.5.0"
summary = ""
groups = ["dev"]
files = []
""",
    "lib/shop/__init__.py": "",
}

PIPENV = {
    "Pipfile": """[packages]
iniconfig = "*"

[dev-packages]
pluggy = "*"
""",
    "Pipfile.lock": """{"_meta": {"hash": {"sha256": ""}, "pipfile-spec": 6, "requires": {}, "sources": []},
 "default": {"iniconfig": {"version": "==2.0.0"}}, "develop": {"pluggy": {"version": "==1.5.0"}}}
""",
}

PYLOCK = {
    "pylock.toml": """lock-version = "1.0"
created-by = "tests"

[[packages]]
name = "alembic"
version = "1.0"
archive = { path = "../index/alembic-1.0-py3-none-any.whl", hashes = {} }
""",
}
