"""The finding of rule ``not-rerunnable``: what stands in the way, the way out, and the lines that can run again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import indent

from checks import common_causes
from checks.comparison.drop_lines import dropped
from checks.failure_texts import error_text
from checks.findings import Finding, Severity, Snippet
from checks.plural import joined, plural
from checks.recording.legs import Statement
from checks.recording.remains import RowChange
from checks.recording.replays import Replay
from checks.recording.schema import Fate, ObjectChange
from checks.replay import repeatable as forms
from checks.replay.torn_revisions import Kind, TornRevision, is_invalid, kinds_of, line_of, lines_of, stopped_at
from checks.replay.way_out import LeftBehind, WayOut, changes_rows, way_out, ways_out

_MOST_LINES = 12
_UNIQUE = "23505"
"""The SQLSTATE of a row that a unique key has already."""
_RECREATE = "replace the index"


def finding_of(torn: TornRevision) -> Finding:
    """Return the finding of one revision and one kind of trouble."""
    file, at = torn.file, torn.at
    frames = at.frames if at is not None else ()
    return Finding(
        rule="not-rerunnable",
        severity=Severity.WARNING,
        message=_message(torn),
        why=_why(torn),
        remedy=_remedy(torn),
        path=frames[0].path if frames else file.path if file else None,
        line=line_of(at) if frames else file.line if file else None,
        revision=torn.revision,
        called_from=tuple(frame.line for frame in frames if file is not None and frame.path == file.path),
        object=_object(torn),
        evidence=(Snippet(title="What the next alembic upgrade did", text=_stops(torn)),),
        fixes=(*_way_out(torn), *_repeatable(torn)),
        problem=common_causes.torn(torn.revision),
    )


def _message(torn: TornRevision) -> str:
    first, revision = torn.first, torn.revision
    where = f"After a deploy stopped in revision {revision}, the next alembic upgrade"
    if torn.kind is Kind.FAILS:
        return f"{where} fails: {_error(first)}."
    if torn.kind is Kind.INVALID:
        names = ", ".join(_name(change) for change in first.differs if is_invalid(change))
        return f"{where} succeeds, but leaves the index {names} invalid."
    if torn.kind is Kind.SCHEMA:
        change = next(change for change in first.differs if not is_invalid(change))
        more = sum(not is_invalid(one) for one in first.differs) - 1
        others = f" and {plural(more, 'more difference')}" if more else ""
        return f"{where} succeeds, but makes another schema: {_difference(change)}{others}."
    return f"{where} succeeds, but {_rows(first.rows[0])}."


def _error(replay: Replay) -> str:
    failure = replay.again.failure if replay.again is not None else None
    assert failure is not None
    return error_text(failure).rstrip(".")


def _difference(change: ObjectChange) -> str:
    verb = {Fate.CAME: "exists", Fate.WENT: "is missing", Fate.CHANGED: "differs"}[change.fate]
    return f"{change.key.kind} {_name(change)} {verb}"


def _name(change: ObjectChange) -> str:
    """Return an object's name: that of an index, which is unique in its schema, without the table."""
    key = change.key
    return f"{key.schema}.{key.name}" if key.kind == "index" else ".".join(key.path)


def _rows(change: RowChange) -> str:
    table = f"{change.schema}.{change.table}"
    if change.columns:
        return f"changes rows twice: {table} has other values in {', '.join(change.columns)}"
    if change.found > change.expected:
        return f"writes rows twice: {table} has {plural(change.found, 'row')} instead of {change.expected}"
    return f"{table} has {plural(change.found, 'row')} instead of {change.expected}"


def _why(torn: TornRevision) -> str:
    lines = lines_of(torn.committed)
    parts = f"{lines[0].upper()}{lines[1:]} of the revision" if lines else "Statements of the revision"
    verb = "are" if lines.startswith("lines") or not lines else "is"
    again = "them" if verb == "are" else "it"
    split = f"{parts} {verb} committed before the version table is updated, so the next deploy runs {again} again."
    seen = f"This was seen: the deploy was stopped {stopped_at(torn.first)}, and ran again."
    if torn.kind is Kind.INVALID:
        return f"{split} {seen} PostgreSQL does not use an invalid index in queries, but updates it with every write."
    return f"{split} {seen}"


def _remedy(torn: TornRevision) -> str:
    early = [s for s in torn.committed if s.transaction is not None]
    moved = early if len(early) < len(torn.committed) else []  # what a block commits that comes after it
    repeated = [s for s in torn.committed if _form(torn, s)]
    stuck = [s for s in torn.committed if _form(torn, s) is None or (torn.kind is Kind.ROWS and _changes_rows(torn, s))]
    said = []
    if repeated and all(map(_is_built_beside, repeated)):
        names = joined([forms.index_of(s.sql) or "" for s in repeated])
        said.append(f"Drop {names} before the index is built, if it exists.")
    elif repeated:
        said.append(f"Replace {lines_of(repeated) or 'the statements'} by lines that can run again.")
    if stuck or not said:
        said.append(_moved(stuck or torn.committed))
    elif moved:
        said.append(f"Or {_moved(moved).replace('Move', 'move', 1)}")
    return " ".join(said)


def _is_built_beside(statement: Statement) -> bool:
    """Tell whether a statement builds an index outside of a transaction."""
    is_alone = statement.transaction is None or "CONCURRENTLY" in statement.sql.upper()
    return is_alone and forms.index_of(statement.sql) is not None


def _changes_rows(torn: TornRevision, statement: Statement) -> bool:
    """Tell whether a statement that stays as it is may change rows again."""
    return changes_rows(statement.sql) and not _form(torn, statement)


def _moved(statements: Sequence[Statement]) -> str:
    lines = lines_of(statements)
    one = lines.startswith("line ")
    return f"Move {lines or 'the statements'} to a revision of {'its' if one else 'their'} own."


def _object(torn: TornRevision) -> str | None:
    if torn.kind is Kind.ROWS:
        return f"{torn.first.rows[0].schema}.{torn.first.rows[0].table}"
    if torn.kind is Kind.FAILS:
        return None
    wanted = torn.kind is Kind.INVALID
    return next(_name(change) for change in torn.first.differs if is_invalid(change) is wanted)


def _stops(torn: TornRevision) -> str:
    lines = [f"Stopped {stopped_at(replay)}: {_outcome(replay)}" for replay in torn.stops]
    more = len(lines) - _MOST_LINES
    return "\n".join(lines[:_MOST_LINES] + ([plural(more, "more stop")] if more > 0 else []))


def _outcome(replay: Replay) -> str:
    kinds = kinds_of(replay)
    if Kind.FAILS in kinds:
        failure = replay.again.failure if replay.again is not None else None
        line = line_of(failure.statement) if failure is not None else None
        return f"it fails{f' at line {line}' if line is not None else ''}: {_error(replay)}"
    found = [f"index {_name(change)} is invalid" for change in replay.differs if is_invalid(change)]
    found += [_difference(change) for change in replay.differs if not is_invalid(change)]
    return "; ".join([*found, *map(_rows, replay.rows)][:5])


def _way_out(torn: TornRevision) -> tuple[Snippet, ...]:
    """Return what to run by hand; where that depends on the stop, for each kind of stop."""
    if torn.kind is Kind.SCHEMA:
        return ()
    of_stop = _recreating if torn.kind is Kind.INVALID else _undoing
    return ways_out([(stopped_at(stop), of_stop(torn, stop)) for stop in torn.stops])


def _undoing(torn: TornRevision, stop: Replay) -> WayOut:
    return way_out(
        LeftBehind(
            revision=torn.revision,
            committed=torn.done(stop),
            rest=torn.rest(stop),
            during=stop.during,
            changed=stop.again.changed if stop.again is not None else (),
            restores=torn.kind is Kind.FAILS,
        )
    )


def _recreating(torn: TornRevision, stop: Replay) -> WayOut:
    lines = []
    for change in stop.differs:
        if is_invalid(change) and change.after is not None:
            lines.append(dropped(change.after))
            made = [s.sql for s in torn.committed if forms.index_of(s.sql) == change.key.name]
            lines += [f"{re.sub(' IF NOT EXISTS', '', forms.plain(sql), count=1)};" for sql in made[:1]]
    return WayOut(does=_RECREATE, sql=tuple(lines))


def _repeatable(torn: TornRevision) -> Iterator[Snippet]:
    """Yield the lines in place of those that are committed early, as far as there is a form that can run again."""
    changed = [s for s in torn.committed if _form(torn, s)]
    if not changed:
        return
    text: dict[bool, list[str]] = {}
    for statement in changed:
        text.setdefault(statement.transaction is None, []).extend(_form(torn, statement) or ())
    inside = ["with op.get_context().autocommit_block():", *(indent(line, "    ") for line in text.get(True, ()))]
    lines = [*dict.fromkeys(text.get(False, ())), *(dict.fromkeys(inside) if True in text else ())]
    at = lines_of(changed)
    yield Snippet(
        title=f"Replace {at} by lines that can run again" if at else "Lines that can run again",
        text="\n".join(lines),
        language="python",
        path=torn.file.path if torn.file else None,
    )


def _form(torn: TornRevision, statement: Statement) -> tuple[str, ...] | None:
    environment = torn.recording.environment
    version = forms.version(environment.alembic) if environment is not None else ()
    refused = any(r.again and r.again.failure and r.again.failure.sqlstate == _UNIQUE for r in torn.stops)
    return forms.repeatable(statement, version, inserts=refused)
