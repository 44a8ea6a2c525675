"""What the probe answers to a request on a database of its own, or why it gives no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from action.postgres.databases import Databases
from action.probe.protocol.requests import LegRequest
from action.rehearsal.failures import failure_of
from action.rehearsal.interruptions import COMPARING, Interrupted, interruption
from action.rehearsal.steps import Collector
from action.session.ended import Ended, nothing
from action.session.model_events import CandidateWritten, MigrationApplied, ModelsBuilt
from action.session.session import Session
from checks.recording.absent import Absent

_Answer = TypeVar("_Answer", ModelsBuilt, CandidateWritten, MigrationApplied)


def answer_to(
    request: LegRequest,
    kind: type[_Answer],
    session: Session,
    databases: Databases,
    *,
    meanwhile: Callable[[], None] = nothing,
) -> _Answer | Absent:
    """Return what the probe answers to a request, and leave nobody connected to its database.

    Raises Interrupted where the server or the machine failed.
    """
    collector = Collector()
    ended = session.perform(request, collector, meanwhile=meanwhile)
    failure = failure_of(collector, ended, "", session.run.timeout)
    obstacle = interruption(databases, request.database, collector, ended, failure, during=COMPARING)
    if obstacle is not None:
        raise Interrupted(obstacle)
    databases.disconnect(request.database)
    why = _why_there_is_no_answer(collector, ended)
    if why is not None:
        return Absent(reason=why)
    return collector.answer if isinstance(collector.answer, kind) else Absent(reason="it gave no answer")


def _why_there_is_no_answer(collector: Collector, ended: Ended) -> str | None:
    if ended.timed_out:
        return "it did not finish in time"
    if ended.died:
        return ended.died
    if collector.crashed is not None:
        return collector.crashed.traceback.strip().splitlines()[-1]
    if collector.failed is not None:
        return str(collector.failed.message)
    return str(collector.obstacle.text) if collector.obstacle is not None else None
