"""In what capacities an actor acts on a case: from the person's grants, the case's area and its tasks."""

from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import WHOLE_CELL, Role, Scope
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.rules import Hand
from gongzhi.cases.types import CaseState, Step, TaskState
from gongzhi.territory.types import Level


def hands_of(
    by: Actor, record: CaseRecord, state: CaseState, step: Step, *, holds_receipt: bool
) -> frozenset[Hand]:
    """The capacities of the actor of a step; for a step on a task only that task's handlers count."""
    if by.kind in (ActorKind.SYSTEM, ActorKind.DEVICE, ActorKind.CELL):
        return frozenset({Hand.SYSTEM})
    if by.kind is ActorKind.RESIDENT:
        return frozenset({Hand.REPORTER}) if holds_receipt else frozenset()
    if by.person_id is None:
        return frozenset()
    scope = accounts.scope_of(by.person_id, timezone.localdate(step.recorded_at))
    task = state.task(str(step.data.get("task", "")))
    return hands_in(scope, record, (task,) if task else state.tasks)


def hands_in(scope: Scope, record: CaseRecord, tasks: tuple[TaskState, ...]) -> frozenset[Hand]:
    """The capacities a scope gives on a case."""
    hands = {hand for role, hand in BY_AREA if covers(scope, role, record)}
    if Hand.HEAD in hands:
        hands.add(Hand.CENTRE)
    if any(handles(scope, task) for task in tasks):
        hands.add(Hand.HANDLER)
    return frozenset(hands)


BY_AREA = (
    (Role.DISPATCHER, Hand.CENTRE),
    (Role.CENTRE_HEAD, Hand.HEAD),
    (Role.VERIFIER, Hand.VERIFIER),
)


def covers(scope: Scope, role: Role, record: CaseRecord) -> bool:
    """Whether a grant of this role reaches the case's area; a grant over the whole cell reaches every case."""
    places = {Level.TOWNSHIP: record.township, Level.COMMUNITY: record.community, Level.GRID: record.grid}
    return any(
        grant.level in WHOLE_CELL or places.get(Level(grant.level)) == grant.area
        for grant in scope.area_grants(role)
    )


def handles(scope: Scope, task: TaskState) -> bool:
    """Whether the person has the task, or works as a handler for the organisation that has it."""
    if task.person == str(scope.person):
        return True
    return any(
        str(grant.organisation) == task.organisation
        and (grant.role is Role.HANDLER or (grant.role is Role.GRID_WORKER and not task.person))
        for grant in scope.grants
    )
