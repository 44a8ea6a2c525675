"""The commands; what they print are lines for GITHUB_OUTPUT."""

from __future__ import annotations

import argparse
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from release import example_repository, updates
from release.history import Repository
from release.mistakes import Mistake
from release.numbers import of_tag, with_number
from release.tags import Release, publish

_HERE = Path()


def main(arguments: Sequence[str]) -> int:
    """Run a command; print its outputs, or what is wrong."""
    given = parser().parse_args(arguments)
    try:
        outputs = given.run(given)
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    for name, value in outputs.items():
        end = uuid.uuid4().hex
        print(f"{name}<<{end}\n{value}\n{end}" if "\n" in str(value) else f"{name}={value}")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = argparse.ArgumentParser(prog="python -m release", description=__doc__)
    commands = whole.add_subparsers(required=True)

    def add(name: str, run: Callable[[argparse.Namespace], Mapping[str, object]]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        made.set_defaults(run=run)
        return made

    source, tags = add("source", _source), add("tags", _tags)
    for command in (source, tags):
        command.add_argument("tag")
        command.add_argument("--prerelease", choices=("true", "false"), default="false")
    tags.add_argument("--source", required=True, metavar="COMMIT", help="commit whose code it is")
    tags.add_argument("--image", required=True, metavar="NAME@sha256:DIGEST")
    add("newest", _newest)
    add("updates", _updates)
    add("number", _number).add_argument("tag")
    add("example", _example).add_argument("folder", type=Path)
    return whole


def _source(given: argparse.Namespace) -> Mapping[str, object]:
    """Print the commit that a tag's release is made from, and its image where it is released."""
    found = Repository(_HERE).of(given.tag)
    prerelease = given.prerelease == "true"
    return {
        "source": found.source,
        "image": found.image,
        "prerelease": _word(prerelease or found.number.suffix != ""),
        # To PyPI, a version without a suffix is final: it waits until the release is no pre-release.
        "package": _word(not prerelease or found.number.suffix != ""),
    }


def _tags(given: argparse.Namespace) -> Mapping[str, object]:
    """Make the commit of a release, push it with its tags, and print the moving tags that lead to it."""
    from action.manifest import manifest

    number = of_tag(given.tag)
    commit, moving = publish(
        Repository(_HERE),
        Release(
            number=number,
            source=given.source,
            image=given.image,
            manifest=manifest(given.image),
            final=given.prerelease == "false" and not number.suffix,
        ),
    )
    return {"commit": commit, "moving": " ".join(moving)}


def _newest(given: argparse.Namespace) -> Mapping[str, object]:
    """Print the newest release that is no pre-release, and the tag of its rebuild; nothing without one."""
    repository = Repository(_HERE)
    found = repository.newest()
    if found is None or not found.image:
        return {}
    rebuild = found.number.following
    while repository.tags(rebuild.tag):
        rebuild = rebuild.following
    return {"newest": found.number.tag, "source": found.source, "image": found.image, "tag": rebuild.tag}


def _updates(given: argparse.Namespace) -> Mapping[str, object]:
    """Read the output of `apt-get --simulate dist-upgrade`; print whether to rebuild, and the packages as a list."""
    found = [*updates.offered(sys.stdin.read())]
    return {
        "needed": _word(any(update.urgent for update in found)),
        "packages": "\n".join(map(str, found)),
    }


def _number(given: argparse.Namespace) -> Mapping[str, object]:
    """Write the version that a tag names into pyproject.toml."""
    path = _HERE / "pyproject.toml"
    number = of_tag(given.tag)
    path.write_text(with_number(path.read_text(encoding="utf-8"), number), encoding="utf-8")
    return {"version": number}


def _example(given: argparse.Namespace) -> Mapping[str, object]:
    """Make a repository of the example, whose second commit is what a pull request would add."""
    example_repository.make(given.folder)
    return {}


def _word(truth: bool) -> str:
    return "true" if truth else "false"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
