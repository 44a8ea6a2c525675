"""The table of rules: it has every rule that the source names, and the source names every rule of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from action.staged.file_settings import STATIC
from checks import CHECKS
from checks.check import Check, Outcome
from checks.findings import Finding, Severity, Status
from checks.judge import judge
from checks.policy import Policy
from checks.recording.revisions import Graph
from checks.recording.tree import Recording, TreeRecording
from checks.rule import ANY_CHECK
from checks.rules import RULES, rules_of
from tests.house import modules

NOTICES = ("notice", "_notice")
IDS = {rule.id for rule in RULES}


def named() -> Iterator[str]:
    """Yield every rule that the checks give to a finding: as `rule=`, to `notice`, from `rule_of`."""
    for module in modules("checks").values():
        if module.name == "checks.rules":
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.keyword) and node.arg == "rule":
                yield from texts(node.value)
            elif (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("notice", "_notice")
            ):
                yield from texts(node.args[0])
            elif isinstance(node, ast.FunctionDef) and node.name == "rule_of":
                yield from (text for part in ast.walk(node) if isinstance(part, ast.Return) for text in texts(part))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "UNUSED":
                yield from texts(node.value)


def texts(node: ast.AST) -> Iterator[str]:
    """Yield the ids in an expression; a variable has none."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def test_the_table_has_the_rules_that_the_checks_name_and_no_other() -> None:
    assert set(named()) == IDS


def test_every_rule_belongs_to_a_check_and_stands_once() -> None:
    assert len(IDS) == len(RULES)
    assert {rule.check for rule in RULES} == {*(check.id for check in CHECKS), ANY_CHECK}
    assert [check.rules for check in CHECKS] == [rules_of(check.id) for check in CHECKS]


def test_only_the_checks_of_files_need_no_server() -> None:
    """The hook for pre-commit runs the same ones; a check that says nothing would judge what was not recorded."""
    assert tuple(check.id for check in CHECKS if not check.needs_server) == STATIC


def test_a_rule_is_explained_in_one_sentence_without_markdown() -> None:
    sentences = [rule.sentence for rule in RULES]
    assert [text for text in sentences if not re.fullmatch(r"[A-Z][^`*\[\]\n]*\w\.", text)] == []
    assert [text for text in sentences if re.search(r"[.!?] [A-Z]", text)] == []
    assert [text for text in sentences if len(text) > 110] == []


def test_a_finding_of_another_rule_is_a_fault_of_its_check() -> None:
    strange = Finding(rule="made-up", severity=Severity.NOTICE, message="What.", why="Why.", remedy="")
    check = Check(
        id="heads", title="", rules=rules_of("heads"), run=lambda recording, policy: Outcome(findings=(strange,))
    )
    report = judge(Recording(trees=(TreeRecording(path="alembic.ini", graph=Graph()),)), Policy(), [check])
    ((_, result),) = report.results()
    assert (result.status, result.findings, result.reason) == (
        Status.ERROR,
        (),
        "This check crashed, which is a bug in alembic-checks: LookupError: the rule made-up is not in checks/rules.py",
    )
