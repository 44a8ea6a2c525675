"""Python imports this as it starts: the probe begins in each process of the project's own command."""

import importlib.util
import os
import sys
import traceback
from importlib.machinery import PathFinder

_HERE = os.path.dirname(os.path.abspath(__file__))


def _begin() -> None:
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _HERE]
    main = importlib.util.spec_from_file_location(
        "_alembic_checks_main", os.path.join(os.path.dirname(_HERE), "__main__.py")
    )
    assert main is not None
    assert main.loader is not None
    module = importlib.util.module_from_spec(main)
    main.loader.exec_module(module)
    module.load("hooked").begin()


def _continue() -> None:
    """Import the module of this name that Python would have imported without us."""
    spec = PathFinder.find_spec("sitecustomize")
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if sys.version_info >= (3, 9) and "ALEMBIC_CHECKS_COMMAND" in os.environ:
    try:
        _begin()
    except BaseException:
        # Without us, the command would migrate whatever database it is configured for.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(86)
_continue()
