"""What the setting ``severity`` turns off, in one sentence for every surface that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checks.findings import Report
from checks.plural import joined, plural


def turned_off(report: Report) -> Iterator[str]:
    """Yield a sentence with the rules that are turned off and have findings, of all Alembic environments together."""
    counts: Counter[str] = Counter()
    for _, result in report.results():
        counts.update(result.turned_off)
    if counts:
        named = [f"{rule} ({plural(count, 'finding')})" for rule, count in counts.items()]
        yield f"The setting `severity` turns off {joined(named)}."
