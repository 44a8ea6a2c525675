"""A step of the stand-in for GitHub's runner: a container from its start to what it left."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tests.e2e.runner_commands import LINE_ENDS, Annotation, BadFile, Command, Interpreter, key_values

LABEL = "alembic-checks-runner"
SUMMARY_LIMIT = 1024 * 1024
"""Bytes; a larger one is dropped as a whole."""
_LONGEST = 600.0
"""Seconds until a step that hangs is ended, so that a test fails and does not wait for ever."""
# What the runner does when a job is cancelled; seconds.
_PATIENCE = ((signal.SIGINT, 7.5), (signal.SIGTERM, 2.5))

_COLOR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What the runner made of a step."""

    exit_code: int
    succeeded: bool
    """False too where the exit code is 0 and the runner could not read a file or a command."""
    log: str
    """All that the container printed; the runner would mask secrets in it."""
    annotations: tuple[Annotation, ...]
    commands: tuple[Command, ...]
    """Every workflow command that was carried out, in order."""
    outputs: Mapping[str, str]
    summary: str
    env_set: Mapping[str, str]
    state: Mapping[str, str]
    path_added: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a step's container is started with."""

    image: str
    workspace: Path
    mounts: Mapping[str, str]
    """Folders of the runner, and where the container sees them, the innermost first."""
    environ: Mapping[str, str]
    network: str | None


class Step:
    """A step that runs; a context manager that leaves no container behind."""

    def __init__(self, launch: Launch, files: Mapping[str, Path], annotations: Sequence[Annotation]) -> None:
        """Run ``docker``; the values of variables are in its environment and not on its command line."""
        self.container = f"{re.sub('[^a-z0-9]', '', launch.image)}_{uuid.uuid4().hex[:6]}"
        self._files, self._lines = files, list[str]()
        self._interpreter = Interpreter(
            {inside: outside for outside, inside in launch.mounts.items()}, str(launch.workspace)
        )
        self._interpreter.annotations += annotations
        options = ["--name", self.container, "--label", LABEL, "--workdir", "/github/workspace", "--rm"]
        options += [word for name in launch.environ for word in ("-e", name)]
        options += ["-e", "GITHUB_ACTIONS=true", *([] if "CI" in launch.environ else ["-e", "CI=true"])]
        options += ["--network", launch.network] if launch.network else []
        volumes = [("/var/run/docker.sock", "/var/run/docker.sock"), *reversed([*launch.mounts.items()])]
        options += [word for outside, inside in volumes for word in ("-v", f"{outside}:{inside}")]
        self._process = subprocess.Popen(
            [shutil.which("docker") or "docker", "run", *options, launch.image],
            env={**{name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}, **launch.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._limit = threading.Timer(_LONGEST, self.remove)
        self._limit.start()

    def __enter__(self) -> Step:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._limit.cancel()
        self.remove()
        self._process.kill()
        self._process.communicate()

    def remove(self) -> None:
        """Remove the container, whatever it is doing."""
        subprocess.run(["docker", "rm", "-f", "-v", self.container], capture_output=True, check=False)

    @property
    def runs(self) -> bool:
        """Tell whether it has not come to its end."""
        return self._process.poll() is None

    def until(self, text: str) -> None:
        """Wait for a line of output that holds ``text``."""
        assert any(text in line for line in self._read()), f"it ended without {text!r}:\n{''.join(self._lines)}"

    def cancel(self) -> StepResult:
        """Cancel it as the runner does: an interrupt, then patience, then less of it."""
        for number, seconds in _PATIENCE:
            self._process.send_signal(number)
            try:
                self._process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue
        else:
            self._process.kill()
        return self.wait()

    def wait(self) -> StepResult:
        """Wait for its end and read what it left."""
        for _ in self._read():
            pass
        exit_code = self._process.wait()
        log = "".join(self._lines)
        for line in LINE_ENDS.split(log):
            self._interpreter.line(line)
        return self._result(exit_code, log)

    def _read(self) -> Iterator[str]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line.decode(errors="replace"))
            yield self._lines[-1]

    def _result(self, exit_code: int, log: str) -> StepResult:
        outputs, env_set, state = (self._pairs(name) for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STATE"))
        summary = self._summary()
        return StepResult(
            exit_code=exit_code,
            succeeded=exit_code == 0 and not self._interpreter.failed,
            log=_COLOR.sub("", log),  # as the page of the log shows it
            annotations=tuple(self._interpreter.annotations),
            commands=tuple(self._interpreter.commands),
            outputs=outputs,
            summary=summary,
            env_set=env_set,
            state=state,
            path_added=tuple(filter(None, self._text("GITHUB_PATH").splitlines())),
        )

    def _text(self, name: str) -> str:
        return self._files[name].read_text(encoding="utf-8-sig")

    def _pairs(self, name: str) -> dict[str, str]:
        try:
            return key_values(self._text(name))
        except BadFile as error:
            self._interpreter.fail(f"Unable to process file command '{name}' successfully: {error}")
            return {}

    def _summary(self) -> str:
        size = self._files["GITHUB_STEP_SUMMARY"].stat().st_size
        if size <= SUMMARY_LIMIT:
            return self._text("GITHUB_STEP_SUMMARY")
        message = f"$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got {size // 1024}k."
        self._interpreter.add(Annotation(level="error", message=message))
        return ""
