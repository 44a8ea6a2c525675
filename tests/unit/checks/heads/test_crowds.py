"""Many heads: one finding names some of them and says how many more there are."""

from __future__ import annotations

from checks.findings import Finding, Severity, Snippet
from tests.unit.checks.dsl import LINE, tree
from tests.unit.checks.heads.judging import judged, listed, only

NAMES = [f"h{number:02}" for number in range(14)]
FIRST_TEN = "h00, h01, h02, h03, h04, h05, h06, h07, h08, h09"
HEADS = "; ".join(f"{name}<-a" for name in NAMES)


def test_twelve_extra_heads_are_one_finding() -> None:
    work = "a; " + "; ".join(f"{name}<-a" for name in NAMES[:12])
    files = "\n".join(f"migrations/versions/{name}.py: {name}" for name in NAMES[:12])
    assert only(tree(work)) == Finding(
        rule="multiple-heads",
        severity=Severity.ERROR,
        message=f"The revision graph has 12 heads, among them {FIRST_TEN} and 2 more.",
        why="A deploy stops: alembic upgrade head refuses to run with more than one head.",
        remedy="Add a merge revision that joins the heads.",
        path="migrations/versions/h01.py",
        line=LINE,
        revision="h01",
        object="h01",
        evidence=(Snippet(title="Heads", text=files),),
        fixes=(Snippet(title="Add a merge revision", text='alembic merge -m "merge heads" heads', language="shell"),),
    )


def test_ten_extra_heads_are_ten_findings() -> None:
    work = "a; " + "; ".join(f"{name}<-a" for name in NAMES[:11])
    assert len(judged(tree(work))) == 10


def test_a_new_head_is_not_lost_among_the_old_ones() -> None:
    found = judged(tree(f"a; {HEADS}; new<-a", base=f"a; {HEADS}"))
    assert [(finding.severity, finding.message) for finding in found] == [
        (
            Severity.NOTICE,
            f"The revision graph has more than one head: {FIRST_TEN} and 4 more."
            " These heads are already on origin/main.",
        ),
        (
            Severity.ERROR,
            "After the merge into origin/main, the revision graph has 15 heads, among them h00 and new, split at a.",
        ),
    ]


def test_heads_of_another_branch_are_named_one_by_one() -> None:
    (finding,) = (f for f in judged(tree(f"a; {HEADS}; b:other")) if f.rule == "multiple-heads")
    assert finding.fixes[0].text == f'alembic merge -m "merge heads" {" ".join(NAMES)}'


def test_a_branch_that_lacks_heads_of_the_base_is_updated_first() -> None:
    (notice, finding) = judged(tree("a; new<-a", base=f"a; {HEADS}", fork="a"))
    assert (notice.severity, finding.severity) == (Severity.NOTICE, Severity.ERROR)
    assert notice.remedy == (
        f"Update this branch from origin/main first: it lacks {FIRST_TEN} and 4 more."
        " Add a merge revision that joins the heads."
    )


def test_starts_of_second_histories_are_no_crowd() -> None:
    bases = "; ".join(f"s{number:02}" for number in range(14))
    assert {rule for rule, *_ in listed(tree(f"a; {bases}"))} == {"second-base"}
