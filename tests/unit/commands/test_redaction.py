"""Secrets: which values count as one, and that none is left in a report."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from action.commands.redaction import redacted, secrets_of
from action.settings import Settings
from checks.findings import Finding, Report, Result, Severity, Snippet, Status, TreeReport, Verdict

TOKEN = "ghs_0123456789abcdefghij"


@pytest.mark.parametrize(
    ("settings", "environ", "secrets"),
    [
        (Settings(), {"PATH": "/usr/local/bin", "LANG": "C.UTF-8"}, ()),
        (Settings(github_token=SecretStr(TOKEN)), {}, (TOKEN,)),
        (Settings(database_url=SecretStr("postgresql://u:p%40ssw0rd!@h/d")), {}, ("p%40ssw0rd!", "p@ssw0rd!")),
        (Settings(database_url=SecretStr("postgresql://postgres:postgres@h/d")), {}, ()),
        (Settings(database_url=SecretStr("postgresql://app:bookstore@h/bookstore")), {}, ()),
        (Settings(env={"SECRET_KEY": "0123456789", "MODE": "development"}), {}, ("0123456789",)),
        (Settings(env={"SECRET_KEY": "short"}), {}, ()),
        (Settings(env={"POSTGRES_PASSWORD": "postgres"}), {"TOKEN": "Password"}, ()),
        (Settings(env={"DB_PASSWORD": "bookstore"}), {"SECRET": "correct-horse-battery"}, ("correct-horse-battery",)),
        (Settings(), {"STRIPE_API_KEY": "sk_live_12345", "DATABASE_URL": "{url}"}, ("sk_live_12345",)),
        (Settings(), {"REDIS_URL": "redis://:l0ngpassword@cache:6379/0"}, ("l0ngpassword",)),
        (Settings(), {"BROKEN": "http://[::1:user@"}, ()),
    ],
)
def test_what_counts_as_a_secret(settings: Settings, environ: dict[str, str], secrets: tuple[str, ...]) -> None:
    assert secrets_of(settings, environ) == secrets


def report(text: str) -> Report:
    finding = Finding(
        rule="migration-fails",
        severity=Severity.ERROR,
        message=f"It says {text}.",
        why=text,
        remedy=text,
        evidence=(Snippet(title=text, text=f"a{text}b"),),
    )
    result = Result(id="upgrade", status=Status.FAILED, reason=text, findings=(finding,), fixes=finding.evidence)
    tree = TreeReport(path="alembic.ini", checks=(result,), environment={"driver": text}, revision_seconds={"a1": 0.5})
    return Report(verdict=Verdict.FAILED, trees=(tree,), seconds={text: 1.0})


def test_no_secret_is_left_anywhere() -> None:
    assert redacted(report(TOKEN), (TOKEN,)) == report("***")


def test_a_secret_inside_another_uncovers_nothing() -> None:
    assert redacted(("x0123456789y", "0123456789"), ("x0123456789y", "0123456789")) == ("***", "***")


def test_without_secrets_nothing_changes() -> None:
    assert redacted(report("plain"), ()) == report("plain")
