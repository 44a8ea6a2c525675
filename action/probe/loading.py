"""Loading the project: its variables, its Alembic, and one run of env.py that changes nothing."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any, Iterable, List, Optional

import alembic
import sqlalchemy
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from . import alembic_config, url_variables
from .env_run import default_schema, facts_of
from .loaded import LoadedProject
from .protocol.requests import Load
from .protocol.wire import Wire
from .redirect import Redirect
from .unseen import unseen


def load(wire: Wire, request: Load) -> Optional[LoadedProject]:
    """Import everything once; return None where env.py could not be run."""
    place = dict(request.server, database=request.database)
    candidates = url_variables.drivers(alembic_config.texts_that_may_tell(request), sqlalchemy.__version__)
    driver = candidates[min(request.driver, len(candidates) - 1)]
    url_variables.set_variables(place, driver, request.env)
    redirect = Redirect()
    redirect.point(request.server, request.database)
    config = alembic_config.config_of(request)
    alembic_config.give_url(config, url_variables.url(place, driver))
    wire.versions(
        drivers=len(candidates),
        python=sys.executable,
        python_version=platform.python_version(),
        alembic=alembic.__version__,
        sqlalchemy=sqlalchemy.__version__,
    )
    script = script_or_obstacle(wire, config)
    if script is None:
        return None
    project = LoadedProject(request, config, script, wire, (redirect, driver))
    if request.only_prepare:
        return project
    return project if _first_run(wire, request, project) else None


def script_or_obstacle(wire: Wire, config: Any) -> Any:
    """Return the ScriptDirectory; None, after an event, where Alembic cannot read the revision graph."""
    try:
        return alembic_config.script_of(config)
    except (RevisionError, CommandError, KeyError) as failure:
        if isinstance(failure, KeyError) and failure.__traceback__ and _project_raised(failure):
            raise
        wire.obstacle({"kind": "graph", "text": "%s: %s" % (type(failure).__name__, failure)})
        return None


def _project_raised(failure: KeyError) -> bool:
    """Tell a KeyError of a version file from Alembic's own for a missing parent."""
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and os.sep + "alembic" + os.sep + "script" not in trace.tb_frame.f_code.co_filename


def _first_run(wire: Wire, request: Load, project: LoadedProject) -> bool:
    schemas: List[str] = []

    def work(rev: Any, context: Any) -> Iterable[Any]:
        schemas.append(default_schema(context.connection))
        return ()

    run = project.run()(work, dont_mutate=True)
    found = run.obstacle()
    if found is not None:
        wire.obstacle(found)
        return False
    # As ``upgrade heads`` finds them: without those that another revision depends on.
    context, heads = run.contexts[-1], [script.revision for script in project.script.get_revisions("heads")]
    wire.environment(facts_of(context, schemas[-1], heads, unseen(context, request.env_py)))
    return True
