"""Revision ids that the column of the version table cannot hold."""

from __future__ import annotations

from dataclasses import replace

from checks.recording.legs import Failure, FailureKind, Leg, LegName, Step
from checks.recording.tree import TreeRecording
from tests.unit.checks.dsl import LINE, tree
from tests.unit.checks.heads.judging import judged, only, texts

LONG = "2026_11_26_add_pages_to_every_book"
OLD_LONG = "2025_01_01_add_isbn_to_every_book_of_ours"


def found(recording: TreeRecording) -> list[str | None]:
    return [finding.revision for finding in judged(recording) if finding.rule == "revision-id-too-long"]


def with_leg(recording: TreeRecording, **more: object) -> TreeRecording:
    return replace(recording, legs=(Leg(name=LegName.BASE_TO_HEADS, target=(LONG,), **more),))  # type: ignore[arg-type]


NEW = tree(f"a; {LONG}<-a", base="a")
OTHER = Failure(kind=FailureKind.DATABASE, message="no", revision=LONG, sqlstate="42P01")
REFUSED = replace(OTHER, message="value too long for type character varying(32)", sqlstate="22001")


def test_a_new_id_is_an_error_with_its_length_and_the_column() -> None:
    finding = only(NEW)
    assert (finding.message, finding.path, finding.line, finding.remedy, texts(finding.fixes)) == (
        f"Revision id {LONG} has 34 characters, but alembic_version.version_num holds 32.",
        f"migrations/versions/{LONG}.py",
        LINE,
        f"Shorten the `revision` in migrations/versions/{LONG}.py. Or widen alembic_version.version_num in an earlier"
        " migration.",
        [(f"Set a shorter revision id (line {LINE})", f'revision = "{LONG[:32]}"')],
    )


def test_an_id_of_32_characters_fits() -> None:
    assert judged(tree(f"a; {LONG[:32]}<-a", base="a")) == ()


def test_an_old_id_is_none_and_shows_that_the_column_is_wider() -> None:
    assert found(tree(f"a; {OLD_LONG}<-a", base=f"a; {OLD_LONG}<-a")) == []
    assert found(tree(f"a; {OLD_LONG}<-a; {LONG}<-{OLD_LONG}", base=f"a; {OLD_LONG}<-a")) == []


def test_without_a_base_only_an_id_that_nothing_follows_can_be_new() -> None:
    assert found(tree(f"a; {LONG}<-a")) == [LONG]
    assert found(tree(f"a; {LONG}<-a; b<-{LONG}")) == []


def test_an_id_that_was_stored_fits() -> None:
    assert found(with_leg(NEW, steps=(Step(revision=LONG, seconds=0.1),))) == []
    assert found(with_leg(NEW, steps=(Step(revision=LONG, seconds=None),), failure=OTHER)) == [LONG]


def test_a_column_that_was_seen_wider_holds_it() -> None:
    assert found(with_leg(NEW, failure=OTHER, version_column="character varying(64)")) == []
    assert found(with_leg(NEW, failure=OTHER, version_column="text")) == []
    assert found(with_leg(NEW, failure=OTHER, version_column="character varying(32)")) == [LONG]


def test_a_file_that_names_the_column_may_widen_it_unless_the_server_refused() -> None:
    named = replace(NEW, graph=replace(NEW.graph, version_column_named="migrations/env.py"))
    assert found(named) == []
    assert found(with_leg(named, failure=OTHER)) == []
    assert found(with_leg(named, failure=REFUSED)) == [LONG]
