"""Writes what the fold says into the rows that lists and loops read."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from gongzhi.base.ids import new_id
from gongzhi.base.many_rows import insert
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import LAST_PLACE, CaseClock, CaseRecord, CaseTask
from gongzhi.cases.types import CaseState, ClockState, ClockStatus, TaskState
from gongzhi.territory import queries as territory

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_all(opened: Sequence[tuple[CaseRecord, CaseState]]) -> None:
    """Write the rows of new cases; a first step gives nobody a task."""
    for record, state in opened:
        for name, value in case_columns(None, state).items():
            setattr(record, name, value)
    insert([record for record, _state in opened])
    insert([_clock(record, clock) for record, state in opened for clock in state.clocks])


def write(record: CaseRecord, before: CaseState, after: CaseState, digest: bytes) -> None:
    """Bring a case's rows to a state, touching only what changed."""
    for name, value in case_columns(before, after).items():
        setattr(record, name, value)
    record.last_digest = digest
    record.save()
    _write_tasks(record, before, after)
    _write_clocks(record, before, after)


def case_columns(before: CaseState | None, state: CaseState) -> dict[str, Any]:
    """The columns of the case row that follow from the ledger."""
    lon, lat = state.place or (None, None)
    columns: dict[str, Any] = {
        "status": state.status,
        "kind": state.kind,
        "definition": state.definition,
        "severity": state.severity,
        "calendar": state.calendar,
        "source": state.source,
        "title": state.title,
        "lon_e7": lon,
        "lat_e7": lat,
        "area_id": _uuid(state.area),
        "cross_border": state.cross_border,
        "drill": state.drill,
        "lead_case_id": _uuid(state.lead_case),
        "reported_at": state.reported_at,
        "accepted_at": state.accepted_at,
        "closed_at": state.closed_at,
        "suspended_until": state.suspended_until,
        "held_until": state.held_until,
        "outcome": state.outcome,
        "door": state.door,
        "returns": state.returns,
        "reopened_times": state.reopened_times,
        "supervised": state.supervision_open,
        "assigned_only": LAWS.kind(state.definition).support is not None,
        "support_until": state.support_until,
        "queue_at": queue_at(state),
        "worked_by": hands_on(state.tasks),
        "held_by": hands_on(task for task in state.tasks if task.open),
        "last_seq": state.last_seq,
    }
    if before is None or before.area != state.area:
        columns.update(area_columns(state.area))
    return columns


def queue_at(state: CaseState) -> datetime:
    """Where a case stands in lists: its next due time; those without one behind all others, the newest first."""
    dues = [c.due_at for c in state.clocks if c.status is ClockStatus.RUNNING and c.due_at]
    return min(dues, default=LAST_PLACE - (state.reported_at - EPOCH))


def hands_on(tasks: Iterable[TaskState]) -> list[uuid.UUID]:
    """The agencies and people of tasks: by them the second lock and lists find what somebody works on."""
    return sorted({uuid.UUID(who) for task in tasks for who in (task.organisation, task.person) if who})


def area_columns(area: str) -> dict[str, uuid.UUID | None]:
    """The ids of the areas above the case's area, one column per level, so that a scope is an equality."""
    if not area:
        return {"county": None, "township": None, "community": None, "grid": None}
    chain = territory.chain_of(uuid.UUID(area))
    return {
        "county": chain.county,
        "township": chain.township,
        "community": chain.community,
        "grid": chain.grid,
    }


def task_columns(task: TaskState) -> dict[str, Any]:
    """The columns of a task row."""
    return {
        "role": task.role,
        "organisation_id": uuid.UUID(task.organisation),
        "team": task.team,
        "person": _uuid(task.person),
        "status": task.status,
        "assigned_at": task.assigned_at,
        "started_at": task.started_at,
        "arrived_at": task.arrived_at,
        "ended_at": task.ended_at,
        "resolved_by": task.resolved_by,
    }


def clock_columns(clock: ClockState) -> dict[str, Any]:
    """The columns of a clock row."""
    return {
        "definition": clock.definition,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "status": clock.status,
        "stopped_at": clock.stopped_at,
        "stopped_by": clock.stopped_by,
        "verdict": clock.verdict,
        "pauses": [[_iso(start), _iso(end)] for start, end in clock.pauses],
        "extensions": [list(extension) for extension in clock.extensions],
        "warn_ats": [_iso(at) for at in clock.warn_ats],
        "warned": clock.warned,
        "breach_recorded": clock.breach_recorded,
        "next_at": next_at(clock),
    }


def next_at(clock: ClockState) -> datetime | None:
    """When the loop has to look at this clock again: its next warning or its due time."""
    if clock.status is not ClockStatus.RUNNING or clock.breach_recorded or clock.due_at is None:
        return None
    waiting = clock.warn_ats[clock.warned :]
    return min(waiting[0], clock.due_at) if waiting else clock.due_at


def clock_key(clock: ClockState) -> dict[str, Any]:
    """What names a clock's row within its case."""
    return {"task_id": _uuid(clock.task), "name": clock.name, "round": clock.round}


def _write_tasks(record: CaseRecord, before: CaseState, after: CaseState) -> None:
    known = {task.id: task for task in before.tasks}
    for task in after.tasks:
        if task.id not in known:
            CaseTask(id=uuid.UUID(task.id), case=record, **task_columns(task)).save(force_insert=True)
        elif known[task.id] != task:
            CaseTask.objects.filter(id=task.id).update(**task_columns(task))


def _write_clocks(record: CaseRecord, before: CaseState, after: CaseState) -> None:
    known = {(c.task, c.name, c.round): c for c in before.clocks}
    fresh = [c for c in after.clocks if (c.task, c.name, c.round) not in known]
    CaseClock.objects.bulk_create(_clock(record, clock) for clock in fresh)
    for clock in after.clocks:
        if known.get((clock.task, clock.name, clock.round), clock) != clock:
            CaseClock.objects.filter(case=record, **clock_key(clock)).update(**clock_columns(clock))


def _clock(record: CaseRecord, clock: ClockState) -> CaseClock:
    return CaseClock(id=new_id(), case=record, **clock_key(clock), **clock_columns(clock))


def _uuid(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
