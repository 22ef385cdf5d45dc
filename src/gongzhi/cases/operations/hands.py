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
    """The capacities a scope gives on a case; inside a support case there are workers only, no centre and no head."""
    if record.assigned_only:
        return frozenset({Hand.HANDLER} if any(supports(scope, task) for task in tasks) else ())
    hands = {hand for role, hand in BY_AREA if covers(scope, role, record)}
    if Hand.HEAD in hands:
        hands.add(Hand.CENTRE)
    if any(handles(scope, task) for task in tasks):
        hands.add(Hand.HANDLER)
    return frozenset(hands)


def hands_now(scope: Scope, record: CaseRecord, state: CaseState) -> frozenset[Hand]:
    """The capacities a scope gives now: a handler is only who has a task that is still open."""
    return hands_in(scope, record, tuple(task for task in state.tasks if task.open))


def may_reveal(scope: Scope, record: CaseRecord, state: CaseState) -> bool:
    """Whether this person may open the contact: the centre, a verifier, whoever has an open task."""
    return bool(hands_now(scope, record, state) & OPENERS)


def may_open_originals(scope: Scope, record: CaseRecord, state: CaseState) -> bool:
    """Whether this person may open the sealed originals of its photos."""
    return bool(hands_now(scope, record, state) & ORIGINAL_OPENERS)


OPENERS = frozenset({Hand.CENTRE, Hand.HANDLER, Hand.VERIFIER})
ORIGINAL_OPENERS = frozenset({Hand.HEAD, Hand.VERIFIER})
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


def supports(scope: Scope, task: TaskState) -> bool:
    """Whether the person has this task of a support case, or may take it up for a team that has not named anybody."""
    if task.person or not task.open:
        return task.open and task.person == str(scope.person)
    return any(str(grant.organisation) == task.organisation for grant in scope.area_grants(Role.HANDLER))


def handles(scope: Scope, task: TaskState) -> bool:
    """Whether the person has the task, or works as a handler for the organisation that has it."""
    if task.person == str(scope.person):
        return True
    return any(
        str(grant.organisation) == task.organisation
        and (grant.role is Role.HANDLER or (grant.role is Role.GRID_WORKER and not task.person))
        for grant in scope.grants
    )
