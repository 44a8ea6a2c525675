"""Reads ``# alembic-checks: ignore[rule, …] reason`` comments."""

from __future__ import annotations

import io
import re
import tokenize

from checks.recording.revisions import Suppression

_IGNORE = re.compile(r"#\s*alembic-checks:\s*ignore\b(?:\s*\[([^\]]*)\])?\s*(.*)")


def suppressions(source: bytes) -> tuple[Suppression, ...]:
    """Return the suppressions of a Python file; one without rules, or without a reason, is returned as it is."""
    if b"alembic-checks" not in source:
        return ()
    found = []
    try:
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            match = _IGNORE.match(token.string) if token.type == tokenize.COMMENT else None
            if match:
                found.append(_suppression(match, token.start[0]))
    except (tokenize.TokenError, SyntaxError):
        pass  # Parsing the file reports its errors.
    return tuple(found)


def _suppression(match: re.Match[str], line: int) -> Suppression:
    rules = (rule.strip() for rule in (match.group(1) or "").split(","))
    return Suppression(rules=tuple(rule for rule in rules if rule), reason=match.group(2).strip(), line=line)
