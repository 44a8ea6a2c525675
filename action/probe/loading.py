"""Loading the project: its variables, its Alembic, and one run of env.py that changes nothing."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any, Dict, Iterable, List, Optional, Tuple

import alembic
import sqlalchemy
from alembic.script import ScriptDirectory

from . import alembic_config, init_command, url_variables
from .alembic_config import raw_url
from .alembic_graph import graph_of, is_raised_by_alembic
from .also_missing import with_others
from .deciding_variables import deciding
from .driver_choice import chosen_driver, place_of
from .entry.frameworks import NoApplication, flask_way, of_flask
from .entry.own_config import NoConfig, named_config
from .entry.scripts import other_scripts
from .entry.way import WayIn
from .env_run import EnvRun, as_list, engines_of, facts_of, of_models
from .load_failures import obstacle
from .loaded import LoadedProject
from .origins import Origins
from .protocol.event_fields import OUTSIDE_OF_APPLICATION, EnvironmentFields, GraphFields, ObstacleFields
from .protocol.requests import FLASK, Load
from .protocol.wire import Wire
from .redirect import Redirect
from .schema_names import default_schema
from .unseen import unseen
from .watching.frames import Places


def load(wire: Wire, request: Load, origins: Origins) -> Optional[LoadedProject]:
    """Import everything once; return None where env.py could not be run."""
    driver, drivers = chosen_driver(request)
    url_variables.set_variables(place_of(request), driver, request.env)
    redirect = Redirect()
    redirect.begin(request.engines, request.server, request.database)
    send_versions(wire, drivers)
    failed = init_command.run(request.init, request.workdir) if request.init else None
    if failed is not None:
        wire.obstacle(failed)
        return None
    try:
        way = _way_in(request)
    except NoConfig as error:
        wire.obstacle({"kind": "no-config", "text": str(error)})
        return None
    except NoApplication as error:
        wire.obstacle({"kind": "own-config", "text": OUTSIDE_OF_APPLICATION, "note": str(error)})
        return None
    alembic_config.give_url(way.config, url_variables.url(place_of(request), driver))
    return loaded_by(way, wire, request, (redirect, driver), origins)


def loaded_by(
    way: WayIn, wire: Wire, request: Load, connection: Tuple[Redirect, str], origins: Origins
) -> Optional[LoadedProject]:
    """Run env.py with a Config that is finished; return None, after an event, where it could not be run."""
    script = script_or_obstacle(wire, way.config, origins.places)
    if script is None:
        return None
    others = other_scripts(script, request.script_location, request.version_locations)
    if others is not None:
        wire.obstacle({"kind": "other-scripts", "text": origins.places.relative(others) or others})
        return None
    way.url = url_variables.url(place_of(request), connection[1])
    project = LoadedProject(request, (way, script), wire, connection, origins)
    if request.only_prepare:
        return project
    return project if _first_run(wire, request, project) else None


def send_versions(wire: Wire, drivers: int) -> None:
    """Send what runs here."""
    wire.versions(
        drivers=drivers,
        python=sys.executable,
        python_version=platform.python_version(),
        alembic=alembic.__version__,
        sqlalchemy=sqlalchemy.__version__,
    )


def _way_in(request: Load) -> WayIn:
    """Return the project's way in: that of the settings, of its framework, or Alembic's own."""
    if request.alembic_config:
        return WayIn(named_config(request.alembic_config), request.x_args)
    folders = (request.root, request.workdir, request.script_location)
    if request.framework == FLASK or of_flask(alembic_config.read(request.env_py), request.script_location):
        try:
            return flask_way(*folders, request.x_args)
        except NoApplication as error:
            if not os.path.exists(request.env_py):
                raise
            return WayIn(alembic_config.config_of(request), request.x_args, missed=str(error))
    return WayIn(alembic_config.config_of(request), request.x_args)


def script_or_obstacle(wire: Wire, config: Any, places: Places) -> Any:
    """Return the ScriptDirectory, no version file loaded yet; None, after an event, where there is none."""
    try:
        return ScriptDirectory.from_config(config)
    except Exception as failure:  # the configuration's fault, such as a folder that does not exist
        place = places.relative(str(config.config_file_name)) if config.config_file_name else None
        wire.obstacle({**obstacle(failure, places), "path": place, "line": None})
        return None


def _first_run(wire: Wire, request: Load, project: LoadedProject) -> bool:
    """Run env.py, have Alembic load the version files from where env.py says they are, and send what was found."""
    schemas: Dict[str, str] = {}
    graphs: List[GraphFields] = []
    obstacles: List[ObstacleFields] = []

    def work(rev: Any, context: Any) -> Iterable[Any]:
        schemas[run.key(context)] = default_schema(context.connection)
        try:
            graphs.append(graph_of(project.script, project.places))
        except BaseException as failure:
            # At once: env.py may swallow it, and its own lines become part of the traceback.
            obstacles.append(_of_version_files(failure, project.places))
            raise
        return ()

    run = project.run()
    run(work, dont_mutate=True)
    if run.failure is not None and (obstacles or run.obstacle() is not None):
        project.faults.look_at(run.failure)
    if obstacles:
        wire.obstacle(with_others(obstacles[0], request))
        return False
    found = run.obstacle()
    if found is not None:
        if found["kind"] == "other-database":
            found["decides"] = deciding(request.env_py, project.places, raw_url(project.config))
        wire.obstacle(with_others(found, request))
        return False
    _send_environment(project, request, run, schemas, graphs[-1])
    return True


def _send_environment(
    project: LoadedProject, request: Load, run: EnvRun, schemas: Dict[str, str], graph: GraphFields
) -> None:
    """Send what a run of env.py showed; ``schemas`` has the default schema by the key of the engine."""
    project.metadatas = [metadata for setup in run.setups for metadata in as_list(setup.models)]
    engines = engines_of(run, schemas, project.redirect)
    first = [setup for setup in run.setups if not engines or run.number(setup.context) == 0] or run.setups
    lost = unseen(project.metadatas, request.env_py)
    context, key, _ = first[-1]
    facts = facts_of(context, schemas.get(key, "public"), graph, lost, engines)
    way_in = " ".join(filter(None, (project.way.note, project.way.asked.sentence)))
    fields: EnvironmentFields = {**facts, **of_models(run.models(key)), "way_in": way_in}
    project.wire.environment(fields, strays=project.origins.strays())


def _of_version_files(failure: BaseException, places: Places) -> ObstacleFields:
    """Return the obstacle of version files that cannot be loaded: by Alembic's rules, or by their own code."""
    if is_raised_by_alembic(failure, places):
        return {"kind": "graph", "text": "%s: %s" % (type(failure).__name__, failure)}
    return obstacle(failure, places)
