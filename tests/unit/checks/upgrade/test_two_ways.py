"""Rule `two-ways-differ`, on recordings made by hand."""

from __future__ import annotations

from dataclasses import replace

from checks.findings import Finding, Severity, Snippet
from checks.recording.absent import Absent
from checks.recording.deployed import TOGETHER, Deployed, TwoWays
from checks.recording.legs import CodeOf
from checks.recording.revisions import Edit
from checks.recording.schema import ObjectChange, SchemaObject
from checks.recording.tree import TreeRecording
from checks.upgrade.two_ways import two_ways
from tests.unit.checks.dsl import tree


def column(name: str, **attributes: str) -> SchemaObject:
    return SchemaObject(kind="column", schema="public", table="book", name=name, attributes={**attributes})


ONLY_NEW = ObjectChange(before=None, after=column("isbn"))
ONLY_DEPLOYED = ObjectChange(before=column("pages"), after=None)
LONGER = ObjectChange(before=column("title", type="varchar(200)"), after=column("title", type="varchar(300)"))
ALTERED = Deployed(code=CodeOf.BASE, because="…", differing=("models.py",))


def recording(*differences: ObjectChange, deployed: Deployed = ALTERED) -> TreeRecording:
    return replace(tree("a; b<-a", base="a; b<-a"), deployed=deployed, two_ways=TwoWays(differences=differences))


def test_one_difference_is_in_the_message() -> None:
    assert list(two_ways(recording(ONLY_NEW))) == [
        Finding(
            rule="two-ways-differ",
            severity=Severity.ERROR,
            message="After this change, new and deployed databases differ: column public.book.isbn exists only in new "
            "databases.",
            why="New databases run the base's revisions with other code than the deployed ones did: this change alters "
            "models.py, which the base's revisions use.",
            remedy="Copy what the base's revisions use of models.py into their version files, as the base has it. Make "
            "the change in a new revision.",
            path="models.py",
        )
    ]


def test_several_differences_are_listed_with_the_way_that_has_them() -> None:
    (finding,) = two_ways(recording(ONLY_NEW, ONLY_DEPLOYED, LONGER))
    assert finding.message == "After this change, new and deployed databases differ in 3 objects."
    assert finding.evidence == (
        Snippet(
            title="Differences",
            text="column public.book.isbn exists only in new databases\n"
            "column public.book.pages exists only in deployed databases\n"
            "column public.book.title differs: in deployed databases type is varchar(200), in new ones varchar(300)",
        ),
    )


def test_an_edited_revision_is_where_the_difference_comes_from() -> None:
    whole = recording(ONLY_NEW, deployed=Deployed(code=CodeOf.BASE, because="…"))
    edit = Edit(revision="b", parts=("upgrade",), line=12, old_path="migrations/versions/b.py")
    assert not isinstance(whole.changes, Absent)
    changes = replace(whole.changes, reworked=("b",), edits=(edit,))
    (finding,) = two_ways(replace(whole, changes=changes))
    assert (finding.path, finding.line, finding.revision) == ("migrations/versions/b.py", 12, "b")
    assert finding.why is not None
    assert finding.why.endswith("than the deployed ones did: this change edits b.")
    assert finding.remedy == "Restore the revisions of the base. Make the change in a new revision."


def test_two_ways_that_agree_and_a_single_way_have_no_finding() -> None:
    assert list(two_ways(recording())) == []
    assert list(two_ways(replace(recording(ONLY_NEW, deployed=TOGETHER), two_ways=None))) == []
