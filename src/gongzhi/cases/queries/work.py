"""What is mine now: the tasks on a grid worker's or handler's phone."""

import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from gongzhi.accounts.types import Role, Scope
from gongzhi.base.bounds import passing
from gongzhi.cases import rules
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep, CaseTask
from gongzhi.cases.operations.ledger import as_step
from gongzhi.cases.pictures import CaseRow, ClockPicture, TaskPicture, WorkItem
from gongzhi.cases.queries.allowed import task_steps
from gongzhi.cases.queries.pictures_of import case_rows, clock_picture, names_for, task_picture
from gongzhi.cases.reach import open_tasks, subject
from gongzhi.cases.types import CaseState, Step

SOON = timedelta(hours=1)
AT_MOST = 60


def my_work(scope: Scope, now: datetime) -> list[WorkItem]:
    """The open tasks of this person and of the organisations they handle matters for, most pressing first."""
    tasks = _open_tasks(scope)
    # The lock let these cases through: no read of what hangs on them need ask again.
    with passing(*(subject(task.case_id) for task in tasks)):
        return _items(tasks, now)


def _items(tasks: list[CaseTask], now: datetime) -> list[WorkItem]:
    cases = {task.case_id for task in tasks}
    rows = {row.id: row for row in case_rows(CaseRecord.objects.filter(pk__in=cases), now)}
    standing, clocks = states(cases), _clocks(cases, now)
    names = names_for([], tasks)
    items = [
        _item(
            task_picture(task, names, clocks[task.case_id]), rows[task.case_id], standing[task.case_id], now
        )
        for task in tasks
    ]
    order = {"now": 0, "today": 1, "later": 2}
    return sorted(items, key=lambda item: (order[item.when], _due(item) or now + timedelta(days=3650)))


def states(cases: set[uuid.UUID]) -> dict[uuid.UUID, CaseState]:
    """How these cases stand by their ledgers, in one query."""
    steps: dict[uuid.UUID, list[Step]] = defaultdict(list)
    for row in CaseStep.objects.filter(case__in=cases).order_by("case", "seq"):
        steps[row.case_id].append(as_step(row))
    return {case: rules.fold(ledger, LAWS) for case, ledger in steps.items()}


def _clocks(cases: set[uuid.UUID], now: datetime) -> dict[uuid.UUID, list[ClockPicture]]:
    pictures: dict[uuid.UUID, list[ClockPicture]] = defaultdict(list)
    for clock in CaseClock.objects.filter(case__in=cases).select_related("case").order_by("due_at"):
        pictures[clock.case_id].append(clock_picture(clock, clock.case, now))
    return pictures


def _open_tasks(scope: Scope) -> list[CaseTask]:
    handling = {g.organisation for g in scope.area_grants(Role.HANDLER)}
    shared = {g.organisation for g in scope.area_grants(Role.GRID_WORKER)}
    ids = open_tasks(scope.person, handling, shared, at_most=AT_MOST)
    held = CaseTask.objects.filter(pk__in=ids, case__status__in=rules.OPEN, case__assigned_only=False)
    return list(held.order_by("assigned_at"))


def _item(task: TaskPicture, row: CaseRow, state: CaseState, now: datetime) -> WorkItem:
    held = state.task(task.id)
    item = WorkItem(row, task, task_steps(state, held) if held else (), "later")
    return replace(item, when=_when(_due(item), now))


def _due(item: WorkItem) -> datetime | None:
    dues = [
        c.due_at for c in (*item.task.clocks, item.row.clock) if c and c.due_at and c.seconds_left is not None
    ]
    return min(dues) if dues else None


def _when(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "later"
    if due - now < SOON:
        return "now"
    same_day = timezone.localtime(due).date() == timezone.localtime(now).date()
    return "today" if same_day else "later"
