"""Which findings a terminal shows: the first ten of each rule; the others are counted, and a file has them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from action.reports.digest import Cluster
from action.reports.entries import Entry
from checks.findings import Finding

MOST = 10
"""Findings of one rule and one severity that are shown."""


class TenEach:
    """Counts what was shown of each rule."""

    def __init__(self) -> None:
        """Start with nothing shown."""
        self._shown: Counter[tuple[str, str]] = Counter()
        self._left: Counter[str] = Counter()

    def of(self, cluster: Cluster) -> Cluster | None:
        """Return the findings that are shown; None where ten of their rule are shown already."""
        rule = cluster.first.rule
        key = (rule, cluster.first.severity.value)
        shown = cluster.findings[: MOST - self._shown[key]]
        self._shown[key] += len(shown)
        self._left[rule] += len(cluster.findings) - len(shown)
        return replace(cluster, findings=shown) if shown else None

    def of_entry(self, entry: Entry) -> Entry | None:
        """Return an entry with the findings that are shown; None where ten of each of their rules are shown already."""
        kept: list[Finding] = []
        for finding in entry.findings:
            key = (finding.rule, finding.severity.value)
            self._shown[key] += 1
            if self._shown[key] <= MOST:
                kept.append(finding)
            else:
                self._left[finding.rule] += 1
        return replace(entry, findings=tuple(kept)) if kept else None

    def left(self) -> list[tuple[str, int]]:
        """Return how many findings of each rule were not shown since this was last asked."""
        left, self._left = self._left, Counter()
        return [(rule, count) for rule, count in left.items() if count]
