"""Alembic's own view of the tree: the Config, the ScriptDirectory, and what the probe needs to know of both."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, List

from .files.reading_files import read_regular
from .protocol.requests import Load

PLACEHOLDER = "driver://"


def config_of(request: Load) -> Any:
    """Return the Config as ``alembic -c … -n …`` would build it."""
    from alembic import command
    from alembic.config import Config

    path = request.config_file
    if request.kind == "folder":
        config = Config()
    elif request.kind == "pyproject":
        ini = os.path.join(os.path.dirname(path), "alembic.ini")
        config = Config(ini, toml_file=path, ini_section=request.section)
    else:
        config = Config(path, ini_section=request.section)
    config.set_main_option("script_location", request.script_location.replace("%", "%%"))
    if request.kind == "folder" and request.version_locations == (request.script_location,):
        config.set_main_option("version_locations", request.script_location.replace("%", "%%"))
    # Hooks in env.py ask what the command line said, some for attributes that only one command has.
    config.cmd_opts = argparse.Namespace(
        autogenerate=True, cmd=(command.upgrade, ["revision"], ["sql", "tag"]), config=path, message=None,
        name=request.section, quiet=False, raiseerr=True, rev_id=None, revision="heads", sql=False, tag=None,
        x=None,
    )  # fmt: skip
    return config


def raw_url(config: Any, section: str = "") -> str:
    """Return ``sqlalchemy.url`` as written: env.py may still write the options that it is made of."""
    return str(config.file_config.get(section or config.config_ini_section, "sqlalchemy.url", raw=True, fallback=""))


def give_url(config: Any, url: str) -> None:
    """Put our URL where the configuration has none, or the placeholder of a fresh ``alembic init``.

    A section of its own, as each database of Alembic's template ``multidb`` has one, gets a database of its own.
    """
    main = config.config_ini_section
    for section in {main: None, **dict.fromkeys(config.file_config.sections())}:
        given = raw_url(config, section)
        if given.startswith(PLACEHOLDER) or (section == main and not given):
            config.set_section_option(section, "sqlalchemy.url", url if section == main else "%s_%s" % (url, section))


def relocate(old: str, new: str) -> None:
    """Make what is installed as editable from the checkout come from an export of another commit."""

    installed = os.path.realpath(sys.prefix) + os.sep  # a .venv in the checkout stays where it is

    def moved(path: str) -> str:
        below = path == old or path.startswith(old + os.sep)
        return new + path[len(old) :] if below and not os.path.realpath(path).startswith(installed) else path

    sys.path[:] = [moved(entry) if isinstance(entry, str) else entry for entry in sys.path]
    for name, module in list(sys.modules.items()):
        mapping = getattr(module, "MAPPING", None)
        if name.startswith("__editable__") and isinstance(mapping, dict):
            for package, path in mapping.items():
                mapping[package] = moved(path)


def texts_that_may_tell(request: Load) -> List[str]:
    """Return the texts that may name the driver: .env files first, then env.py and the configuration."""
    folders = dict.fromkeys([request.workdir, request.root])
    names = (".env", ".env.test", ".env.example", ".env.sample", ".env.template", "env.example")
    paths = [os.path.join(folder, name) for folder in folders for name in names]
    paths += [request.env_py, request.config_file]
    return [text for text in map(read, paths) if text]


def read(path: str) -> str:
    """Return a file's text; empty when there is none."""
    try:
        return read_regular(path).decode("utf-8", "replace")
    except OSError:
        return ""
