"""Why an installation failed: what real installers printed, and the setting that helps for each."""

from __future__ import annotations

import pytest

from action.interpreter.install_failures import Circumstances, InstallCause, cause_of
from tests.unit.interpreter import installer_outputs as outputs

GIT = (
    "The dependency https://127.0.0.1:9/x/y.git is installed from Git, and Git could not fetch it: this environment "
    "has no credentials of the job."
)
TOKEN = (
    "For a private repository, give a token that can only read it with `env`: GIT_CONFIG_COUNT=1, "
    "GIT_CONFIG_KEY_0=url.https://x-access-token:TOKEN@github.com/.insteadOf and "
    "GIT_CONFIG_VALUE_0=https://github.com/. The project's code can read it, too."
)
CREDENTIALS = (
    "Give them with `env`: UV_INDEX_NAME_USERNAME=… and UV_INDEX_NAME_PASSWORD=… for an index with a name, "
    "UV_DEFAULT_INDEX=https://USER:TOKEN@HOST/simple otherwise. The project's code can read them, too."
)
AGAIN = (
    "Write requirements.txt again, after you have found out why the file has changed. If a cache is kept between runs, "
    "remove it first."
)
CAUSES = {
    "UV_GONE": (
        "The package index no longer has the file of granian==1.7.3.",
        "Take another version of it in requirements.txt.",
    ),
    "PIP_GONE": (
        "The package index no longer has the file of granian-1.7.3-cp313-cp313-linux_x86_64.whl.",
        "Take another version of it in requirements.txt.",
    ),
    "POETRY_NOT_FOUND": (
        "The command poetry is not installed here.",
        "Remove `install`: poetry's lock file is then installed without poetry. To run poetry itself, write "
        "`uv tool run poetry`.",
    ),
    "MAKE_NOT_FOUND": (
        "The command make is not installed here.",
        "Set `apt-packages` to the Debian package that has make, or remove it from `install`.",
    ),
    "UV_NO_RUST": (
        "pydantic-core==2.14.5 has no wheel for Python 3.13, and what Rust needs to compile it could not be "
        "downloaded.",
        "Set `python-version` to a version that the package has a wheel for. Or set `apt-packages: cargo`.",
    ),
    "UV_NEW_C_API": (
        "multidict==6.0.4 does not build with Python 3.13, which is newer than the package.",
        "Set `python-version` to the version that production runs.",
    ),
    "UV_GIT_NO_NAME": (
        "github.com could not be reached.",
        "Run the job again. Behind a proxy, set HTTPS_PROXY below `env:` of the job; for an index of your own, set "
        "UV_DEFAULT_INDEX there.",
    ),
    "UV_HEADER": (
        "python-ldap==3.4.4 is compiled here, and the header lber.h is missing.",
        "Set `apt-packages: libldap-dev libsasl2-dev`.",
    ),
    "PIP_HEADER": (
        "python-ldap is compiled here, and the header lber.h is missing.",
        "Set `apt-packages: libldap-dev libsasl2-dev`.",
    ),
    "UV_MYSQL": (
        "mysqlclient==2.2.4 is compiled here, and a program or a library of the system is missing.",
        "Set `apt-packages: default-libmysqlclient-dev pkg-config`.",
    ),
    "RUST": (
        "A package is compiled here, and a program or a library of the system is missing.",
        "Set `apt-packages: cargo`.",
    ),
    "COMPILER": (
        "A package is compiled here, and a program or a library of the system is missing.",
        "Set `apt-packages: g++`.",
    ),
    "PIP_WRONG_PYTHON": (
        "A package needs Python >=3.13, and the environment has Python 3.11.2.",
        "Set `python-version` to a version that fits.",
    ),
    "UV_WRONG_PYTHON": (
        "A package needs Python >=3.13, and the environment has Python 3.11.2.",
        "Set `python-version` to a version that fits.",
    ),
    "UV_SYNC_WRONG_PYTHON": (
        "A package needs Python >=3.13, and the environment has Python 3.11.2.",
        "Set `python-version` to a version that fits.",
    ),
    "PYO3": (
        "pydantic-core==2.14.1 does not build with Python 3.13, which is newer than the package.",
        "Set `python-version` to the version that production runs.",
    ),
    "UV_GIT": (
        GIT,
        TOKEN,
    ),
    "PIP_GIT": (
        GIT,
        TOKEN,
    ),
    "UV_PRIVATE_INDEX": ("The package index http://127.0.0.1:8099/simple asks for credentials.", CREDENTIALS),
    "UV_HASH": ("The downloaded file of mako==1.3.0 does not have the hash of the lock.", AGAIN),
    "PIP_HASH": ("The downloaded file of alembic==1.14.0 does not have the hash of the lock.", AGAIN),
    "POETRY_LOCK": (
        "requirements.txt is not up to date with the project's dependencies.",
        "Run `poetry lock` and commit the lock.",
    ),
    "PIPENV_LOCK": (
        "requirements.txt is not up to date with the project's dependencies.",
        "Run `pipenv lock` and commit the lock.",
    ),
    "UV_LOCK": (
        "requirements.txt is not up to date with the project's dependencies.",
        "Run `uv lock` and commit the lock.",
    ),
    "UV_NO_PACKAGE": (
        "No package index has nosuchpackage-zzqq.",
        "Correct the name or the version in requirements.txt. For an index of your own, set UV_INDEX below `env:` of "
        "the job.",
    ),
    "UV_NO_VERSION": (
        "No package index has alembic==0.0.99.",
        "Correct the name or the version in requirements.txt. For an index of your own, set UV_INDEX below `env:` of "
        "the job.",
    ),
    "PIP_NO_PACKAGE": (
        "No package index has nosuchpackage-zzqq==1.",
        "Correct the name or the version in requirements.txt. For an index of your own, set UV_INDEX below `env:` of "
        "the job.",
    ),
    "UV_CONFLICT": (
        "The requirements contradict each other.",
        "Correct them in requirements.txt. The log names the packages.",
    ),
    "UV_CERTIFICATE": (
        "index.example has a certificate that is not trusted here: often that of a proxy.",
        "Set SSL_CERT_FILE with `env` to a file in the repository that has the proxy's certificate.",
    ),
    "UV_NO_NETWORK": (
        "127.0.0.1:9 could not be reached.",
        "Run the job again. Behind a proxy, set HTTPS_PROXY below `env:` of the job; for an index of your own, set "
        "UV_DEFAULT_INDEX there.",
    ),
    "UV_NO_NAME": (
        "nowhere.invalid could not be reached.",
        "Run the job again. Behind a proxy, set HTTPS_PROXY below `env:` of the job; for an index of your own, set "
        "UV_DEFAULT_INDEX there.",
    ),
    "READ_ONLY": (
        "The installation runs as the user project, who may not write to the repository.",
        "Install only the dependencies, not the project itself: its code is imported from the repository.",
    ),
    "DISK": ("The disk is full.", "Free some space before this step, or install fewer packages with `install`."),
}


@pytest.mark.parametrize("name", CAUSES)
def test_the_setting_that_helps_for_this_failure(name: str) -> None:
    seen = Circumstances(output=getattr(outputs, name), file="requirements.txt", python="3.13", user="project")
    assert cause_of(seen) == InstallCause(*CAUSES[name])


def test_at_a_terminal_debian_s_packages_are_installed_by_hand() -> None:
    found = cause_of(Circumstances(output=outputs.UV_HEADER, file="requirements.txt", python="3.13"))
    assert found is not None
    assert found.remedy == "Install it: apt-get install libldap-dev libsasl2-dev"


def test_nothing_is_made_up_of_what_does_not_tell() -> None:
    assert cause_of(Circumstances(output="error: something went wrong\n", user="project")) is None
