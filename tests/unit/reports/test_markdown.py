"""The comment: inert whatever the project's texts hold, and within its budget."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from action.about import page_url
from action.reports import escape, markdown, summary
from checks.findings import Report, Result, Severity, Snippet, Status, Verdict
from tests.unit.reports import handmade, scenarios
from tests.unit.reports.bookstore_schemas import MIGRATION
from tests.unit.reports.hostile import always, filled, hidden, texts, unmarked

RULE = f"[`multiple-heads`]({page_url('multiple-heads')})"
GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PLAIN = {"text", "text_special"}


LINKED = re.compile(r"@\w|#\d|https?://|www\.|GH-\d|:rocket:", re.IGNORECASE)


def words(source: str) -> str:
    """Return what a reader sees of a document outside of code."""
    parts = []
    for token in GFM.parse(source):
        if token.type == "html_block":
            parts.append(html.unescape(re.sub(r"<[^>]*>", "", token.content)))
        parts += [child.content for child in token.children or [] if child.type in PLAIN]
        parts.append("\n")
    return "".join(parts)


def shape(source: str) -> list[str]:
    """Return the constructs of a document in order, without its words."""
    found = []
    for token in GFM.parse(source):
        found.append(f"{token.type} {token.info}" if token.type == "fence" else token.type)
        if token.type == "html_block":
            found += re.findall(r"<[^>]*>", token.content)
        for child in token.children or []:
            is_dollar = child.content in ("<span>", "</span>")
            if child.type not in PLAIN and not is_dollar:
                found.append(child.content if child.type == "html_inline" else child.type)
    return found


@settings(max_examples=20)
@given(texts)
@always
def test_any_text_anywhere_leaves_the_shape_as_it_is(text: str) -> None:
    source, empty = (markdown.render(filled(words)) for words in (text, ""))
    # What stands between backticks in a sentence is a code span, by design.
    assert [part for part in shape(source) if part != "code_inline"] == [
        part for part in shape(empty) if part != "code_inline"
    ]
    assert hidden(source) == []


@settings(max_examples=20)
@given(texts)
@always
def test_a_cell_holds_its_text_whole(text: str) -> None:
    report = filled(text)
    cells = [token for token in GFM.parse(markdown.render(report)) if token.type == "inline"]
    paths = [child.content for cell in cells for child in cell.children or [] if child.type == "code_inline"]
    # A text of nothing but control sequences is a cell without a text.
    assert (unmarked(escape.line(report.trees[0].path)) or " ") in map(unmarked, paths)


@settings(max_examples=20)
@given(texts, st.integers(1_000, 70_000))
def test_budget_holds_in_bytes_and_nothing_stays_open(text: str, budget: int) -> None:
    source = markdown.render(filled(text * 20), budget=budget)
    assert len(source.encode()) <= budget
    blocks = GFM.parse(source)
    # An open fence would have swallowed the last paragraph.
    assert blocks[-1].type == "paragraph_close"
    folds = "".join(block.content for block in blocks if block.type == "html_block")
    assert folds.count("<details>") == folds.count("</details>")


@settings(max_examples=20)
@given(texts)
@always
def test_nothing_outside_of_code_is_linked_but_the_run(text: str) -> None:
    for surface in (markdown.render, summary.render):
        source = surface(filled(text, url=scenarios.SUBJECT.url))
        assert not LINKED.search(words(source))
        links = [c.attrs["href"] for t in GFM.parse(source) for c in t.children or [] if c.type == "link_open"]
        assert set(links) == {scenarios.SUBJECT.url}
        assert not re.search("<!--\\s*alembic-checks", source, re.IGNORECASE)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//github.com/a/b/actions/runs/1",
        "https://github.com/a/b/actions/runs/1) [x](https://evil.example",
        "https://user@github.com/a/b/actions/runs/1",
        "https://github.com/a/b/actions/runs/1\n",
        "https://github.com/a/b/pull/1",
    ],
)
def test_an_address_that_is_not_of_a_run_is_no_link(url: str) -> None:
    report = replace(scenarios.ALL_GREEN, subject=replace(scenarios.SUBJECT, url=url))
    assert markdown.render(report).endswith(
        "<sub>`alembic.ini`: 4 revisions, 1 new since main (0f6ab9c2d4) · commit `5b0e1f3d7c` · CI / migrations"
        " · PostgreSQL 17.2 · Python 3.12.3 · Alembic 1.18.0 · SQLAlchemy 2.0.44 · psycopg 3.2.9</sub>\n"
    )


@settings(max_examples=5)
@given(texts)
def test_the_summary_has_room_for_what_a_comment_leaves_out(text: str) -> None:
    assert len(summary.render(filled(text * 9000)).encode()) <= summary.BUDGET < 1024 * 1024
    short, whole = markdown.render(scenarios.THREE_HUNDRED, budget=20_000), summary.render(scenarios.THREE_HUNDRED)
    assert "[The summary of the run](https://github.com/acme/bookstore/actions/runs/1618/attempts/1) has more." in short
    assert "Left out" not in whole
    assert "<details><summary>How long it took</summary>\n\n```text\nPhase\n" in whole


@pytest.mark.parametrize("budget", [1_000, 2_000, 5_000, 20_000])
def test_what_is_left_out_is_counted(budget: int) -> None:
    source = markdown.render(scenarios.THREE_HUNDRED, budget=budget)
    listed = len(re.findall(r"^- ", source, re.MULTILINE))
    left_out = re.search(r"\*\*Left out here for length: (?:(\d+) findings)?", source)
    assert left_out is not None
    assert listed + int(left_out[1]) == 301
    assert source.startswith("## \N{CROSS MARK} Migrations: do not merge yet (1 error)\n")


def test_a_long_list_is_one_fold_that_fills_the_comment() -> None:
    source = markdown.render(scenarios.THREE_HUNDRED)
    (folded,) = re.findall(r"<details><summary>(\d+) more missing objects</summary>", source)
    left_out = re.search(r"\*\*Left out here for length: (\d+) findings", source)
    assert left_out is not None
    assert 10 + int(folded) + int(left_out[1]) == 300
    longest = max(len(line.encode()) for line in source.split("\n") if line.startswith("- "))
    assert markdown.BUDGET - len(source.encode()) < 25 * longest


def test_the_rest_of_a_rule_without_a_noun_is_counted_before_its_words() -> None:
    findings = [replace(handmade.found(Severity.ERROR), message=f"Seen {number}.") for number in range(12)]
    source = markdown.render(handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("heads", *findings))))
    assert "<details><summary>2 more: multiple heads</summary>\n\n- Seen 10.\n- Seen 11.\n\n</details>" in source


def test_evidence_stands_with_its_notice() -> None:
    notices = [
        replace(
            handmade.found(Severity.NOTICE, evidence=(Snippet(title="Models", text=f"{number}\n\n{number}"),)),
            message=f"Seen {number}.",
        )
        for number in (1, 2)
    ]
    report = handmade.report(Verdict.PASSED, handmade.tree(handmade.passed("drift", *notices)))
    assert (
        "2 notices</summary>\n\n"
        f"- Seen 1. · {RULE}<br>It matters.<br>**Fix:** Fix it.\n\n  Models:\n\n  ```text\n  1\n\n  1\n  ```\n"
        f"- Seen 2. · {RULE}<br>It matters.<br>**Fix:** Fix it.\n\n  Models:\n\n  ```text\n  2\n\n  2\n  ```\n\n"
        "</details>"
    ) in markdown.render(report)
    assert shape(markdown.render(report)).count("bullet_list_open") == 1


def test_what_two_trees_have_in_common_is_written_once_with_both() -> None:
    blocked = Result(id="upgrade", status=Status.ERROR, reason="A variable is missing.\nIt is not set.\nSet it.")
    both = (handmade.failed("heads", handmade.found(Severity.ERROR), handmade.found(Severity.NOTICE)), blocked)
    trees = (handmade.tree(*both, path="a.ini"), handmade.tree(*both, path="b.ini"))
    source = markdown.render(handmade.report(Verdict.FAILED, *trees))
    assert "\n❌ **Something was seen.** in `a.ini`, `b.ini`<br>" in source
    assert "**`upgrade` could not run in `a.ini`, `b.ini`.** A variable is missing." in source
    assert f"- Something was seen. · {RULE} · in `a.ini`, `b.ini`<br>It matters.<br>**Fix:** Fix it." in source
    assert (source.count("It is not set."), source.count("Fix it.")) == (1, 2)
    assert source.count("do not merge yet (1 error)") == 1


def test_an_offer_beside_the_findings_is_folded() -> None:
    offer = Snippet(title="Old differences", text="x = 1", language="python", path="old.py", folded=True)
    report = handmade.report(
        Verdict.FAILED, handmade.tree(handmade.failed("drift", handmade.found(Severity.ERROR), fixes=(offer,)))
    )
    title = "<summary>Old differences: <code>old.py</code> (1 line)</summary>"
    assert f"{title}\n\nOld differences: `old.py`\n\n```python\nx = 1\n```" in markdown.render(report)


def test_evidence_goes_before_findings_do() -> None:
    whole = markdown.render(scenarios.FAILING_UPGRADE)
    sql = re.search(r"<details><summary>SQL.*?</details>", whole, re.DOTALL)
    assert sql is not None
    short = len(whole.encode()) - 1
    assert "<summary>Statement" in markdown.render(scenarios.FAILING_UPGRADE, budget=short)
    assert "<summary>SQL" not in markdown.render(scenarios.FAILING_UPGRADE, budget=short)
    source = markdown.render(scenarios.FAILING_UPGRADE, budget=short - len(sql[0].encode()))
    assert "<summary>Statement" in whole
    assert source == re.sub(
        r"<details>.*</details>",
        "**Left out here for length: 2 blocks of code or evidence.** "
        "[The summary of the run](https://github.com/acme/bookstore/actions/runs/1618/attempts/1) has more.",
        whole,
        flags=re.DOTALL,
    )


def test_a_fix_is_whole_or_left_out() -> None:
    source = markdown.render(scenarios.MISSING_MIGRATION)
    assert f"```python\n{MIGRATION}```\n" in source
    short = markdown.render(scenarios.MISSING_MIGRATION, budget=1_700)
    assert escape.markdown(scenarios.ISBN[0].message) in short
    assert "def upgrade" not in short


def test_a_graph_that_is_more_than_a_graph_is_only_text() -> None:
    snippet = Snippet(title="g", language="mermaid", text='flowchart TD\n  a["x"]\n  click a "https://x.example"')
    finding = handmade.found(Severity.ERROR, evidence=(snippet,))
    source = markdown.render(handmade.report(Verdict.FAILED, handmade.tree(handmade.failed("heads", finding))))
    assert "```mermaid" not in source
    assert "```text\nflowchart TD" in source


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (scenarios.ALL_GREEN, "## \N{WHITE HEAVY CHECK MARK} Migrations: no problems found"),
        (scenarios.UNKNOWN, "## \u26a0\ufe0f Migrations inconclusive: 2 of 7 checks could not run"),
        (scenarios.HEADS, "## \N{CROSS MARK} Migrations: do not merge yet (1 error)"),
        (
            handmade.report(
                Verdict.PASSED, handmade.tree(handmade.passed("history", handmade.found(Severity.WARNING)))
            ),
            "## \N{WHITE HEAVY CHECK MARK} Migrations: no errors found (1 warning)",
        ),
    ],
)
def test_the_first_line_answers(report: Report, expected: str) -> None:
    assert markdown.render(report).split("\n")[0] == expected
