"""Which attribute or class of the models maps a dropped object at the base, and a new one in the working tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from action.rehearsal.base_names import ModelNames, Path
from checks.recording.absent import Absent
from checks.recording.losses import Added, Carried, Dropped


@dataclass(frozen=True, slots=True)
class BothModels:
    """The models of the base, and those of the working tree."""

    base: ModelNames | Absent
    head: ModelNames | Absent

    def dropped_column(self, one: Dropped, now: Path) -> Dropped:
        """Add to a column what its attributes map in a table that is called ``now`` in the working tree."""
        if isinstance(self.head, Absent):
            return one
        columns = self.head.attributes(now)
        keys = [(use.owner, use.attribute) for use in one.uses if use.attribute]
        return replace(one, carried=tuple(_carried(*key, columns.get(key, ()), one.name) for key in keys))

    def dropped_table(self, one: Dropped) -> Dropped:
        """Add to a table what its classes map in the working tree."""
        return replace(one, carried=tuple(self._tables(one.classes, self.base, self.head)))

    def added_column(self, one: Added, now: Path, before: Path) -> Added:
        """Add to a column its place in the model, and what its attributes map in the base's table ``before``."""
        if isinstance(self.head, Absent):
            return one
        columns = {} if isinstance(self.base, Absent) else self.base.attributes(before)
        keys = [(use.owner, use.attribute) for use in self.head.uses(now, one.name) if use.attribute]
        carried = tuple(_carried(*key, columns.get(key, ()), one.name) for key in keys)
        return replace(one, place=self.head.place(now, one.name), carried=carried)

    def added_table(self, one: Added) -> Added:
        """Add to a table what its classes map at the base."""
        classes = () if isinstance(self.head, Absent) else self.head.classes((one.schema, one.name))
        return replace(one, carried=tuple(self._tables(classes, self.head, self.base)))

    @staticmethod
    def _tables(classes: Iterable[str], own: ModelNames | Absent, others: ModelNames | Absent) -> Iterator[Carried]:
        """Yield the classes; what a class of that name maps on both sides is the table of a namesake."""
        if isinstance(own, Absent) or isinstance(others, Absent):
            return
        for name in classes:
            kept = own.tables_of(name)
            others_of = tuple(".".join(path) for path in others.tables_of(name) if path not in kept)
            yield Carried(owner=name, others=others_of)


def _carried(owner: str, attribute: str, others: Iterable[str], own: str) -> Carried:
    """Return an attribute with what it maps on the other side, but for a column of the same name."""
    return Carried(owner=owner, attribute=attribute, others=tuple(other for other in others if other != own))
