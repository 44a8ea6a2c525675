"""The table of attacks: what a pull request may try, what keeps it out, and the test that tries it.

docs/security.md shows this table to users; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

HERE = "tests/faults/test_attacks.py::"
_CODE = f"{HERE}test_an_attempt_gains_nothing"
_STATEMENT = f"{HERE}test_a_statement_gains_nothing"
_E2E = "tests/e2e/test_hostile.py::test_nothing_is_managed_in_the_action"
_SANDBOX = "tests/integration/sandbox/"

USER = "a user of its own, without privileges"
CLOSED = "the file is closed to that user"
WHOLE = "the folder is closed to that user"
PROC = "the kernel: another user's process"
ROLE = "a role without the rights of a superuser"
ENDED = "every process of the project and of the server is ended before a file is opened again"
VARIABLES = "the variable is not passed on"
CAPTURED = "output is captured and escaped"
INSIDE = "only regular files of the repository are read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack."""

    what: str
    """What the pull request's code tries."""
    against: str
    """What keeps it out."""
    test: str
    """The test, as pytest names it."""


def _attempt(name: str, against: str) -> Attack:
    return Attack(what=name.replace("_", " "), against=against, test=f"{_CODE}[{name}]")


def _statement(name: str) -> Attack:
    return Attack(what=f"SQL: {name}", against=ROLE, test=f"{_STATEMENT}[{name}]")


_CODES = {
    "the_config_of_a_checkout_beside": CLOSED,
    "the_config_of_a_submodule": CLOSED,
    "the_credentials_of_a_cloud": CLOSED,
    "the_tokens_of_registries": CLOSED,
    "a_second_name_for_a_credential": CLOSED,
    "a_link_to_a_credential": CLOSED,
    "the_netrc_of_the_runner": WHOLE,
    "the_login_of_docker": WHOLE,
    "the_home_below_the_temporary_folder": WHOLE,
    "the_names_in_the_temporary_folder": WHOLE,
    "the_event_of_the_job": WHOLE,
    "a_file_in_the_temporary_folder": WHOLE,
    "a_file_in_the_home_of_the_runner": WHOLE,
    "the_arguments_of_other_processes": "no argument of a process holds a secret",
    "the_maps_of_other_processes": PROC,
    "the_folders_of_other_processes": PROC,
    "the_limits_of_other_processes": PROC,
    "the_priority_of_other_processes": PROC,
    "the_program_itself": USER,
    "the_files_of_the_system": USER,
    "a_device": USER,
    "another_root": USER,
    "another_owner": USER,
    "other_groups": USER,
    "a_raw_socket": USER,
}
_STATEMENTS = (
    "a program of the server",
    "a file, by COPY",
    "a file, by a function",
    "a folder, by a function",
    "a file as a large object",
    "a file that the server writes",
    "a setting of the whole server",
    "new settings at once",
    "a library",
    "a function in C",
    "the rights of a superuser",
    "the passwords of roles",
    "the log of the server",
    "the end of an administrator's session",
)
BY_CODE = tuple(_CODES)
"""The attempts of tests/projects/attacks.py by their functions."""
BY_SQL = _STATEMENTS
ATTACKS = (
    Attack(what="the token in the environment", against=VARIABLES, test=_E2E),
    Attack(what="the token under another name", against=VARIABLES, test=_E2E),
    Attack(what="the environment of other processes", against=PROC, test=_E2E),
    Attack(what="the memory of other processes", against=PROC, test=_E2E),
    Attack(what="the open files of other processes", against=PROC, test=_E2E),
    Attack(what="a debugger on another process", against=PROC, test=_E2E),
    Attack(what="a signal to another process", against=PROC, test=_E2E),
    Attack(what="the runner's command files", against=USER, test=_E2E),
    Attack(what="the Docker socket", against=USER, test=_E2E),
    Attack(what="a file in the checkout", against=USER, test=_E2E),
    Attack(what="the token that actions/checkout leaves", against=CLOSED, test=_E2E),
    Attack(what="another user, su, setuid programs", against="no new privileges; no setuid programs", test=_E2E),
    Attack(what="workflow commands in the output", against=CAPTURED, test=_E2E),
    *(_attempt(name, against) for name, against in _CODES.items()),
    *(_statement(name) for name in _STATEMENTS),
    Attack(
        what="a program that waits until the files are open again",
        against=ENDED,
        test=f"{HERE}test_a_program_that_waits_for_the_end_sends_nothing_away",
    ),
    Attack(
        what="a Git configuration in the checkout that names programs",
        against="Git runs without the job's configuration",
        test="tests/e2e/test_hostile.py::test_git_is_not_configured_by_the_checkout",
    ),
    Attack(
        what="forged messages of the project's process",
        against="each message is checked, and proves nothing",
        test=f"{_SANDBOX}test_hostile.py::test_what_is_forged_on_the_probes_pipe_is_one_sentence",
    ),
    Attack(
        what="a forged process number, so that another process is ended",
        against="each message is checked",
        test=f"{_SANDBOX}test_hostile.py::test_a_forged_leg_does_not_have_another_group_killed",
    ),
    Attack(
        what="a report folder that is a link",
        against="no link in the checkout is followed",
        test="tests/integration/program/test_github.py::"
        "test_a_report_folder_that_is_a_link_hides_nothing_and_does_not_pass",
    ),
    Attack(
        what="a credential as a link of the pull request's, so that another file is closed",
        against="no link is followed",
        test=f"{_SANDBOX}test_credentials.py::test_a_link_of_the_pull_request_closes_nothing_else",
    ),
    Attack(
        what="an access control list or a second name for a credential",
        against=CLOSED,
        test=f"{_SANDBOX}test_credentials.py::test_a_second_name_and_an_access_control_list_do_not_help",
    ),
    Attack(
        what="a fork's code under pull_request_target",
        against="the run is refused",
        test="tests/integration/program/test_github.py::test_a_fork_under_pull_request_target_is_refused",
    ),
    Attack(
        what="a stored report that is none, or too large",
        against="the report is checked before GitHub is asked",
        test="tests/integration/pull_request/test_stored.py",
    ),
    Attack(
        what="a stored report that names another pull request",
        against="the event decides where a report goes",
        test="tests/integration/pull_request/test_posting.py::test_it_goes_where_the_event_says",
    ),
)
