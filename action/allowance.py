"""How long a whole run may take, so that one that is almost late again and again still ends."""

from __future__ import annotations

import math
import time

START = 60.0
"""Seconds for what is not the project's: reading the repository, starting the server."""
RUNS = 5
"""Migration runs of full length that one Alembic config may take: import, base, head, new database, models."""
MOST_CONFIGS = 4
"""Alembic configs that count: a pull request can add any number."""
LAST = 10.0
"""Seconds that a step of the clean-up may take after the end."""


class TimeIsUpError(Exception):
    """The run has taken all of its time; ``str(error)`` says so in a sentence."""

    why = (
        f"A run may take {START:.0f} seconds and {RUNS} times `timeout` for each Alembic config, counting at most "
        f"{MOST_CONFIGS}."
    )
    remedy = "Look for what is slow in the migrations, or set a higher `timeout`."

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The run was stopped after {seconds:g} seconds.")


def seconds_for(timeout: float, configs: int) -> float:
    """Return how long a run may take; ``timeout`` is the limit of one migration run, in seconds."""
    return START + RUNS * timeout * min(max(configs, 1), MOST_CONFIGS)


class Allowance:
    """The time of a run; everything that waits asks it how long it still may."""

    def __init__(self, seconds: float = math.inf) -> None:
        """Start now."""
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def is_up(self) -> bool:
        """Tell whether all of it is taken."""
        return time.monotonic() >= self._end

    def stop(self) -> None:
        """End it now, for a run whose results nobody waits for any more."""
        self._end = min(self._end, time.monotonic())

    def check(self) -> None:
        """Raise TimeIsUpError at the end."""
        if self.is_up:
            raise TimeIsUpError(self._seconds)

    def within(self, seconds: float) -> float:
        """Return a limit, or what is left where that is less; raise TimeIsUpError at the end."""
        self.check()
        return min(seconds, self._end - time.monotonic())

    def at_most(self, seconds: float) -> float:
        """Return the same for what has to be done after the end as well, then with little time."""
        return min(seconds, max(self._end - time.monotonic(), LAST))


UNLIMITED = Allowance()
