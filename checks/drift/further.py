"""Show the version files beside the first, where a hook of env.py splits the missing migration."""

from __future__ import annotations

from collections.abc import Iterator

from checks.findings import Snippet
from checks.recording.models import Candidate


def further_files(candidate: Candidate) -> Iterator[Snippet]:
    """Yield the other files, where a hook of env.py splits the migration."""
    for number, (path, content) in enumerate(candidate.more, start=2):
        title = f"Missing migration, file {number} of {len(candidate.more) + 1}"
        yield Snippet(title=title, text=content, language="python", path=path)
