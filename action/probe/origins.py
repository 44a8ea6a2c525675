"""Where the project's code comes from and what it uses, watched from before any of it runs."""

from __future__ import annotations

import os
import sys
from typing import Dict, List, Optional, Sequence

from .alembic_config import relocate
from .copies import CheckoutFirst, differs, find_copies, is_outdated
from .files.paths import is_foreign
from .protocol.requests import OPERATIONS, Load
from .watching.frames import Places
from .watching.uses import Uses


class Origins:
    """The checkout that a session is about; every module that is a file of the repository has to come from it."""

    def __init__(self, request: Load) -> None:
        """Arrange that it is so, as far as that can be arranged."""
        self._root = request.root
        self._moved_from: Optional[str] = None
        if request.relocate:
            relocate(*request.relocate)
            self._moved_from = request.relocate[0]
        self.places = Places(request.root, list(request.version_locations))
        self._copies = find_copies(request.root, request.packages, self._moved_from or request.root)
        self.places.counterparts = [copy.counterpart for copy in self._copies]
        outdated = [copy for copy in self._copies if is_outdated(copy)]
        if outdated:
            CheckoutFirst(outdated).install()
        self.uses = Uses(self.places)
        self.uses.watch()

    def strays(self) -> List[str]:
        """Return the loaded modules of another checkout, or of an installed copy that differs from this one."""
        return sorted(name for name, module in list(sys.modules.items()) if self._is_stray(module))

    def _is_stray(self, module: object) -> bool:
        path = getattr(module, "__file__", None)
        if not isinstance(path, str):
            return False
        return self._is_moved(path) or any(differs(copy, path) for copy in self._copies)

    def _is_moved(self, path: str) -> bool:
        """Tell whether a file lies in the checkout that this one stands in for, and is no part of an environment."""
        if self._moved_from is None or not path.startswith(self._moved_from + os.sep) or is_foreign(path):
            return False
        return not os.path.realpath(path).startswith(os.path.realpath(sys.prefix) + os.sep)

    def used_by(self, paths: Sequence[str]) -> Dict[str, List[str]]:
        """Return the files that each of these uses, and each of those again; of all files when none is named."""
        every = self.uses.files()
        if not paths:
            return every
        found: Dict[str, List[str]] = {}
        waiting = [*paths, OPERATIONS]
        while waiting:
            path = waiting.pop()
            if path in every and path not in found:
                found[path] = every[path]
                waiting += every[path]
        return found
