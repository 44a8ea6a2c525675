"""Reads what a version file says of its own downgrade, by its syntax alone; no code of the project runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.recording.revisions import DowngradeText

_NAME = "downgrade"
_DONE = (
    r"(?:undone|undo|revert(?:ed)?|reversed?|roll(?:ed)?[ -]?back|downgraded?|removed?|dropp?(?:ed)?|restored?"
    r"|recovered)"
)
_OF_FILE = re.compile(
    r"irreversib\w*|(?:not|non)[ -]?revers(?:e|ible)|forward[ -]only|one[ -]way|no downgrade\b"
    rf"|(?:can ?not|can't)\s+be\s+{_DONE}\b|downgrad(?:e|es|ing)\s+(?:\w+\s+)?(?:not|un)\s?(?:supported|possible)",
    re.IGNORECASE,
)
"""What says so in the docstring of the module, which is about the upgrade, too."""
_DECLARES = re.compile(
    r"irreversib\w*|unrecoverable|(?:not|non)[ -]?revers(?:e|ible)|forward[ -]only|one[ -]way"
    rf"|(?:can ?not|can't|could not|impossible to|not possible to|unable to|no way to)\s+(?:\w+\s+){{0,3}}?{_DONE}\b"
    r"|(?:can ?not|can't|does not|doesn't)\s+support\s+(?:\w+\s+){0,3}?(?:remov|dropp|revert|delet)ing"
    rf"|(?:do not|don't|won't|will not|never|not)\s+(?:be\s+)?{_DONE}\b"
    r"|no (?:downgrade|rollback|way back|going back|undo)\b"
    r"|downgrad(?:e|es|ing)\s+(?:\w+\s+)?(?:not|un)\s?(?:supported|possible|implemented|available|provided)"
    r"|(?:intentionally|deliberately|purposely|purposefully)\b|\bon purpose\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"#(?!\s*alembic-checks:)(.*)$", re.MULTILINE)
_SPEAKING = {"print", "warn", "warning", "info", "debug", "error", "log"}
"""The last part of the name of a function that takes a message."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def downgrade_of(module: ast.Module) -> DowngradeText | None:
    """Return what a module binds to the name ``downgrade``; None for nothing."""
    found = None
    for statement in ast.walk(module) if _is_conditional(module) else module.body:
        if isinstance(statement, Function) and statement.name == _NAME:
            found = _of_function(statement)
        elif _binds(statement):
            found = DowngradeText(line=getattr(statement, "lineno", 1))
    return found


def irreversible(module: ast.Module, source: bytes) -> str:
    """Return the words by which a version file says that its revision cannot be undone; empty without them."""
    text = source.decode(errors="replace")
    own = [sentence for sentence in _own_sentences(module, text) if _DECLARES.search(sentence)]
    of_file = re.split(r"(?<=[.!?])\s+|\n\s*\n", ast.get_docstring(module) or "")
    found = next(iter([*own, *filter(_OF_FILE.search, of_file)]), "")
    return " ".join(found.split())


def _is_conditional(module: ast.Module) -> bool:
    """Return whether the name is bound in no statement of the module itself, such as below an ``if``."""
    return not any(_binds(s) or (isinstance(s, Function) and s.name == _NAME) for s in module.body)


def _binds(statement: ast.AST) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return any((alias.asname or alias.name) in (_NAME, "*") for alias in statement.names)
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return any(isinstance(node, ast.Name) and node.id == _NAME for target in targets for node in ast.walk(target))
    return isinstance(statement, ast.ClassDef) and statement.name == _NAME


def _of_function(function: Function) -> DowngradeText:
    # A decorator may run what the body does not.
    plain = not function.decorator_list
    acts = [statement for statement in function.body if not _does_nothing(statement)]
    return DowngradeText(
        line=function.lineno,
        is_empty=plain and not acts,
        raises=plain and bool(acts) and isinstance(acts[0], ast.Raise),
    )


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _own_sentences(module: ast.Module, text: str) -> Iterator[str]:
    """Yield what is written for people in the function, and in comments before and after it."""
    for number, statement in enumerate(module.body):
        if isinstance(statement, Function) and statement.name == _NAME:
            yield from _messages(statement)
            before = module.body[number - 1].end_lineno or 0 if number else 0
            after = module.body[number + 1].lineno - 1 if number + 1 < len(module.body) else None
            yield from _comments("\n".join(text.splitlines()[before:after]))


def _comments(text: str) -> Iterator[str]:
    """Yield each comment; lines that follow each other are one."""
    block: list[str] = []
    for line in text.splitlines():
        found = _COMMENT.search(line)
        if found and line.strip().startswith("#"):
            block.append(found[1].strip())
            continue
        yield " ".join(block)
        block = [] if found is None else [found[1].strip()]
    yield " ".join(block)


def _messages(function: Function) -> Iterator[str]:
    yield ast.get_docstring(function) or ""
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _speaks(node.func)):
            yield " ".join(n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _speaks(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _SPEAKING
