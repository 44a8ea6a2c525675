"""Loading the project: its variables, its Alembic, and one run of env.py that changes nothing."""

from __future__ import annotations

import os
from typing import Any, Dict, Iterable, List, Optional

import alembic
import sqlalchemy

from . import tree, variables
from .operations import Operations
from .redirect import Redirect
from .run import default_schema, learnt
from .serve import _python
from .unseen import unseen
from .wire import Wire


def load(wire: Wire, request: Dict[str, Any]) -> Optional[Operations]:
    """Import everything once; return None where env.py could not be run."""
    server, database = request["server"], request["database"]
    place = dict(server, database=database)
    candidates = variables.drivers(tree.texts_that_may_tell(request), sqlalchemy.__version__)
    driver = candidates[min(request.get("driver", 0), len(candidates) - 1)]
    variables.set_variables(place, driver, request["env"])
    redirect = Redirect()
    redirect.point(server, database)
    config = tree.config_of(request)
    tree.give_url(config, variables.url(place, driver))
    versions = dict(_python(), alembic=alembic.__version__, sqlalchemy=sqlalchemy.__version__)
    wire.send("versions", drivers=len(candidates), **versions)
    script = script_or_obstacle(wire, config)
    if script is None:
        return None
    operations = Operations(request, config, script, wire, redirect, driver)
    if request.get("only_prepare"):
        return operations
    return operations if _first_run(wire, request, operations) else None


def script_or_obstacle(wire: Wire, config: Any) -> Any:
    """Return the ScriptDirectory; None, told, where Alembic cannot read the revision graph."""
    from alembic.script.revision import RevisionError
    from alembic.util import CommandError

    try:
        return tree.script_of(config)
    except (RevisionError, CommandError, KeyError) as failure:
        if isinstance(failure, KeyError) and failure.__traceback__ and _project_raised(failure):
            raise
        wire.send("obstacle", kind="graph", text="%s: %s" % (type(failure).__name__, failure))
        return None


def _project_raised(failure: KeyError) -> bool:
    """Tell a KeyError of a version file from Alembic's own for a missing parent."""
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and os.sep + "alembic" + os.sep + "script" not in trace.tb_frame.f_code.co_filename


def _first_run(wire: Wire, request: Dict[str, Any], operations: Operations) -> bool:
    schemas: List[str] = []

    def work(rev: Any, context: Any) -> Iterable[Any]:
        schemas.append(default_schema(context.connection))
        return ()

    run = operations.run()(work, dont_mutate=True)
    found = run.obstacle()
    if found is not None:
        wire.send("obstacle", **found)
        return False
    context = run.contexts[-1]
    wire.send(
        "environment",
        heads=list(operations.script.get_heads()),
        unseen=unseen(context, request["env_py"]),
        **learnt(context, schemas[-1]),
    )
    return True
