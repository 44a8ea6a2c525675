"""The application of a Flask project: found as Flask finds it, and its context pushed for as long as we live."""

from __future__ import annotations

import contextlib
import importlib
import os
from typing import Any, Callable, Iterator, List, Optional, Tuple

from .after_import import import_without_us
from .flask_texts import places_of_application

Wanted = Callable[[Any], bool]


class NoApplication(Exception):
    """No application was found that env.py can run in; ``str(error)`` is what Flask said, or why not."""


def push_application(root: str, workdir: str, wanted: Wanted) -> Tuple[Any, str]:
    """Push the context of the application that ``wanted`` accepts; return it, and where it was found.

    It is looked for in the folder that Alembic runs in first, then in those above it. Raises NoApplication, and
    whatever the project's code raises.
    """
    os.environ["FLASK_RUN_FROM_CLI"] = "true"  # with it, Flask passes over app.run()
    said = ""
    for folder in _upwards(workdir, root):
        os.chdir(folder)
        for place in _places(folder):
            app, problem = _loaded(place)
            if app is not None and not wanted(app):
                problem = "the application of %s has no migrations" % (place or "wsgi.py or app.py")
            elif app is not None:
                app.app_context().push()
                return app, place or "wsgi.py or app.py"
            said = said or problem
    os.chdir(workdir)
    raise NoApplication(said)


def _upwards(folder: str, root: str) -> Iterator[str]:
    yield folder
    while folder != root and folder.startswith(root + os.sep):
        folder = os.path.dirname(folder)
        yield folder


def _places(folder: str) -> List[Optional[str]]:
    """Return what FLASK_APP may be; None for what Flask looks for without it, such as wsgi.py."""
    with contextlib.suppress(AttributeError):  # before Flask 1.0
        importlib.import_module("flask.cli").load_dotenv()
    given = os.environ.get("FLASK_APP")
    if given:
        return [given]
    usual = any(os.path.isfile(os.path.join(folder, name)) for name in ("wsgi.py", "app.py"))
    return [*([None] if usual else []), *places_of_application(folder)]


def _loaded(place: Optional[str]) -> Tuple[Any, str]:
    """Return the application of a place, or why there is none."""
    cli: Any = importlib.import_module("flask.cli")
    import_without_us(cli)
    try:
        return cli.ScriptInfo(app_import_path=place).load_app(), ""
    except cli.NoAppException as error:
        said = " ".join(str(getattr(error, "message", error)).split())
        if said.startswith("While importing") and isinstance(error.__context__, ImportError):
            raise error.__context__ from None  # the application is there, and lacks a module
        return None, said
