"""What the planner makes of an expression: one text for all spellings that PostgreSQL itself takes for the same."""

from __future__ import annotations

import re

from psycopg2.extensions import cursor as Cursor

SETTINGS = "SET debug_print_plan = on; SET debug_pretty_print = off; SET client_min_messages = log"
"""Make the server send the plan of each statement to the client; any user may set these."""
_PLAN = "PLANNEDSTMT"
# Where an expression stood in the text, and which syntax it was written in; neither changes its value.
_SYNTAX = re.compile(r" :(?:location -?\d+|(?:func|coerce|relabel|convert|row_?)format \d+)")
_NOT_IN_NAMES = r"(?: :\w+ [^:{}()]+)*"
# "transaction_timestamp() is equivalent to CURRENT_TIMESTAMP", "now() is a traditional PostgreSQL equivalent to
# transaction_timestamp()" (PostgreSQL's manual, Date/Time Functions). 2647 is its oid, 1299 that of now().
_NOW = re.compile(rf"\{{(?:SQLVALUEFUNCTION :op 3|FUNCEXPR :funcid (?:2647|1299)){_NOT_IN_NAMES} ?(?::args <>)? ?\}}")
_FUNCTION = re.compile(r":(?:func|opfunc)id (\d+)")
_COLUMN = re.compile(r":varattno (\d+)")
_TYPE = re.compile(r":consttype (\d+)")
_NUMBERS = (20, 21, 23, 700, 701, 1700)
"""The oids of bigint, smallint, integer, real, double precision and numeric."""
_CONSTANT = re.compile(r"\{CONST [^{}]*\}")


class Planned(str):
    """The tree of an expression after planning, without what only its spelling decides."""

    __slots__ = ()

    @property
    def is_constant(self) -> bool:
        """Return whether the planner could compute the value."""
        return _CONSTANT.fullmatch(self) is not None

    @property
    def functions(self) -> list[int]:
        """Return the oids of the functions that it calls, also behind operators."""
        return [int(oid) for oid in _FUNCTION.findall(self)]

    @property
    def columns(self) -> list[int]:
        """Return the numbers of the columns that it uses, each once, in order."""
        return sorted({int(number) for number in _COLUMN.findall(self)})

    def differs_in_words(self, other: Planned) -> bool:
        """Return whether only constants differ, and one of them is neither a number nor in a list."""
        constants = zip(_CONSTANT.findall(self), _CONSTANT.findall(other), strict=False)
        changed = [one for one, two in constants if one != two]
        same_shape = _CONSTANT.sub("", self) == _CONSTANT.sub("", other)
        return same_shape and "{SCALARARRAYOPEXPR " not in self and not all(map(_is_number, changed))


def planned(cursor: Cursor, expression: str, source: str = "") -> Planned:
    """Return the tree of one expression; ``source`` is ``FROM …``, where it uses columns.

    The connection must have ``SETTINGS``. Raises psycopg2.Error.
    """
    notices = cursor.connection.notices
    del notices[:]
    cursor.execute(f"EXPLAIN SELECT ({expression}) AS x {source}")
    [plan] = [text for text in notices if _PLAN in text]
    return Planned(_NOW.sub("{NOW}", _SYNTAX.sub("", _first_target(" ".join(plan.split())))))


def _is_number(constant: str) -> bool:
    found = _TYPE.search(constant)
    return found is not None and int(found[1]) in _NUMBERS


def _first_target(plan: str) -> str:
    """Return the expression of the first column that the top of a plan gives."""
    start = plan.index("{TARGETENTRY :expr ", plan.index("targetlist")) + len("{TARGETENTRY :expr ")
    depth = 0
    for place in range(start, len(plan)):
        if plan[place - 1] == "\\":
            continue
        depth += (plan[place] == "{") - (plan[place] == "}")
        if depth == 0:
            return plan[start : place + 1]
    raise ValueError("the plan has no end")
