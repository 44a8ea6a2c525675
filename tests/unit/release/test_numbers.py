"""Numbers of releases: which texts are one, and the tags of each."""

from __future__ import annotations

import pytest

from release.mistakes import Mistake
from release.numbers import can_become, of_project, of_tag, with_number

PROJECT = '[project]\nname = "alembic-checks"\nversion = "1.3.0"\n\n[tool.other]\nversion = "9"\n'


def test_a_release_has_a_tag_of_its_own_and_two_that_move() -> None:
    number = of_tag("v1.3.0")
    assert (number.tag, number.moving_tags, number.following.tag) == ("v1.3.0", ("v1.3", "v1"), "v1.3.1")
    assert of_tag("v1.4.0rc1").tag == "v1.4.0rc1"


@pytest.mark.parametrize("tag", ["v1.3", "v1", "1.3.0", "v01.3.0", "v1.3.0-rc.1", "v1.3.0+build", "v1.3.0 ", "vv1.3.0"])
def test_other_tags_are_refused_with_what_to_write(tag: str) -> None:
    with pytest.raises(Mistake, match=r"as in v?1\.4\.0"):
        of_tag(tag)


def test_the_version_of_the_project_is_read_and_written_and_no_other() -> None:
    assert str(of_project(PROJECT)) == "1.3.0"
    assert with_number(PROJECT, of_tag("v1.3.1")) == PROJECT.replace("1.3.0", "1.3.1")


def test_a_project_whose_version_stands_elsewhere_is_refused() -> None:
    with pytest.raises(Mistake, match="no line"):
        with_number("[project]\nversion = '1.3.0'\n", of_tag("v1.3.1"))


def test_a_development_version_becomes_any_release_of_its_number_and_its_comment_stays() -> None:
    text = '[project]\nversion = "1.4.0.dev0"  # between releases\n'
    found = {tag: can_become(text, of_tag(tag)) for tag in ("v1.4.0", "v1.4.0rc1", "v1.4.1", "v1.3.0")}
    assert found == {"v1.4.0": True, "v1.4.0rc1": True, "v1.4.1": False, "v1.3.0": False}
    assert not can_become(PROJECT, of_tag("v1.3.0rc1"))
    assert with_number(text, of_tag("v1.4.0")) == '[project]\nversion = "1.4.0"  # between releases\n'
