"""Loading the project: its variables, its Alembic, and one run of env.py that changes nothing."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any, Iterable, List, Optional

import alembic
import sqlalchemy
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from . import alembic_config, init_command, url_variables
from .alembic_graph import graph_of
from .env_run import facts_of, metadatas
from .load_failures import obstacle
from .loaded import LoadedProject
from .origins import Origins
from .protocol.event_fields import GraphFields, ObstacleFields
from .protocol.requests import Load
from .protocol.wire import Wire
from .redirect import Redirect
from .schema_names import default_schema
from .unseen import unseen
from .watching.frames import Places


def load(wire: Wire, request: Load, origins: Origins) -> Optional[LoadedProject]:
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
    failed = init_command.run(request.init, request.workdir) if request.init else None
    if failed is not None:
        wire.obstacle(failed)
        return None
    script = script_or_obstacle(wire, config)
    if script is None:
        return None
    project = LoadedProject(request, (config, script), wire, (redirect, driver), origins)
    if request.only_prepare:
        return project
    return project if _first_run(wire, request, project) else None


def script_or_obstacle(wire: Wire, config: Any) -> Any:
    """Return the ScriptDirectory, no version file loaded yet; None, after an event, where there is none."""
    try:
        return ScriptDirectory.from_config(config)
    except CommandError as failure:
        wire.obstacle(_unreadable(failure))
        return None


def _first_run(wire: Wire, request: Load, project: LoadedProject) -> bool:
    """Run env.py, have Alembic load the version files from where env.py says they are, and send what was found."""
    schemas: List[str] = []
    graphs: List[GraphFields] = []
    failures: List[BaseException] = []

    def work(rev: Any, context: Any) -> Iterable[Any]:
        schemas.append(default_schema(context.connection))
        try:
            graphs.append(graph_of(project.script, project.places))
        except BaseException as failure:
            failures.append(failure)  # env.py may swallow it
            raise
        return ()

    run = project.run()(work, dont_mutate=True)
    if run.failure is not None and (failures or run.obstacle() is not None):
        project.faults.look_at(run.failure)
    if failures:
        wire.obstacle(_of_version_files(failures[0], project.places))
        return False
    found = run.obstacle()
    if found is not None:
        wire.obstacle(found)
        return False
    context = run.contexts[-1]
    project.metadatas = metadatas(context)
    facts = facts_of(context, schemas[-1], graphs[-1], unseen(context, request.env_py))
    wire.environment(facts, strays=project.origins.strays())
    return True


def _of_version_files(failure: BaseException, places: Places) -> ObstacleFields:
    """Return the obstacle of version files that cannot be loaded: by Alembic's rules, or by their own code."""
    of_alembic = isinstance(failure, (RevisionError, CommandError)) or (
        isinstance(failure, KeyError) and not _project_raised(failure)
    )
    return _unreadable(failure) if of_alembic else obstacle(failure, places)


def _unreadable(failure: BaseException) -> ObstacleFields:
    return {"kind": "graph", "text": "%s: %s" % (type(failure).__name__, failure)}


def _project_raised(failure: KeyError) -> bool:
    """Tell a KeyError of a version file from Alembic's own for a missing parent."""
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and os.sep + "alembic" + os.sep + "script" not in trace.tb_frame.f_code.co_filename
