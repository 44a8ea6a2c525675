"""Why an installation failed, by what the installer printed, and the setting that helps for this failure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from action.interpreter.debian_packages import lacking

_TOOLS = ("poetry", "pdm", "pipenv", "hatch", "uv", "conda", "mamba")
_MISSING_COMMAND = re.compile(
    r"(?:sh: \d+: |line \d+: |env: [\u2018'])([\w./+-]+)[\u2019']?: (?:not found|command not found|No such)"
)
_VERSIONS = r"(\d+\.\d+(?:\.\d+)?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where an installation failed."""

    output: str
    file: str = ""
    """The file that declares the dependencies; empty for a command of the user's."""
    python: str = ""
    """The version of the environment's Python, such as ``3.13``."""
    user: str = ""
    """The user who installs; empty for the current one."""


@dataclass(frozen=True, slots=True)
class InstallCause:
    """Why an installation failed, and what to do; a sentence each."""

    why: str
    remedy: str


def cause_of(seen: Circumstances) -> InstallCause | None:
    """Return why an installation failed; None where its output does not tell."""
    return next((found for found in (look(seen) for look in _LOOKS) if found is not None), None)


def _command_not_found(seen: Circumstances) -> InstallCause | None:
    found = _MISSING_COMMAND.search(seen.output)
    if found is None:
        return None
    name = found[1].rpartition("/")[2]
    why = f"The command {name} is not installed here."
    if name in _TOOLS:
        return InstallCause(why, f"Remove `install`: {name}'s lock file is then installed without {name}. To run "
                          f"{name} itself, write `uv tool run {name}`.")  # fmt: skip
    return InstallCause(why, f"Set `apt-packages` to the Debian package that has {name}, or remove it from `install`.")


def _wrong_python(seen: Circumstances) -> InstallCause | None:
    needs = (
        rf"requires a different Python: {_VERSIONS} not in '([^']+)'",
        rf"current Python version \({_VERSIONS}\) does not satisfy Python([<>=!~][^\s]*(?:,\s?[<>=!~][^\s]*)*)",
        rf"Python {_VERSIONS}.*incompatible with the project's Python requirement: `([^`]+)`",
        rf"[Cc]urrent Python version \({_VERSIONS}\) is not allowed by the project \(([^)]+)\)",
        rf"Python interpreter .*{_VERSIONS}.* is incompatible with .*`([^`]+)`",
        rf"running a Python version {_VERSIONS} that is not compatible with .*requires-python `?([^`\n]+?)`?$",
    )
    for pattern in needs:
        found = re.search(pattern, seen.output, re.MULTILINE)
        if found:
            asked = found[2].strip().rstrip(".,")
            return InstallCause(f"A package needs Python {asked}, and the environment has Python {found[1]}.",
                         "Set `python-version` to a version that fits.")  # fmt: skip
    return _no_wheel(seen) or _too_new(seen)


def _no_wheel(seen: Circumstances) -> InstallCause | None:
    found = re.search(r"(\S+) has no wheels with a matching Python (?:ABI|version|implementation) tag", seen.output)
    if found is None:
        return None
    why = f"{found[1]} has no wheel for Python {seen.python}." if seen.python else f"{found[1]} has no fitting wheel."
    return InstallCause(why, "Set `python-version` to a version that the package was built for.")


def _too_new(seen: Circumstances) -> InstallCause | None:
    signs = (
        r"newer than PyO3's maximum supported version",
        r"longintrepr\.h",
        r"(?:implicit declaration of|too (?:few|many) arguments to) function [\u2018'](?:_?Py|Py_)\w+",
        r"has no member named \u2018(?:ob_digit|curexc_traceback|exc_type|use_tracing|recursion_depth|cframe)",
        r"'_PyInterpreterState_Get|_PyUnicode_Ready|_PyLong_AsByteArray|Py_UNICODE|PyEval_CallObject|tp_print",
        r"No module named '(?:distutils|imp|pipes|ast\.Str|pkg_resources)'",
        r"module '(?:pkgutil|configparser|inspect|ast)' has no attribute",
        r"use_2to3 is invalid",
    )
    if not re.search("|".join(signs), seen.output):
        return None
    package = _built(seen.output)
    named = f"{package} does" if package else "A package does"
    return InstallCause(f"{named} not build with Python {seen.python}, which is newer than the package.",
                 "Set `python-version` to the version that production runs.")  # fmt: skip


def _rust(seen: Circumstances) -> InstallCause | None:
    if not re.search(r"puccinialin|static\.rust-lang\.org|sh\.rustup\.rs|index\.crates\.io", seen.output):
        return None
    package = _built(seen.output) or "A package"
    return InstallCause(
        f"{package} has no wheel for Python {seen.python}, and what Rust needs to compile it could not be downloaded.",
        "Set `python-version` to a version that the package has a wheel for. Or set `apt-packages: cargo`.",
    )


def _built(output: str) -> str:
    patterns = (
        r"Failed to (?:download and )?build `([^`]+)`",
        r"Failed building wheel for (\S+)",
        r"hint: .*for `([^`]+)`$",
    )
    found = next(filter(None, (re.search(pattern, output, re.MULTILINE) for pattern in patterns)), None)
    return found[1] if found else ""


def _lacks_a_package_of_debian(seen: Circumstances) -> InstallCause | None:
    found = lacking(seen.output)
    if found is None:
        return None
    what, packages = found
    package = _built(seen.output)
    why = f"{package or 'A package'} is compiled here, and {what} is missing."
    if not packages:
        return InstallCause(why, "Set `apt-packages` to the Debian package that has it.")
    if seen.user:
        return InstallCause(why, f"Set `apt-packages: {packages}`.")
    return InstallCause(why, f"Install it: apt-get install {packages}")


def _git(seen: Circumstances) -> InstallCause | None:
    signs = (
        r"Git operation failed", r"git (?:clone|fetch|ls-remote|checkout).*(?:did not run successfully|exit status)",
        r"could not read Username for", r"Permission denied \(publickey", r"Host key verification failed",
        r"Git executable not found", r"failed to clone into", r"fatal: unable to access '",
    )  # fmt: skip
    if not re.search("|".join(signs), seen.output) or re.search(r"Could not resolve host", seen.output):
        return None
    url = re.search(r"(?:https?|ssh|git)(?:\+\w+)?://[^\s'`\"]+|git@[\w.-]+:[^\s'`\"]+", seen.output)
    named = f"The dependency {_without_credentials(url[0])}" if url else "A dependency"
    return InstallCause(
        f"{named} is installed from Git, and Git could not fetch it: this environment has no credentials of the job.",
        "For a private repository, give a token that can only read it with `env`: GIT_CONFIG_COUNT=1, "
        "GIT_CONFIG_KEY_0=url.https://x-access-token:TOKEN@github.com/.insteadOf and "
        "GIT_CONFIG_VALUE_0=https://github.com/. The project's code can read it, too.",
    )


def _without_credentials(url: str) -> str:
    return re.sub(r"://[^/@\s]+@", "://", url)


def _host_in(output: str, scheme: str) -> str | None:
    """Return the host of the first URL in an output, without credentials."""
    url = re.search(rf"{scheme}://([^\s/'`\"()]+)", output)
    return _without_credentials(f"://{url[1]}")[3:] if url else None


def _private_index(seen: Circumstances) -> InstallCause | None:
    signs = (
        r"\b(?:401 Unauthorized|403 Forbidden)|status code (?:401|403)\b|\b(?:401|403) (?:Client )?Error",
        r"lack of valid authentication credentials", r"Missing credentials for", r"credentials not correct",
        r"Authorization error accessing",
    )  # fmt: skip
    if not re.search("|".join(signs), seen.output, re.IGNORECASE):
        return None
    url = re.search(r"https?://[^\s'`\"()]+", seen.output)
    named = f"The package index {_without_credentials(url[0])}" if url else "A package index"
    return InstallCause(
        f"{named} asks for credentials.",
        "Give them with `env`: UV_INDEX_NAME_USERNAME=… and UV_INDEX_NAME_PASSWORD=… for an index with a name, "
        "UV_DEFAULT_INDEX=https://USER:TOKEN@HOST/simple otherwise. The project's code can read them, too.",
    )


def _hashes(seen: Circumstances) -> InstallCause | None:
    again = f"Write {seen.file} again" if seen.file else "Write the lock again"
    found = re.search(r"Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES[^\n]*\n\s+(\S+)", seen.output)
    if found:
        return InstallCause(f"The downloaded file of {found[1] or found[2]} does not have the hash of the lock.",
                     f"{again}, after you have found out why the file has changed. If a cache is kept between runs, "
                     "remove it first.")  # fmt: skip
    if re.search(r"In `?--require-hashes`? mode|Hashes are required in --require-hashes mode", seen.output):
        return InstallCause(
            "Some requirements have hashes, and others do not.", f"{again} with a hash for each requirement."
        )
    return None


_OUT_OF_DATE = {
    "poetry lock": r"changed significantly since poetry\.lock|poetry\.lock (?:is not up to date|was not found)",
    "pdm lock": r"Lock ?file hash doesn't match|No lockfile found, please run `pdm lock`",
    "pipenv lock": r"Pipfile\.lock .*(?:out of date|out-of-date)|Your Pipfile\.lock",
    "uv lock": r"lockfile at `uv\.lock` needs to be updated|Unable to find lockfile at `uv\.lock`",
    "": r"[Gg]roup [`'].*[`'] is not defined|Failed to parse lockfile|unsupported lock ?file version",
}
"""Signs of a lock that is not up to date, and the command that writes it."""


def _lock_out_of_date(seen: Circumstances) -> InstallCause | None:
    for command, signs in _OUT_OF_DATE.items():
        if re.search(signs, seen.output):
            why = f"{seen.file or 'The lock'} is not up to date with the project's dependencies."
            return InstallCause(
                why, f"Run `{command}` and commit the lock." if command else "Write the lock again, and commit it."
            )
    return None


def _certificate(seen: Circumstances) -> InstallCause | None:
    if not re.search(r"invalid peer certificate|CERTIFICATE_VERIFY_FAILED|certificate verify failed", seen.output):
        return None
    named = _host_in(seen.output, "https") or "The package index"
    why = f"{named} has a certificate that is not trusted here: often that of a proxy."
    return InstallCause(
        why, "Set SSL_CERT_FILE with `env` to a file in the repository that has the proxy's certificate."
    )


def _no_network(seen: Circumstances) -> InstallCause | None:
    signs = (
        r"dns error", r"[Nn]ame resolution", r"failed to lookup address", r"Name or service not known",
        r"[Nn]etwork is unreachable", r"No route to host", r"tcp connect error", r"Connection refused",
        r"NewConnectionError",
        r"error sending request for url", r"operation timed out", r"[Rr]ead timed out", r"Temporary failure resolving",
        r"Failed to establish a new connection", r"Could not connect to server|Could not resolve host",
    )  # fmt: skip
    if not re.search("|".join(signs), seen.output):
        return None
    host = _host_in(seen.output, "https?")
    named = f"{host or 'No package index'} could not be reached."
    return InstallCause(named, "Run the job again. Behind a proxy, set HTTPS_PROXY below `env:` of the job; for an "
                        "index of your own, set UV_DEFAULT_INDEX there.")  # fmt: skip


def _no_version(seen: Circumstances) -> InstallCause | None:
    named = re.search(r"Because (\S+) was not found in the package registry", seen.output)
    named = named or re.search(r"No matching distribution found for (\S+)", seen.output)
    named = named or re.search(r"(?:no version of|no versions of) (\S+)", seen.output)
    where = f" in {seen.file}" if seen.file else ""
    gone = re.search(
        r"Failed to download `([^`]+)`(?s:.{,999}?)404 Not Found|HTTP error 404 while getting (\S+)", seen.output
    )
    if gone:
        name = gone[1] or gone[2].rpartition("/")[2]
        return InstallCause(
            f"The package index no longer has the file of {name}.", f"Take another version of it{where}."
        )
    if named:
        return InstallCause(f"No package index has {named[1].rstrip('.,')}.",
                     f"Correct the name or the version{where}. For an index of your own, set UV_INDEX below `env:` of "
                     "the job.")  # fmt: skip
    if re.search(r"No solution found when resolving|ResolutionImpossible|SolverProblemError", seen.output):
        return InstallCause(
            "The requirements contradict each other.", f"Correct them{where}. The log names the packages."
        )
    return None


def _workspace(seen: Circumstances) -> InstallCause | None:
    signs = ("Permission denied", "Read-only file system", "Errno 13", "os error 13")
    if not seen.user or not any(words in seen.output for words in signs):
        return None
    return InstallCause(
        f"The installation runs as the user {seen.user}, who may not write to the repository.",
        "Install only the dependencies, not the project itself: its code is imported from the repository.",
    )


def _disk(seen: Circumstances) -> InstallCause | None:
    if "No space left on device" not in seen.output and "Disk quota exceeded" not in seen.output:
        return None
    return InstallCause(
        "The disk is full.", "Free some space before this step, or install fewer packages with `install`."
    )


_LOOKS: tuple[Callable[[Circumstances], InstallCause | None], ...] = (
    _disk,
    _command_not_found,
    _private_index,
    _hashes,
    _lock_out_of_date,
    _git,
    _wrong_python,
    _rust,
    _lacks_a_package_of_debian,
    _certificate,
    _no_network,
    _no_version,
    _workspace,
)
"""The more telling first: what a build prints last often only follows from what it lacks."""
