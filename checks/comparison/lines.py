"""Write the lines of a downgrade() that turn an object back into what it was before the upgrade."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.comparison import definitions
from checks.comparison.alterations import ALTERATIONS
from checks.comparison.column_lines import add_column, drop_column
from checks.comparison.names import Names
from checks.comparison.object_names import named, with_kind
from checks.comparison.relation_lines import drop
from checks.comparison.relation_operations import create_relation
from checks.comparison.settings import SETTINGS, settings
from checks.recording.schema import ObjectChange, SchemaObject
from checks.sql import execute, identifier, literal, quoted

_FULL = ("trigger", "rule", "statistics", "function", "procedure")
"""Kinds whose definition is the whole statement that creates them."""
DROPPED_FIRST = (
    *("grant", "default privileges", "policy", "trigger", "rule", "event trigger", "view", "materialized view"),
    *("statistics", "index", "constraint", "column", "table", "user mapping", "server", "foreign data wrapper"),
    *("text search configuration", "text search dictionary", "sequence", "cast", "operator class", "aggregate"),
    *("operator", "function", "procedure", "composite type", "range type", "domain", "enum", "collation"),
    *("extension", "schema"),
)
"""The order in which objects can be dropped; created in the opposite one."""
_POLICY = re.compile(
    r"(?P<command>[rawd*]) (?P<permissive>[tf]) (?P<roles>.*?) ?USING (?P<using>.*?) ?WITH CHECK ?(?P<check>.*)"
)
_COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}


def reverting(names: Names, change: ObjectChange) -> tuple[str, ...]:
    """Return the lines that turn ``after`` into ``before``; none where they cannot be written."""
    if change.before is None and change.after is not None:
        return tuple(dropped(names, change.after))
    if change.after is None and change.before is not None:
        return tuple(created(names, change.before))
    if change.before is None or change.after is None:
        return ()
    return tuple(_changed(names, change, change.before, change.after))


def dropped(names: Names, item: SchemaObject) -> Iterator[str]:
    """Yield the lines that drop an object."""
    match item.kind:
        case "table":
            foreign = item.attributes["relation"] == "foreign table"
            argument = names.schema_argument(item.schema)
            plain = f"op.drop_table({quoted(item.name)}{argument})"
            yield execute(f"DROP FOREIGN TABLE {names.sql(item.schema, item.name)}") if foreign else plain
        case "column":
            yield drop_column(names, item)
        case "constraint" | "index":
            yield drop(names, item)
        case "grant":
            yield execute(f"REVOKE ALL ON {_granted_on(names, item)} FROM {_role(item)}")
        case "default privileges":
            yield from settings(names, item, {}, item.attributes)
        case "user mapping":
            server = identifier(str(item.attributes["server"]))
            yield execute(f"DROP USER MAPPING FOR {_role(item)} SERVER {server}")
        case _:
            yield execute(f"DROP {with_kind(names, item)}")


def created(names: Names, item: SchemaObject) -> Iterator[str]:
    """Yield the lines that create an object; none where the catalog does not have all of it."""
    match item.kind:
        case "column":
            yield add_column(names, item)
        case "constraint" | "index":
            yield create_relation(names, item)
        case "grant":
            yield from _grants(names, item)
        case "policy":
            yield from _policy(names, item)
        case "table" | "user mapping" | "operator class" | "text search configuration":
            return
        case "default privileges":
            pass
        case kind if kind in _FULL:
            yield block(str(item.attributes["definition"]))
        case _:
            yield block(f"CREATE {_alone(names, item)}")
    # CREATE EXTENSION gives an extension its comment.
    yield from settings(names, item, item.attributes, item.attributes if item.kind == "extension" else {})


def _alone(names: Names, item: SchemaObject) -> str:
    """Return the definition of an object that belongs to no table, after CREATE."""
    name = named(names, item)
    match item.kind:
        case "schema" | "extension":
            return f"{item.kind.upper()} {identifier(item.name)}"
        case "enum":
            return f"TYPE {name} AS ENUM ({definitions.values(item)})"
        case "domain":
            return f"DOMAIN {name} AS {definitions.domain(item)}"
        case "sequence":
            return f"SEQUENCE {name} {definitions.sequence(item)}"
        case "composite type":
            return f"TYPE {name} AS ({item.attributes['definition']})"
        case "range type":
            return f"TYPE {name} AS RANGE ({item.attributes['definition']})"
        case "aggregate" | "collation" | "operator" | "text search dictionary":
            return f"{item.kind.upper()} {name} ({item.attributes['definition']})"
        case "cast" | "event trigger" | "foreign data wrapper" | "server":
            return f"{item.kind.upper()} {name} {item.attributes['definition']}".rstrip()
        case _:
            return f"{item.kind.upper()} {name} AS\n{str(item.attributes['definition']).strip().rstrip(';')}"


def _policy(names: Names, item: SchemaObject) -> Iterator[str]:
    found = _POLICY.fullmatch(str(item.attributes["definition"]))
    if found is None:
        return
    parts = [f"CREATE POLICY {identifier(item.name)} ON {names.table_of(item)}"]
    parts += [] if found["permissive"] == "t" else ["AS RESTRICTIVE"]
    parts += [f"FOR {_COMMANDS[found['command']]}"] if found["command"] != "*" else []
    parts += [f"TO {found['roles']}"] if found["roles"] else []
    parts += [f"USING {_in_parentheses(found['using'])}"] if found["using"] else []
    parts += [f"WITH CHECK {_in_parentheses(found['check'])}"] if found["check"] else []
    yield execute(" ".join(parts))


def _in_parentheses(expression: str) -> str:
    return expression if expression.startswith("(") else f"({expression})"


def _role(item: SchemaObject) -> str:
    return "PUBLIC" if item.name == "PUBLIC" else identifier(item.name)


_OPTION = " WITH GRANT OPTION"


def _grants(names: Names, item: SchemaObject) -> Iterator[str]:
    """Yield the lines that give the privileges on a relation: those that the role may grant are a statement apart."""
    every = str(item.attributes["definition"]).split(", ")
    for option in ("", _OPTION):
        own = [one.removesuffix(_OPTION) for one in every if one.endswith(_OPTION) == bool(option)]
        if own:
            yield execute(f"GRANT {', '.join(own)} ON {_granted_on(names, item)} TO {_role(item)}{option}")


def _granted_on(names: Names, item: SchemaObject) -> str:
    return f"{'SEQUENCE ' if item.attributes.get('relation') == 'sequence' else ''}{names.table_of(item)}"


def block(sql: str) -> str:
    """Return the line that executes SQL: of several lines as they are, where Python can hold them so."""
    if "\n" not in sql or '"""' in sql or sql.endswith(("\\", '"')) or "\\" in sql:
        return execute(sql)
    text = re.sub(r"(?<![:\w]):(?=\w)", r"\\:", sql)
    return f'op.execute(\n    r"""\n{text.strip()}\n"""\n)'


def _changed(names: Names, change: ObjectChange, before: SchemaObject, after: SchemaObject) -> Iterator[str]:
    alter, own = ALTERATIONS.get(before.kind), change.attributes.keys() - SETTINGS
    if alter is not None:
        yield from alter(names, change)
    elif before.kind == "grant":
        yield from dropped(names, after)
        yield from created(names, before)
    elif before.kind == "extension" and own:
        yield execute(
            f"ALTER EXTENSION {identifier(before.name)} UPDATE TO {literal(str(before.attributes['version']))}"
        )
    elif not own or before.kind in ("function", "procedure"):
        if own:
            yield block(str(before.attributes["definition"]))
        yield from settings(names, before, before.attributes, after.attributes)
    elif recreated := tuple(created(names, before)):
        yield from dropped(names, after)
        yield from recreated
