"""Our end of the probe: one import of the project for the whole run, a fresh process for every leg."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from action.allowance import TimeIsUpError
from action.postgres.servers.interface import Address
from action.probe.protocol.fault_kinds import OUT_OF_MEMORY
from action.probe.protocol.requests import FLASK, FindMissing, FindUnimported, LegRequest, ListUses, Load, Request
from action.project.alembic_tree import Tree
from action.repository.packages import packages_below
from action.session import obstacle_sentences as obstacles
from action.session.ended import Ended, Listener, followed, nothing
from action.session.events import EnvironmentFound, Event, MissingFound, ObstacleMet
from action.session.fault_sentences import LOADING, interrupted
from action.session.filling import MAY_LACK_SETTINGS, Filling
from action.session.load_answer import LoadAnswer, environment_of
from action.session.model_events import UnimportedFound
from action.session.out_of_memory import processes_ended
from action.session.process import ProbeGone, ProbeProcess, ProbeTimeout
from action.session.running import ProjectRun
from action.session.server_place import place_of
from action.session.used_files import UsedFiles
from action.session.way_sentences import needs_application
from action.session.working_folder import moved_because, other_folders, start_variables
from checks.recording.absent import Absent
from checks.recording.obstacles import Obstacle
from checks.recording.tree import Environment

_GONE = "was ended earlier, when it stopped answering"
_AFTER_A_TIMEOUT = 5.0  # seconds that the imported project gets to notice that its leg was ended


class Session:
    """The project's code at one commit, imported once; a context manager."""

    def __init__(self, run: ProjectRun, tree: Tree, root: Path, *, moved_from: Path | None = None) -> None:
        self.run, self.tree, self.root = run, tree, root
        self._moved_from = moved_from
        self._trace = run.trace.of(f"{tree.path} of the base" if moved_from else tree.path) if run.trace else None
        self._stack = contextlib.ExitStack()
        self._process: ProbeProcess | None = None
        self._address: Address | None = None
        self._imported_at: Address | None = None
        self._forks = True
        self._used = False
        self._driver = 0
        self._met: ObstacleMet | None = None
        self._moved = tree.note
        self._folders = {tree.workdir}
        self.filling = Filling(run, root, is_export=moved_from is not None)
        self._framework = ""
        self.environment: Environment | None = None
        self.known_engines: tuple[str, ...] = ()
        """The keys of the databases that env.py migrates, where it is known that they are several."""
        self.found: EnvironmentFound | None = None
        """What the run of env.py showed, its revisions among it."""
        self.uses = UsedFiles()
        self.output = ""
        self._packages: dict[str, list[str]] = {}

    def __enter__(self) -> Session:
        if self.run.prepared is None or self.run.prepared.error is None:
            self._start()  # the interpreter and Alembic are imported while we boot the server
        self._packages = packages_below(self.root)
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the project's process, where it runs; what it printed stays known."""
        self.keep_output()
        self._stack.close()
        self._process = None

    def load(self, address: Address, database: str) -> Obstacle | None:
        """Import the project by one run of env.py that changes nothing; return what kept it from that."""
        if self._address is not None:
            self._start()  # a failed import leaves half of the project behind
        self._address = address
        return self._until_loaded(database)

    def _until_loaded(self, database: str, init: str | None = None) -> Obstacle | None:
        obstacle = self._with_some_driver(database, init)
        while obstacle is not None and self._met is not None:
            obstacle, is_changed = self._changed_for(self._met, obstacle)
            if not is_changed:
                return self.filling.noted(obstacle)
            self._start()
            obstacle = self._with_some_driver(database)
        return obstacle

    def go_to(self, address: Address) -> None:
        """Do everything on another server from now on; the project stays imported."""
        self._address = address

    def _changed_for(self, met: ObstacleMet, obstacle: Obstacle) -> tuple[Obstacle, bool]:
        """Arrange what a failed import asks for; return the whole obstacle, and whether another import is worth it."""
        if not self._framework and needs_application(met):
            self._framework = FLASK
            return obstacle, True
        text = met.text or ""
        folder = next((one for one in other_folders(met, self.tree, self.root) if one not in self._folders), None)
        if folder is not None and not self.run.supplies_metadata(text):
            self._folders.add(folder)
            self._moved = moved_because(met, self.tree, folder, self.root)
            self.tree = replace(self.tree, workdir=folder)
            return obstacle, True
        made = self.run.made is not None and self.run.made.make(met, self.tree, self.run.user)
        if made or self.run.supply(text, self.tree.path) or self.filling.take_deciding(met, self.tree):
            return obstacle, True
        found = self._missing(met) if met.kind in MAY_LACK_SETTINGS else None
        whole = self.filling.obstacle(found, met, self.tree) if found is not None else None
        if found is not None and whole is None and self.filling.take(found):
            return obstacle, True
        return whole or obstacles.describe(met, self.tree, self.run), False

    def _missing(self, met: ObstacleMet) -> MissingFound | None:
        """Return all variables that the project lacks, which has just failed to load."""
        answers: list[Event] = []
        self._exchange(FindMissing(offered=self.filling.offered(self.tree)), answers.append)
        found = next((event for event in answers if isinstance(event, MissingFound)), None)
        return self.filling.with_named(found, met)

    def _with_some_driver(self, database: str, init: str | None = None) -> Obstacle | None:
        obstacle, retry = self._load(database, init)
        first, met = obstacle, self._met
        while retry and obstacle is not None:  # only a failed import shows that the project expects another driver
            self._driver += 1
            self._start()
            obstacle, retry = self._load(database)
        self._met = None if obstacle is None else met
        return None if obstacle is None else first

    def load_again(self, database: str, init: str | None = None) -> Obstacle | None:
        """Import the project in a fresh process, after ``init`` ran on the database; return what kept it from that."""
        self._start()
        return self._until_loaded(database, init)

    def _load(self, database: str, init: str | None = None) -> tuple[Obstacle | None, bool]:
        found = LoadAnswer()
        ended = self._exchange(replace(self._load_request(database), init=init), found)
        if found.fault is not None and found.environment is None:
            return interrupted(found.fault.kind, during=LOADING, said=found.fault.text), False
        if ended.out_of_memory and ended.died:
            return interrupted(OUT_OF_MEMORY, during=LOADING, said=f"the project's process {ended.died}"), False
        if ended.timed_out or ended.died:
            return self._gone(ended), False
        self._met = found.obstacle
        if found.obstacle is not None:
            drivers = found.versions.drivers if found.versions else 1
            retry = found.obstacle.driver_mismatch and self._driver + 1 < drivers
            return obstacles.describe(found.obstacle, self.tree, self.run), retry
        if found.versions is None or found.environment is None:
            return self._gone(Ended(died="did not report how the import ended")), False
        if found.environment.strays:
            return obstacles.other_code(found.environment.strays), False
        self._forks = not found.threads
        self.found = found.environment
        found_keys = (engine.key for engine in found.environment.engines)
        self.known_engines = tuple(dict.fromkeys((*self.known_engines, *found_keys)))
        notes = (self._moved, self.run.made.note if self.run.made else None)
        self.environment = environment_of(found.versions, found.environment, notes, self.filling.note)
        return None, False

    def _start(self) -> None:
        """Start a probe, in place of the one before."""
        self.end()
        variables = start_variables(self.run, self.tree.workdir, self.root, self._moved_from)
        probe = ProbeProcess(self.run, self.tree.workdir, variables, self._trace)
        self._process = self._stack.enter_context(probe)

    def _load_request(self, database: str, *, only_prepare: bool = False) -> Load:
        tree = self.tree
        assert self._address is not None
        self._imported_at = self._address
        return Load(
            server=place_of(self._address),
            database=database,
            root=str(self.root),
            workdir=str(tree.workdir),
            config_file=str(tree.config_file),
            section=tree.section,
            kind=tree.kind,
            script_location=str(tree.script_location),
            version_locations=tuple(str(folder) for folder in tree.version_locations),
            env_py=str(tree.env_py),
            env=self.filling.env,
            driver=self._driver,
            only_prepare=only_prepare,
            relocate=(str(self._moved_from), str(self.root)) if self._moved_from else None,
            packages=self._packages,
            engines=self.known_engines,
            **asdict(self.run.way),
            framework=self._framework,
        )

    def perform(
        self,
        request: LegRequest,
        listen: Listener,
        *,
        on_timeout: Callable[[], None] = nothing,
        meanwhile: Callable[[], None] = nothing,
        gives_up: Callable[[int | None], bool] | None = None,
    ) -> Ended:
        """Do one leg on a database in a process of its own.

        ``meanwhile`` is called once it is under way; ``on_timeout`` may look before it is killed, also where
        ``gives_up`` says, of the processor time used, that it will not end. Raises TimeIsUpError when the run has no
        time left.
        """
        if self._process is None or (not self._forks and self._used):
            # Threads make a fork unsafe: the project is imported again, in a process that only this leg uses.
            self._start()
            self._exchange(self._load_request(request.database, only_prepare=True), lambda event: None)
        self._used = True
        if self._process is not None:
            self._process.watch(gives_up)
        elsewhere = self._address if self._address != self._imported_at else None
        request = replace(request, fork=self._forks, server=None if elsewhere is None else place_of(elsewhere))
        return self._exchange(request, listen, on_timeout=on_timeout, meanwhile=meanwhile)

    def cut(self) -> None:
        """End the leg under way at once, from another thread, with every connection that it has."""
        if self._process is not None:
            self._process.cut()

    def learn_uses(self, of: Sequence[str] = ()) -> None:
        """Ask what files use, and what that uses again; of all files of the project when none is named."""
        self._exchange(ListUses(of=tuple(of)), lambda event: None)

    def unimported(self, files: Sequence[str]) -> UnimportedFound | Absent:
        """Return which of these files were imported, and the tables that others declare beside the metadata's."""
        answers: list[Event] = []
        try:
            ended = self._exchange(FindUnimported(files=tuple(files)), answers.append)
        except TimeIsUpError as error:
            return Absent(reason=str(error))
        answer = next((event for event in answers if isinstance(event, UnimportedFound)), None)
        if answer is None:
            return Absent(reason=f"the project's process {ended.died or 'did not answer in time'}")
        return answer if answer.error is None else Absent(reason=answer.error)

    def _exchange(
        self,
        request: Request,
        listen: Listener,
        *,
        on_timeout: Callable[[], None] = nothing,
        meanwhile: Callable[[], None] = nothing,
    ) -> Ended:
        process = self._process
        if process is None:
            meanwhile()
            return Ended(died=_GONE)
        ended_before = processes_ended()
        ended = self._answered(process, request, listen, (on_timeout, meanwhile))
        if ended.timed_out:
            self.run.allowance.check()
        return replace(ended, out_of_memory=processes_ended() > ended_before)

    def _answered(
        self,
        process: ProbeProcess,
        request: Request,
        listen: Listener,
        during: tuple[Callable[[], None], Callable[[], None]],
    ) -> Ended:
        on_timeout, meanwhile = during
        timeout = self.run.allowance.within(self.run.timeout)
        try:
            events = process.ask(request, timeout)
            meanwhile()
            return followed(process, events, self.uses.beside(listen))
        except ProbeGone as gone:
            self.end()
            return Ended(died=None if process.is_stopped else str(gone))  # a leg that does not fork ends all of it
        except ProbeTimeout:
            on_timeout()
            # After a leg that hung, the imported project is as it was; without a leg, it is what hangs.
            if not (process.end_leg() and process.wait_for_end(request, _AFTER_A_TIMEOUT)):
                self.end()
            return Ended(timed_out=True)

    def _gone(self, ended: Ended) -> Obstacle:
        self.keep_output()
        if ended.timed_out:
            return obstacles.timed_out(self.run.timeout, self.output)
        return obstacles.died(ended.died or "", self.output)

    def keep_output(self) -> None:
        """Take over the end of what the project has printed so far."""
        if self._process is not None:
            self.output = self._process.output()
