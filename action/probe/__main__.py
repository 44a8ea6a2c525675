"""Load the probe under a private name and serve the session: ``python __main__.py IN_FD OUT_FD [launch]``."""

import importlib
import importlib.util
import os
import sys
from typing import Any

NAME = "_alembic_checks_probe"


def load(module: str) -> Any:
    """Import a module of this folder, as a package of a name that no project uses, without its being on the path."""
    folder = os.path.dirname(os.path.abspath(__file__))
    # Python puts the folder of the script it runs first; project code must never find our modules there.
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != folder or not entry]
    spec = importlib.util.spec_from_file_location(
        NAME, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)
    return importlib.import_module("%s.%s" % (NAME, module))


if __name__ == "__main__":
    load("serve").serve(int(sys.argv[1]), int(sys.argv[2]), launches=sys.argv[3:] == ["launch"])
