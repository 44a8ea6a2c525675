"""What is said of packages that cannot be imported, by the traceback."""

from __future__ import annotations

import pytest

from action.session.events import ObstacleMet
from action.session.obstacle_sentences import describe
from checks.recording.obstacles import ObstacleKind
from tests.unit.session.test_obstacle_sentences import IN_THE_IMAGE, TREE

_PACKAGES = "/opt/project/env-1/lib/python3.12/site-packages"
TRACEBACK = """\
  File "/repository/backend/app/redis.py", line 1, in <module>
    import aioredis
  File "{}/aioredis/exceptions.py", line 14, in {}
    class TimeoutError(asyncio.TimeoutError, builtins.TimeoutError, RedisError):
TypeError: duplicate base class TimeoutError
"""


def remedy_for(error: str, traceback: str) -> str:
    event = ObstacleMet(
        kind=ObstacleKind.LOAD_FAILED.value, error=error, text="no", traceback=traceback, path="backend/app/redis.py"
    )
    return describe(event, TREE, IN_THE_IMAGE).remedy


@pytest.mark.parametrize(
    ("error", "place", "name", "expected"),
    [
        (
            "TypeError", _PACKAGES, "<module>",
            "The package aioredis breaks off while it is imported: this version of it does not fit this Python, or "
            "another package. Take another version of aioredis, or set `python-version` to the version that "
            "production runs.",
        ),
        (
            "PydanticUserError", _PACKAGES, "validate",
            "Limit pydantic to the version that the code was written for, such as `pydantic<2`, or update the code.",
        ),
        (
            "TypeError", _PACKAGES, "create_pool",
            "Fix the code there, or set the variables that it needs with --env. env.py ran in the folder backend.",
        ),
        (
            "TypeError", "/repository/backend", "<module>",
            "Fix the code there, or set the variables that it needs with --env. env.py ran in the folder backend.",
        ),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_imported_is_no_fault_of_the_code(
    error: str, place: str, name: str, expected: str
) -> None:
    assert remedy_for(error, TRACEBACK.format(place, name)) == expected
