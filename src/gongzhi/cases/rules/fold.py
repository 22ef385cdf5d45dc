"""What a step makes of a case: a fold over the ledger, the same for live writes and for a rebuild."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gongzhi.base.calendar import WorkingCalendar
from gongzhi.cases.rules import clocks, support
from gongzhi.cases.rules.arrows import arrow
from gongzhi.cases.types import (
    CaseState,
    CaseStatus,
    Step,
    StepKind,
    TaskRole,
    TaskState,
    TaskStatus,
)
from gongzhi.programs.types import CaseKind


@dataclass(frozen=True, slots=True)
class Laws:
    """Where the fold looks up what a step refers to: definitions by digest, calendars by version."""

    kind: Callable[[str], CaseKind]
    calendar: Callable[[str], WorkingCalendar]


def fold(steps: Iterable[Step], laws: Laws) -> CaseState:
    """The state of a case from all its steps, in order."""
    state: CaseState | None = None
    for step in steps:
        state = apply(state, step, laws)
    if state is None:
        raise ValueError("a case has at least one step")
    return state


def apply(state: CaseState | None, step: Step, laws: Laws) -> CaseState:
    """The state after one more step, which is taken as it stands: whether it may follow is `check`'s business."""
    if state is None:
        after = _opened(step)
    else:
        taken = arrow(step.kind, state.status)
        after = replace(state, status=taken.end) if taken and taken.end else state
        change = CHANGES.get(step.kind)
        after = change(after, step, state) if change else after
        after = replace(after, last_seq=step.seq)
    return clocks.advance(state, after, step, laws.kind, laws.calendar(after.calendar))


def _opened(step: Step) -> CaseState:
    data = step.data
    place = data.get("place")
    return CaseState(
        status=CaseStatus.REPORTED,
        kind=data["kind"],
        definition=data["definition"],
        severity=data["severity"],
        calendar=data["calendar"],
        source=data["source"],
        reported_at=step.happened_at,
        area=data.get("area", ""),
        area_codes=tuple(data.get("area_codes", ())),
        place=(place[0], place[1]) if place else None,
        cross_border=data.get("cross_border", False),
        drill=data.get("drill", False),
        client_id=data["client_id"],
        support_until=_moment(data.get("support_until")),
        last_seq=step.seq,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _sorted(after: CaseState, step: Step, before: CaseState) -> CaseState:
    data = step.data
    return replace(
        after,
        kind=data.get("kind", after.kind),
        definition=data.get("definition", after.definition),
        severity=data.get("severity", after.severity),
        title=data.get("title", after.title),
    )


def _accepted(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(_sorted(after, step, before), accepted_at=after.accepted_at or step.happened_at)


def _relocated(after: CaseState, step: Step, before: CaseState) -> CaseState:
    place = step.data.get("place")
    return replace(
        after,
        area=step.data.get("area", ""),
        area_codes=tuple(step.data.get("area_codes", ())),
        place=(place[0], place[1]) if place else None,
        cross_border=step.data.get("cross_border", False),
    )


def _declined(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, door=step.data["door"], closed_at=step.happened_at)


def _linked(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, lead_case=step.data["lead_case"], closed_at=step.happened_at)


def _new_task(entry: Any, at: datetime) -> TaskState:
    return TaskState(
        id=entry["task"],
        role=TaskRole(entry["role"]),
        organisation=entry["organisation"],
        status=TaskStatus.ASSIGNED,
        assigned_at=at,
        person=entry.get("person", ""),
        team=entry.get("team", ""),
    )


def _tasks_given(after: CaseState, step: Step, before: CaseState) -> CaseState:
    given = tuple(_new_task(entry, step.happened_at) for entry in step.data["tasks"])
    return replace(after, tasks=after.tasks + given)


def _ruled(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(_tasks_given(after, step, before), ruled=True)


def _with_task(state: CaseState, step: Step, **changes: Any) -> CaseState:
    tasks = tuple(replace(t, **changes) if t.id == step.data["task"] else t for t in state.tasks)
    return replace(state, tasks=tasks)


def _is_lead(state: CaseState, step: Step) -> bool:
    task = state.task(step.data["task"])
    return task is not None and task.role is TaskRole.LEAD


def _delegated(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return _with_task(after, step, person=step.data.get("person", ""), team=step.data.get("team", ""))


def _returned(after: CaseState, step: Step, before: CaseState) -> CaseState:
    after = _with_task(after, step, status=TaskStatus.RETURNED, ended_at=step.happened_at)
    if not _is_lead(before, step):
        return replace(after, status=before.status)
    second = before.returns + 1 >= 2
    return replace(
        after,
        returns=before.returns + 1,
        status=CaseStatus.AWAITING_RULING if second else CaseStatus.RETURNED,
    )


def _started(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return _with_task(after, step, status=TaskStatus.STARTED, started_at=step.happened_at)


def _arrived(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return _with_task(after, step, arrived_at=step.happened_at)


def _resolved(after: CaseState, step: Step, before: CaseState) -> CaseState:
    after = _with_task(
        after, step, status=TaskStatus.RESOLVED, ended_at=step.happened_at, resolved_by=step.actor
    )
    after = replace(after, resolvers=(*after.resolvers, step.actor))
    return after if _is_lead(before, step) else replace(after, status=before.status)


def _withdrawn(after: CaseState, step: Step, before: CaseState) -> CaseState:
    after = _with_task(after, step, status=TaskStatus.WITHDRAWN, ended_at=step.happened_at)
    return after if _is_lead(before, step) else replace(after, status=before.status)


def _verified(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, verifiers=(*after.verifiers, step.actor))


def _rework(after: CaseState, step: Step, before: CaseState) -> CaseState:
    lead = before.lead_task
    after = replace(after, verifiers=(*after.verifiers, step.actor))
    tasks = tuple(
        replace(t, status=TaskStatus.STARTED, ended_at=None) if lead and t.id == lead.id else t
        for t in after.tasks
    )
    return replace(after, tasks=tasks)


def _closed(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, outcome=step.data["outcome"], closed_at=step.happened_at, verdict_solved=None)


def _verdict(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, verdict_solved=step.data["solved"])


def _reopened(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(
        after,
        closed_at=None,
        outcome="",
        reopened_times=before.reopened_times + 1,
        returns=0,
        ruled=False,
        resolvers=(),
        verifiers=(),
    )


def _suspended(after: CaseState, step: Step, before: CaseState) -> CaseState:
    until = datetime.fromisoformat(step.data["until"])
    return replace(after, status_before_suspension=before.status, suspended_until=until)


def _resumed(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(
        after,
        status=before.status_before_suspension or CaseStatus.ACCEPTED,
        status_before_suspension=None,
        suspended_until=None,
    )


def _extension_asked(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, extension_asked=dict(step.data))


def _extension_decided(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, extension_asked=None)


def _supervised(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, supervision_open=True)


def _supervision_answered(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, supervision_open=False)


def _recalculated(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, calendar=step.data["calendar"])


def _held(after: CaseState, step: Step, before: CaseState) -> CaseState:
    return replace(after, held_until=datetime.fromisoformat(step.data["until"]))


CHANGES: dict[StepKind, Callable[[CaseState, Step, CaseState], CaseState]] = {
    StepKind.SORTED: _sorted,
    StepKind.ACCEPTED: _accepted,
    StepKind.RELOCATED: _relocated,
    StepKind.DECLINED: _declined,
    StepKind.LINKED: _linked,
    StepKind.ASSIGNED: _tasks_given,
    StepKind.TASK_ADDED: _tasks_given,
    StepKind.RULED: _ruled,
    StepKind.DELEGATED: _delegated,
    StepKind.RETURNED: _returned,
    StepKind.STARTED: _started,
    StepKind.ARRIVED: _arrived,
    StepKind.RESOLVED: _resolved,
    StepKind.TASK_WITHDRAWN: _withdrawn,
    StepKind.VERIFIED: _verified,
    StepKind.REWORK_ORDERED: _rework,
    StepKind.CLOSED: _closed,
    StepKind.VERDICT_GIVEN: _verdict,
    StepKind.REOPENED: _reopened,
    StepKind.SUSPENDED: _suspended,
    StepKind.RESUMED: _resumed,
    StepKind.EXTENSION_ASKED: _extension_asked,
    StepKind.EXTENSION_APPROVED: _extension_decided,
    StepKind.EXTENSION_REFUSED: _extension_decided,
    StepKind.SUPERVISED: _supervised,
    StepKind.SUPERVISION_ANSWERED: _supervision_answered,
    StepKind.RECALCULATED: _recalculated,
    StepKind.CONTENTS_HELD: _held,
    **support.CHANGES,
}
