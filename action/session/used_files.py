"""Which files of the project use which, as far as a session has asked or seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from action.session.events import Event, UsesFound


@dataclass(slots=True)
class UsedFiles:
    """Edges from file to file, relative to the project's root; other names stand for what files share."""

    edges: dict[str, set[str]] = field(default_factory=dict)

    @property
    def files(self) -> frozenset[str]:
        """Return everything that uses or is used."""
        return frozenset(self.edges).union(*self.edges.values())

    def beside(self, listen: Callable[[Event], None]) -> Callable[[Event], None]:
        """Return a listener that takes note of uses before it passes an event on."""

        def both(event: Event) -> None:
            if isinstance(event, UsesFound):
                for user, used in event.files.items():
                    self.edges.setdefault(user, set()).update(used)
            listen(event)

        return both
