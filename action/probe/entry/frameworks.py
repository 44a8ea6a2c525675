"""The frameworks whose migrations are recognised by what env.py says and what is installed."""

from __future__ import annotations

import gc
import importlib
import os
import re
from typing import Any, Sequence

from .flask_app import NoApplication, push_application
from .framework_commands import is_installed
from .way import WayIn

_IN_AN_APPLICATION = re.compile(r"\bcurrent_app\b")


def of_flask(env_py: str, script_location: str) -> bool:
    """Tell whether the migrations need the context of a Flask application; ``env_py`` is the text of the file."""
    if env_py:
        return _IN_AN_APPLICATION.search(env_py) is not None and is_installed("flask_migrate")
    return not os.path.exists(os.path.join(script_location, "env.py")) and is_installed("flask_alembic")


def flask_way(root: str, workdir: str, script_location: str, x_args: Sequence[str]) -> WayIn:
    """Return the way in through a Flask application; raises NoApplication, and whatever the project's code raises."""
    if not os.path.exists(os.path.join(script_location, "env.py")) and is_installed("flask_alembic"):
        return _flask_alembic(root, workdir, x_args)
    app, place = push_application(root, workdir, lambda app: "migrate" in app.extensions)
    migrate = app.extensions["migrate"].migrate
    config = migrate.get_config(script_location, x_arg=list(x_args) or None)
    config.set_main_option("script_location", script_location.replace("%", "%%"))
    return WayIn(config, note=_found(place))


def _found(place: str) -> str:
    return "env.py ran in the context of the Flask application of %s." % place


def _flask_alembic(root: str, workdir: str, x_args: Sequence[str]) -> WayIn:
    kind: Any = importlib.import_module("flask_alembic").Alembic
    app, place = push_application(root, workdir, lambda app: _extension(app, kind) is not None)
    note = _found(place).replace("env.py", "Flask-Alembic")
    return _FlaskAlembicWayIn(_extension(app, kind), app, x_args, note=note)


def _extension(app: Any, kind: Any) -> Any:
    found = app.extensions.get("alembic")
    if isinstance(found, kind):
        return found
    return next((one for one in gc.get_objects() if isinstance(one, kind) and app in one._cache), None)


class _FlaskAlembicWayIn(WayIn):
    """Flask-Alembic has no env.py: its extension configures Alembic."""

    def __init__(self, extension: Any, app: Any, x_args: Sequence[str], *, note: str) -> None:
        super().__init__(extension.config, x_args, note=note)
        self._extension, self._app = extension, app

    def run_env(self, environment: Any, script: Any) -> None:
        with self._app.app_context():
            cache = self._extension._get_cache()
            # The connections are closed with this context, in what Flask-Alembic keeps for the application.
            cache.config, cache.script, cache.env, cache.contexts = self.config, script, environment, None
            self._extension.run_migrations(environment.context_opts["fn"])


__all__ = ["NoApplication", "flask_way", "of_flask"]
