"""Reads ``# alembic-checks: ignore[rule, …] reason`` comments, and where each of them counts."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from action.version_files.comment_scopes import Comments, PlacedComment
from checks.recording.revisions import Suppression

_IGNORE = re.compile(r"#\s*alembic-checks:\s*ignore\b(?:\s*\[([^\]]*)\])?\s*(.*)")
_NO_CODE = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)


def suppressions(source: bytes, module: ast.Module) -> tuple[Suppression, ...]:
    """Return the suppressions of a Python file; one without rules, or without a reason, is returned as it is."""
    if b"alembic-checks" not in source:
        return ()
    comments: list[PlacedComment] = []
    found: list[tuple[PlacedComment, re.Match[str]]] = []
    code_until = 0
    try:
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                match = _IGNORE.match(token.string)
                made = PlacedComment(line=line, column=column, is_alone=line != code_until, is_ours=match is not None)
                comments.append(made)
                found += [(made, match)] if match else []
            elif token.type not in _NO_CODE:
                code_until = token.end[0]
    except (tokenize.TokenError, SyntaxError):
        pass  # Parsing the file reports its errors.
    scopes = Comments(module, source.splitlines(), comments)
    return tuple(_suppression(match, comment, scopes) for comment, match in found)


def _suppression(match: re.Match[str], comment: PlacedComment, scopes: Comments) -> Suppression:
    rules = (rule.strip() for rule in (match.group(1) or "").split(","))
    found = scopes.scope_of(comment)
    return Suppression(
        rules=tuple(dict.fromkeys(rule for rule in rules if rule)),
        reason=match.group(2).strip(),
        line=comment.line,
        scope=found.scope,
        first=found.first,
        last=found.last,
        batch=found.batch,
        words=found.words,
    )
