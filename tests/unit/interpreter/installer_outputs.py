"""The ends of what uv, pip, poetry and pipenv print where an installation fails, as they printed it; long lines, and lines that say
nothing about the cause, are cut."""

# ruff: noqa: E501, RUF001

from __future__ import annotations

UV_NO_RUST = """\
Resolved 1 package in 514ms
   Building pydantic-core==2.14.5
error: Failed to build `pydantic-core==2.14.5`
  cause: The build backend returned an error
  cause: Call to `maturin.build_wheel` failed (exit status: 1)

         [stdout]

         [stderr]
             Updating crates.io index
         error: failed to get `ahash` as a dependency of package `pydantic-core v2.14.5 (/home/project/.cache/uv/sdists-v11/pypi/pydantic-core/2.14.5/bNQ3eiFU7aJ-g0fH/src)`

         Caused by:
           download of config.json failed

         Caused by:
           failed to download from `https://index.crates.io/config.json`

         Caused by:
           [6] Could not resolve hostname (Could not resolve host: index.crates.io)
         💥 maturin failed
           Caused by: Cargo metadata failed. Does your crate compile with `cargo build`?
           Caused by: `cargo metadata` exited with an error:
         Error: command ['maturin', 'pep517', 'build-wheel', '-i', '/home/project/.cache/uv/builds-v0/.tmpJSMcPH/bin/python', '--compatibility', 'off'] returned non-zero exit status 1

hint: Build failures usually indicate a problem with the package or the build environment
"""
UV_NEW_C_API = """\
error: Failed to build `multidict==6.0.4`
         multidict/_multidict.c: In function \u2018multidict_getall\u2019:
         multidict/_multidict.c:453:10: error: implicit declaration of function \u2018_PyArg_ParseStackAndKeywords\u2019; did you mean \u2018PyArg_ParseTupleAndKeywords\u2019? [-Wimplicit-function-declaration]
           453 |     if (!_PyArg_ParseStackAndKeywords(args, nargs, kwnames, &_parser,
         error: Command '['x86_64-linux-gnu-gcc', '-fno-strict-overflow', '-Wsign-compare']' returned non-zero exit status 1.
"""
UV_GIT_NO_NAME = """\
error: Failed to download and build `pyro-camera-api-client @ git+https://github.com/pyronear/pyro-engine.git@6d525b1`
  cause: Git operation failed
  cause: failed to clone into: /home/project/.cache/uv/git-v2/db/3543bf576a9653c1
         fatal: unable to access 'https://github.com/pyronear/pyro-engine.git/': Could not resolve host: github.com
"""
UV_HEADER = """\
Resolved 3 packages in 10.82s
   Building python-ldap==3.4.4
error: Failed to build `python-ldap==3.4.4`
         warning: build_py: byte-compiling is disabled, skipping.

         In file included from Modules/LDAPObject.c:3:
         Modules/common.h:15:10: fatal error: lber.h: No such file or directory
            15 | #include <lber.h>
               |          ^~~~~~~~
         compilation terminated.
         error: Command '['x86_64-linux-gnu-gcc', '-Wsign-compare', '-DNDEBUG', '-g', '-fwrapv', '-O2', '-Wall', '-g', '-fstack-protector-strong', '-Wformat', '-Werror=format-security', '-g'

hint: This error likely indicates that you need to install a library that provides `lber.h` for `python-ldap@3.4.4`
"""

PIP_HEADER = """\
      running build_ext
      building '_ldap' extension
      x86_64-linux-gnu-gcc -Wsign-compare -DNDEBUG -g -fwrapv -O2 -Wall -g -fstack-protector-strong -Wformat -Werror=format-security -g -fwrapv -O2 -fPIC -DHAVE_SASL -DHAVE_TLS -DLDAPMODULE_
      In file included from Modules/LDAPObject.c:3:
      Modules/common.h:15:10: fatal error: lber.h: No such file or directory
         15 | #include <lber.h>
            |          ^~~~~~~~
      compilation terminated.
      error: Command '['x86_64-linux-gnu-gcc', '-Wsign-compare', '-DNDEBUG', '-g', '-fwrapv', '-O2', '-Wall', '-g', '-fstack-protector-strong', '-Wformat', '-Werror=format-security', '-g', '
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
  ERROR: Failed building wheel for python-ldap
ERROR: Could not build wheels for python-ldap, which is required to install pyproject.toml-based projects
"""

UV_MYSQL = """\
Resolved 1 package in 649ms
   Building mysqlclient==2.2.4
error: Failed to build `mysqlclient==2.2.4`
             exec(code, locals())  # noqa: S102 # exec is intentional here
             ^^^^^^^^^^^^^^^^^^^^
           File "<string>", line 155, in <module>
           File "<string>", line 49, in get_config_posix
           File "<string>", line 28, in find_package_name
         Exception: Can not find valid pkg-config name.
         Specify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually

hint: Build failures usually indicate a problem with the package or the build environment
"""

UV_NO_PACKAGE = """\
error: No solution found when resolving dependencies
  cause: Because nosuchpackage-zzqq was not found in the package registry and you require nosuchpackage-zzqq==1, we
"""

UV_NO_VERSION = """\
error: No solution found when resolving dependencies
  cause: Because there is no version of alembic==0.0.99 and you require alembic==0.0.99, we can conclude that your
"""

UV_HASH = """\
Resolved 2 packages in 462ms
error: Failed to download `mako==1.3.0`
  cause: Hash mismatch for `mako==1.3.0`

         Expected:
           sha256:0000000000000000000000000000000000000000000000000000000000000000

         Computed:
           sha256:57d4e997349f1a92035aa25c17ace371a4213f2ca42f99bee9a602500cfd54d9
"""

UV_GIT = """\
   Updating https://127.0.0.1:9/x/y.git (HEAD)
error: Failed to download and build `shop @ git+https://127.0.0.1:9/x/y.git`
  cause: Git operation failed
  cause: failed to clone into: /home/project/.cache/uv/git-v2/db/e6d4c48ddbf3ca03
  cause: process didn't exit successfully: `/usr/bin/git fetch --force --update-head-ok 'https://127.0.0.1:9/x/y.gi
         --- stderr
         fatal: unable to access 'https://127.0.0.1:9/x/y.git/': Failed to connect to 127.0.0.1 port 9 after 0 ms:
"""

UV_NO_NETWORK = """\
error: Request failed after 3 retries in 5.7s
  cause: Failed to fetch: http://127.0.0.1:9/simple/zzz/
  cause: error sending request for url (http://127.0.0.1:9/simple/zzz/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""

UV_NO_NAME = """\
error: Request failed after 3 retries in 7.7s
  cause: Failed to fetch: http://nowhere.invalid/simple/zzz/
  cause: error sending request for url (http://nowhere.invalid/simple/zzz/)
  cause: client error (Connect)
  cause: dns error
  cause: error resolving DNS
  cause: failed to lookup address information: Name or service not known
"""

UV_CONFLICT = """\
error: No solution found when resolving dependencies
  cause: Because alembic>=1.14.0,<=1.14.1 depends on sqlalchemy>=1.3.0 and alembic==1.15.0 was yanked (reason: some
         And because alembic>=1.15.1,<=1.18.2 depends on sqlalchemy>=1.4.0, we can conclude that alembic>=1.14.0,<=
         And because alembic>=1.18.3,<=1.19.2 depends on sqlalchemy>=1.4.23 and alembic>=1.20.0 depends on sqlalche
         And because you require sqlalchemy<1 and alembic>=1.14, we can conclude that your requirements are unsatis
"""

PIP_NO_PACKAGE = """\
ERROR: Could not find a version that satisfies the requirement nosuchpackage-zzqq==1 (from versions: none)
ERROR: No matching distribution found for nosuchpackage-zzqq==1
"""

PIP_WRONG_PYTHON = """\
ERROR: Package 'x' requires a different Python: 3.11.2 not in '>=3.13'
"""

PIP_HASH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions,
    alembic==1.14.0 from https://files.example/alembic-1.14.0-py3-none-any.whl (from -r /tmp/fail/r3.txt (line 1)):
        Expected sha256 0000000000000000000000000000000000000000000000000000000000000000
             Got        99bd884ca390466db5e27ffccff1d179ec5c05c965cfefc0607e69f9e411cb25
"""

PIP_GIT = """\
  error: subprocess-exited-with-error

  × git clone --filter=blob:none --quiet https://127.0.0.1:9/x/y.git /tmp/pip-install-uhsx0g_s/shop_0cdf02d7edeb4ff
  │ exit code: 128
  ╰─> [1 lines of output]
      fatal: unable to access 'https://127.0.0.1:9/x/y.git/': Failed to connect to 127.0.0.1 port 9 after 0 ms: Cou
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
error: subprocess-exited-with-error

× git clone --filter=blob:none --quiet https://127.0.0.1:9/x/y.git /tmp/pip-install-uhsx0g_s/shop_0cdf02d7edeb4ff28
│ exit code: 128
╰─> See above for output.

note: This error originates from a subprocess, and is likely not a problem with pip.
"""

POETRY_NOT_FOUND = """\
sh: 1: poetry: not found
"""

UV_PRIVATE_INDEX = """\
error: No solution found when resolving dependencies
  cause: Because zzz was not found in the package registry and you require zzz, we can conclude that your requirements are unsatisfiable.

hint: An index URL (http://127.0.0.1:8099/simple) could not be queried due to a lack of valid authentication credentials (401 Unauthorized)
"""

UV_SYNC_WRONG_PYTHON = """\
error: The requested interpreter resolved to Python 3.11.2, which is incompatible with the project's Python requirement: `>=3.13` (from `project.requires-python`)
"""

UV_WRONG_PYTHON = """\
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.11.2) does not satisfy Python>=3.13 and y==1 depends on Python>=3.13
         And because only y==1 is available and you require y, we can conclude that your requirements are unsatisfi
"""

MAKE_NOT_FOUND = """\
sh: 1: make: not found
"""

RUST = """\
error: can't find Rust compiler

If you are using an outdated pip version, it is possible a prebuilt wheel is available for this package
"""

COMPILER = """\
error: command 'g++' failed: No such file or directory
"""

PYO3 = """\
error: Failed to build `pydantic-core==2.14.1`
  cause: Call to `maturin.build_wheel` failed (exit status: 1)

error: the configured Python interpreter version (3.13) is newer than PyO3's maximum supported version (3.12)
"""

POETRY_LOCK = """\

pyproject.toml changed significantly since poetry.lock was last generated. Run `poetry lock` to fix the lock file.
"""

PIPENV_LOCK = """\
Pipfile.lock is out-of-date. Run $ pipenv lock to update.
"""

UV_LOCK = """\
error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided. To update the lockfile, run `uv lock`.
"""

READ_ONLY = """\
error: could not create 'shop.egg-info': Permission denied
"""

DISK = """\
error: failed to write to file `/opt/project/env-1/x`: No space left on device (os error 28)
"""

UV_CERTIFICATE = """\
error: Failed to fetch: https://index.example/simple/iniconfig/
  cause: error sending request for url (https://index.example/simple/iniconfig/)
  cause: client error (Connect)
  cause: invalid peer certificate: UnknownIssuer
"""

UV_GONE = """\
Downloading sqlalchemy (3.0MiB)
error: Failed to download `granian==1.7.3`
  cause: Failed to fetch: https://files.example/packages/14/07/granian-1.7.3-cp313-cp313-manylinux2014_x86_64.whl
  cause: HTTP status client error (404 Not Found) for url (https://files.example/packages/14/07/granian-1.7.3.whl)
"""

PIP_GONE = """\
ERROR: HTTP error 404 while getting https://files.example/packages/14/granian-1.7.3-cp313-cp313-linux_x86_64.whl
ERROR: Could not install requirement granian==1.7.3 because of HTTP error 404 Client Error: Not Found for url
"""
