"""Recordings of large revision graphs, by shape and size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from checks.graph.algorithms import effective_heads, order
from checks.recording.deployed import Deployed
from checks.recording.legs import CodeOf, Leg, LegName, Step
from checks.recording.revisions import Changes, Edit, Graph, ReplacedId, Revision, Suppression
from checks.recording.tree import Environment, TreeRecording

Shape = Callable[[int], TreeRecording]


def revision(id_: str, *parents: str, path: str | None = None, label: str | None = None) -> Revision:
    """Return a revision whose file is named after it."""
    return Revision(
        id=id_,
        path=f"migrations/versions/{path or id_}.py",
        line=4,
        down_revision_line=5,
        down_revisions=parents,
        branch_labels=(label,) if label else (),
        message=f"message of {id_}",
        down_revision_text=f"down_revision = {parents!r}",
    )


def line(start: str, length: int, *below: str) -> list[Revision]:
    """Return revisions one after the other."""
    ids = [f"{start}{number:05}" for number in range(length)]
    return [revision(id_, *([before] if before else below)) for id_, before in zip(ids, [None, *ids], strict=False)]


def recorded(revisions: Iterable[Revision], base: Iterable[Revision] | None = None, **more: object) -> TreeRecording:
    """Return a recording in which all was run; ``base`` is the graph that the change started from."""
    work = Graph(revisions=tuple(revisions))
    heads = effective_heads(work)
    environment = Environment(
        python="python",
        python_version="3.11",
        alembic="1.16",
        sqlalchemy="2.0",
        driver="psycopg2",
        heads=heads,
        tables=1,
    )
    run = Leg(
        name=LegName.EMPTY_TO_HEADS,
        target=heads,
        steps=tuple(Step(revision=id_, seconds=0.001) for id_ in order(work)),
        versions_after=heads,
    )
    tree = TreeRecording(
        path="alembic.ini",
        version_locations=("migrations/versions",),
        graph=work,
        environment=environment,
        legs=(run,),
    )
    if base is None:
        return tree
    fork = Graph(revisions=tuple(base))
    before, now = {one.id for one in fork.revisions}, {one.id for one in work.revisions}
    found = Changes(
        base="origin/main",
        base_sha="b" * 40,
        merge_base_sha="f" * 40,
        base_graph=fork,
        fork_graph=fork,
        merged_graph=work,
        new=tuple(id_ for id_ in order(work) if id_ not in before),
        removed=tuple(id_ for id_ in order(fork) if id_ not in now),
    )
    deploy = replace(run, name=LegName.BASE_TO_HEADS, versions_before=effective_heads(fork))
    to_base = replace(
        run, name=LegName.EMPTY_TO_BASE, target=effective_heads(fork), versions_after=effective_heads(fork)
    )
    return replace(
        tree,
        changes=replace(found, **more),  # type: ignore[arg-type]
        deployed=Deployed(code=CodeOf.HEAD, because="nothing differs"),
        legs=(to_base, deploy),
        base_expected=True,
    )


def _heads(count: int) -> TreeRecording:
    return recorded([revision("a"), *(revision(f"h{number:05}", "a") for number in range(count))])


def _new_heads(count: int) -> TreeRecording:
    trunk = line("t", count)
    heads = [revision(f"h{number:05}", trunk[number].id) for number in range(count)]
    return recorded([*trunk, *heads], trunk)


def _old_heads(count: int) -> TreeRecording:
    old = [*line("t", count), *(revision(f"h{number:05}", f"t{number:05}") for number in range(count))]
    return recorded([*old, revision("new", f"t{count - 1:05}")], old)


def _line(count: int) -> TreeRecording:
    revisions = line("t", count)
    return recorded(revisions, revisions[:-1])


def _all_new(count: int) -> TreeRecording:
    return recorded(line("t", count), [])


def _merge_points(count: int) -> TreeRecording:
    revisions, last = [revision("a")], "a"
    for number in range(count):
        left, right, merge = (f"{side}{number:05}" for side in "lrm")
        revisions += [revision(left, last), revision(right, last), revision(merge, left, right)]
        last = merge
    return recorded([*revisions, revision("x", "a"), revision("y", last)], revisions)


def _labels(count: int) -> TreeRecording:
    """Make labelled branches of two revisions, each with a second head."""
    revisions = [revision("a")]
    for number in range(count):
        name = f"b{number:05}"
        revisions += [
            revision(name, "a", label=f"label{number}"),
            revision(f"{name}x", name),
            revision(f"{name}y", name),
        ]
    return recorded(revisions, revisions[:1])


def _labels_in_line(count: int) -> TreeRecording:
    revisions = [replace(one, branch_labels=(f"label{one.id}",)) for one in line("t", count)]
    return recorded([*revisions, revision("x", revisions[-1].id), revision("y", revisions[-1].id)], revisions)


def _one_merge(count: int) -> TreeRecording:
    sides = [revision(f"s{number:05}", "a") for number in range(count)]
    merge = revision("m", *(side.id for side in sides))
    return recorded([revision("a"), *sides, merge, revision("b", "m"), revision("c", "m")], [revision("a"), *sides])


def _cycle(count: int) -> TreeRecording:
    revisions = line("t", count)
    closed = replace(revisions[0], down_revisions=(revisions[-1].id,))
    return recorded([closed, *revisions[1:], *line("u", count, revisions[-1].id)], revisions)


def _small_cycles(count: int) -> TreeRecording:
    pairs = [
        revision(f"{one}{number:05}", f"{other}{number:05}") for number in range(count) for one, other in ("ab", "ba")
    ]
    ladder = [revision(f"c{number:05}", f"c{number + 1:05}", f"a{number:05}") for number in range(count)]
    return recorded([*pairs, *ladder], pairs)


def _duplicates(count: int) -> TreeRecording:
    revisions = line("t", count)
    copies = [replace(one, path=f"migrations/versions/copy_of_{one.id}.py") for one in revisions]
    return recorded([*revisions, *copies], revisions)


def _missing(count: int) -> TreeRecording:
    trunk = line("t", count)
    return recorded([replace(one, down_revisions=(*one.down_revisions, f"gone{one.id}")) for one in trunk], trunk)


def _second_bases(count: int) -> TreeRecording:
    trunk = line("t", count)
    return recorded([*trunk, *(one for number in range(count) for one in line(f"s{number:05}x", 2))], trunk)


def _joined_bases(count: int) -> TreeRecording:
    bases = [revision(f"s{number:05}") for number in range(count)]
    merges = [revision("m00000", "a", bases[0].id)]
    merges += [revision(f"m{number:05}", f"m{number - 1:05}", bases[number].id) for number in range(1, count)]
    return recorded([revision("a"), *bases, *merges], [revision("a")])


def _reparented(count: int) -> TreeRecording:
    """Insert a new revision before each one of the base."""
    old = line("t", count)
    inserted = [revision(f"n{one.id}", *one.down_revisions) for one in old]
    moved = [replace(one, down_revisions=(f"n{one.id}",)) for one in old]
    return recorded(
        [one for pair in zip(inserted, moved, strict=True) for one in pair], old, reworked=tuple(o.id for o in old)
    )


def _removed(count: int) -> TreeRecording:
    return recorded(line("t", 1), line("t", count))


def _replaced(count: int) -> TreeRecording:
    old, new = line("t", count), line("n", count)
    pairs = tuple(ReplacedId(old=one.id, new=other.id) for one, other in zip(old, new, strict=True))
    moved = [replace(one, path=other.path) for one, other in zip(new, old, strict=True)]
    return recorded(moved, old, replaced=pairs)


def _edited(count: int) -> TreeRecording:
    revisions = line("t", count)
    reason = Suppression(rules=("edited-revision",), reason="it was wrong", line=1)
    here = [replace(one, suppressions=(reason,)) for one in revisions]
    edits = tuple(Edit(revision=one.id, parts=("upgrade",), old_path=one.path, diff="-a\n+b") for one in revisions)
    ids = tuple(one.id for one in revisions)
    return recorded(here, revisions, edits=edits, edited=ids, reworked=ids)


def _dependencies(count: int) -> TreeRecording:
    trunk, other = line("t", count), line("u", count)
    other = [
        replace(one, depends_on=(trunk[number].id,)) if number % 5 == 0 else one for number, one in enumerate(other)
    ]
    other[0] = replace(other[0], branch_labels=("other",))
    heads = [revision("x", trunk[0].id), revision("y", other[0].id)]
    return recorded([*trunk, *other, *heads], [*trunk, *other])


def _long_ids(count: int) -> TreeRecording:
    return recorded(line("a_revision_id_that_is_longer_than_its_column_", count))


SHAPES: Mapping[str, Shape] = {
    "heads": _heads,
    "new heads along the base": _new_heads,
    "old heads": _old_heads,
    "line": _line,
    "all new": _all_new,
    "merge points": _merge_points,
    "labels": _labels,
    "labels in line": _labels_in_line,
    "one merge": _one_merge,
    "cycle": _cycle,
    "small cycles": _small_cycles,
    "duplicates": _duplicates,
    "missing parents": _missing,
    "second bases": _second_bases,
    "joined bases": _joined_bases,
    "re-parented": _reparented,
    "removed": _removed,
    "replaced": _replaced,
    "edited": _edited,
    "dependencies": _dependencies,
    "long ids": _long_ids,
}
