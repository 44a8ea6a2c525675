"""The environment variables of the project's code.

At a terminal it gets ours, as ``alembic upgrade`` would, without those of the runner.

As another user, in the image of the action, the rule is stricter. Projects need their workflow's own variables to be
imported at all (DATABASE_URL, SECRET_KEY, …), so variables pass unless they are the runner's, a credential of the job,
or would lead Python, git or Docker to missing or wrong files:

- INPUT_*, ACTIONS_*, RUNNER_*, and of GITHUB_* all but the facts in ``FACTS``: so neither tokens nor command files;
- a variable that holds the value of such a token under another name, also in base64 as a header has it, and any value
  shaped like a token of GitHub's;
- variables that setup steps set for a Python that is not in the image (PYTHON*, LD_LIBRARY_PATH, VIRTUAL_ENV, …).

So a secret that the workflow's author puts into ``env:`` is visible to the project's code. A pull request of a fork has
no secrets, and the author of one from the same repository can read them in any other step. On events that hand secrets
to a run of other people's code (``EVENTS_WITH_SECRETS``) only ``HARMLESS`` passes, and the user's own ``env`` setting.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from action.sandbox.project_user import ProjectUser

# The project's code is the pull request's: it gets neither our inputs nor the runner's tokens and command files.
SECRET_PREFIXES = ("INPUT_", "GITHUB_TOKEN", "ACTIONS_", "RUNNER_")
COMMAND_FILES = ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
SENSITIVE_VARIABLES = ("PYTHONSAFEPATH", "PYTHONHOME", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__")

FACTS = frozenset(
    f"GITHUB_{name}"
    for name in (
        "ACTIONS", "ACTOR", "BASE_REF", "EVENT_NAME", "HEAD_REF", "JOB", "REF", "REF_NAME", "REF_TYPE", "REPOSITORY",
        "REPOSITORY_OWNER", "RUN_ATTEMPT", "RUN_ID", "RUN_NUMBER", "SERVER_URL", "SHA", "WORKFLOW", "WORKSPACE",
    )
)  # fmt: skip
HARMLESS = FACTS | {"CI", "LANG", "LANGUAGE", "TZ"}
EVENTS_WITH_SECRETS = ("pull_request_target", "workflow_run", "issue_comment")
_DROPPED_PREFIXES = (
    "INPUT_", "ACTIONS_", "RUNNER_", "GITHUB_", "GH_", "GIT_", "SSH_", "DOCKER_", "LD_", "DYLD_", "PYTHON", "Python",
    "CONDA_", "XDG_", "SUDO_", "UV_PYTHON", "UV_TOOL",
)  # fmt: skip
_DROPPED = frozenset({
    "HOME", "MAIL", "PATH", "PWD", "OLDPWD", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV", "BASH_ENV", "pythonLocation",
    "PKG_CONFIG_PATH", "PIP_CACHE_DIR", "UV_CACHE_DIR", "UV_PROJECT_ENVIRONMENT", "__PYVENV_LAUNCHER__",
})  # fmt: skip
_CREDENTIALS = ("GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "CI_JOB_TOKEN", "SYSTEM_ACCESSTOKEN")
_IS_CREDENTIAL = re.compile(r"^(INPUT_|ACTIONS_|GITHUB_).*(TOKEN|PASSWORD|SECRET)", re.IGNORECASE)
_TOKEN_OF_GITHUB = re.compile(r"\b(gh[a-z]_[A-Za-z0-9_.-]{20,}|github_pat_\w{20,})")
_SHORTEST = 8
"""Characters of the shortest secret that is searched for in other values."""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def environment(python: str, user: ProjectUser, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment variables for an interpreter of the project."""
    kept = dict(_for_another(user, environ) if user.is_another else _for_ourselves(environ))
    binaries = Path(python).parent
    kept["PATH"] = os.pathsep.join([str(binaries), kept.get("PATH", os.defpath)])
    if os.access(binaries.parent / "pyvenv.cfg", os.F_OK):  # a folder may be closed to us
        kept["VIRTUAL_ENV"] = str(binaries.parent)
    # libpq: no Kerberos after a fork (it crashes on macOS), and never an interactive password prompt.
    kept.update(PGGSSENCMODE="disable", PYTHONUNBUFFERED="1")
    return kept


def _for_ourselves(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in environ.items():
        if not (name.startswith(SECRET_PREFIXES) or name in COMMAND_FILES or name in SENSITIVE_VARIABLES):
            yield name, value


def _for_another(user: ProjectUser, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    tokens = [value for name, value in environ.items() if _is_credential(name) and len(value) >= _SHORTEST]
    secrets = [form for token in tokens for form in _forms(token)]
    only_harmless = environ.get("GITHUB_EVENT_NAME") in EVENTS_WITH_SECRETS
    for name, value in environ.items():
        ordinary = not (name in _DROPPED or _is_credential(name) or name.startswith(_DROPPED_PREFIXES) or only_harmless)
        if (ordinary or name in HARMLESS or name.startswith("LC_")) and not _holds(value, secrets):
            yield name, value
    home = str(user.home or "/")
    yield from {"HOME": home, "USER": user.name, "LOGNAME": user.name, "PATH": PATH, "SHELL": "/bin/sh"}.items()
    # Bytecode that Python writes into the user's checkout would be in the way of the next checkout.
    yield "PYTHONDONTWRITEBYTECODE", "1"


def _forms(token: str) -> tuple[str, ...]:
    """Return a token as it is, and as an HTTP header has it: actions/checkout and its like encode it so."""
    users = ("x-access-token:", "")
    return (token, *(base64.b64encode(f"{user}{token}".encode()).decode().rstrip("=") for user in users))


def _is_credential(name: str) -> bool:
    return name in _CREDENTIALS or _IS_CREDENTIAL.match(name) is not None


def _holds(value: str, secrets: list[str]) -> bool:
    return any(secret in value for secret in secrets) or _TOKEN_OF_GITHUB.search(value) is not None
