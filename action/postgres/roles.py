"""Roles belong to the whole server: what one way to the heads has created must not be there on the other."""

from __future__ import annotations

from action.postgres.databases import Databases

DEPLOYED, NEW = "deployed", "new"
"""The two ways: as a deployed database goes, and as a new one does."""


class Roles:
    """The roles that migrations create, each with the way that created it; those of other ways bear another name."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._way = DEPLOYED
        self._hidden: dict[str, dict[str, str]] = {}
        """By way: the names that its roles have, and those that they bear meanwhile."""

    def go(self, way: str) -> None:
        """Go on with the roles of a way, and with its own alone."""
        if way == self._way:
            return
        others = {hidden for roles in self._hidden.values() for hidden in roles.values()}
        mine = [name for name in self._databases.new_roles() if name not in others]
        self._hidden[self._way] = {name: self._databases.hide_role(name) for name in mine}
        for name, hidden in self._hidden.pop(way, {}).items():
            self._databases.rename_role(hidden, name)
        self._way = way

    def belong_to(self, way: str) -> None:
        """Take the roles that were created so far for those of another way."""
        self._way = way
