"""What is done to a run, and when: the words that rows are made of."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults import second_server as second_server_of
from tests.faults.fault import PASSES, Deed
from tests.faults.scene import MARKS, Scene, files
from tests.projects.builder import write

SERVERS = "alembic-checks-server-"
"""What the command line of a server of ours holds."""


def all_of(*deeds: Deed) -> Deed:
    """Do one after the other."""

    def do(scene: Scene) -> None:
        for deed in deeds:
            deed(scene)

    return do


def marked(name: str) -> Deed:
    """Wait until the project's code has got to a place."""
    return lambda scene: scene.wait((MARKS / name).exists, f"the project's code was at {name!r}")


def said(text: str) -> Deed:
    """Wait until the program has printed something."""
    return lambda scene: scene.wait(lambda: text in scene.stderr + scene.stdout, f"it printed {text!r}")


def sent(number: int, *, group: bool = False) -> Deed:
    """Send a signal to the program."""
    return lambda scene: scene.send(number, group=group)


def sent_to(number: int, *words: str) -> Deed:
    """Send a signal to the processes of the run whose command line holds these words, which there must be."""

    def do(scene: Scene) -> None:
        scene.wait(lambda: bool(scene.find(*words)), f"there was a process with {words}")
        scene.signal_all(number, *words)

    return do


def seconds(number: float) -> Deed:
    """Let time pass: for moments that only time decides, such as the start of Python."""
    return lambda scene: time.sleep(number)


def server_starts(scene: Scene) -> None:
    """Wait until PostgreSQL's program has been started for this run."""
    scene.wait(lambda: bool(scene.find("postgres", SERVERS)), "the server was started")


def server_is_gone(scene: Scene) -> None:
    """Wait until no server of this run is left: the clean-up has begun."""
    scene.wait(lambda: not scene.find("bin/postgres", "-D"), "the server was ended")


def data_is_slow_to_remove(scene: Scene) -> None:
    """Put so many files into the server's folder that its removal takes a while."""
    (folder,) = Path("/dev/shm").glob(f"{SERVERS}*/data")
    (folder / "more").mkdir()
    for number in range(40_000):
        os.close(os.open(folder / "more" / str(number), os.O_CREAT | os.O_WRONLY))


def second_server(number: int, part: str = "") -> Deed:
    """Send a signal to the server that is not ours: to a part of it, or to all of it."""

    def do(scene: Scene) -> None:
        pids = [scene.second.part(part)] if part else scene.second.parts()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    return do


def clean_up_waits(scene: Scene) -> None:
    """Hold the removal of databases on the second server: PostgreSQL asks its checkpointer, which is stopped."""
    second_server(signal.SIGSTOP, "checkpointer")(scene)


def clean_up_goes_on(scene: Scene) -> None:
    """Let it go on."""
    second_server(signal.SIGCONT, "checkpointer")(scene)


def databases_are_dropped(scene: Scene) -> None:
    """Wait until the program drops a database of the second server."""
    active = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DROP DATABASE%'"
    scene.wait(lambda: bool(scene.second.run(active)), "it dropped a database")


def typed(text: bytes) -> Deed:
    """Type something at the program's terminal."""

    def do(scene: Scene) -> None:
        assert scene.terminal is not None
        os.write(scene.terminal, text)

    return do


def hung_up(scene: Scene) -> None:
    """Close the terminal, as its window is closed; the kernel then sends SIGHUP."""
    assert scene.terminal is not None
    closed, scene.terminal = scene.terminal, None
    time.sleep(0.1)  # until nobody reads from it any more
    os.close(closed)


def killed_all(scene: Scene) -> None:
    """Kill every process of the run at once, as a machine that runs out of memory may."""
    for process in scene.of_run():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGSTOP)
    scene.signal_all(signal.SIGKILL)


def and_run_again(scene: Scene) -> None:
    """Run the program once more, and expect that nothing of the first run is left after it."""
    again = subprocess.run(
        [*scene.command, "--checks", "heads,upgrade,drift"],
        cwd=scene.project, env=scene.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, f"the next run ended with {again.returncode}: {again.stdout}{again.stderr}"
    left = [str(process) for process in scene.of_run()] + sorted(files() - scene.known)
    left += sorted((scene.server.contents() if scene.server else set()) - scene.known)
    assert left == [], f"left after the next run: {left}"


def counted_at_most(word: str, most: Callable[[int], int]) -> Deed:
    """Watch how many processes of a kind there are at once, until the end; ``most`` is a function of the cores."""

    def do(scene: Scene) -> None:
        seen = 0
        while scene.runs.poll() is None and seen < 1000:
            seen = max(seen, len(scene.find(word)))
            time.sleep(0.02)
        allowed = most(os.cpu_count() or 1)
        expect(seen <= allowed, f"there were {seen} processes of {word} at once, more than {allowed}")

    return do


def migrations_do_not_wait(scene: Scene) -> None:
    """Replace the migrations by some that come to their end."""
    write(scene.project, PASSES)


def a_neighbour_holds(name: str) -> Deed:
    """Make a database of another run on the second server, which has not ended: it holds the run's lock."""

    def do(scene: Scene) -> None:
        run = name.split("_")[1]
        mark = f"Scratch database of the run {run} of alembic-checks. The next run drops it when this one has ended."
        scene.second.run(f'CREATE DATABASE "{name}" OWNER {second_server_of.ROLE}')
        scene.second.run(f"COMMENT ON DATABASE \"{name}\" IS '{mark}'")
        scene.kept.append(scene.second.hold_lock_of(run))

    return do


def second_server_has(line: str) -> Deed:
    """Expect something on the second server after the end."""
    return lambda scene: expect(line in scene.second.contents(), f"the second server has no {line}")


def second_server_keeps_all(scene: Scene) -> None:
    """Make every scratch database one that PostgreSQL does not drop."""
    scene.second.run("UPDATE pg_database SET datistemplate = true WHERE datname LIKE 'ac\\_%'")


def a_bystander(scene: Scene) -> None:
    """Start a process that has nothing to do with the run."""
    scene.kept.append(subprocess.Popen(["sleep", "600"], start_new_session=True))


def the_bystander_lives(scene: Scene) -> None:
    """Expect that the bystander still runs."""
    (bystander,) = (one for one in scene.kept if isinstance(one, subprocess.Popen))
    expect(bystander.poll() is None, "the bystander was ended")


def expect(fact: bool, otherwise: str) -> None:
    """Raise AssertionError unless something is so."""
    assert fact, otherwise


def then(check: Callable[[Scene], bool], what: str) -> Deed:
    """Expect something of what is there after the end."""

    def do(scene: Scene) -> None:
        assert check(scene), what

    return do
