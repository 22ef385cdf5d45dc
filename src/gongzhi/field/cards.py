"""A task as the phone shows it: its clock, its place, the buttons that fit under a thumb."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongzhi.cases.pictures import AllowedStep, CaseRow, ClockPicture, TaskPicture, WorkItem
from gongzhi.cases.types import ClockStatus
from gongzhi.field.steps import ORDER, STEPS, FieldStep


@dataclass(frozen=True, slots=True)
class Button:
    """A step this person may take now."""

    name: str
    step: FieldStep
    task: str
    main: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A task on the phone's first page."""

    row: CaseRow
    task: TaskPicture
    clock: ClockPicture | None
    main: Button | None


def card(item: WorkItem) -> Card:
    """The card of a task."""
    buttons = buttons_for(item.allowed)
    return Card(item.row, item.task, _pressing(item), next((b for b in buttons if b.main), None))


def buttons_for(allowed: Sequence[AllowedStep], task: str = "") -> list[Button]:
    """The buttons among what is allowed, in the order of the work; one of them is the main one."""
    offered = {a.step: a for a in allowed if a.step in STEPS and task in ("", a.task or task)}
    main = next((name for name in ("arrive", "start", "resolve") if name in offered), "")
    return [
        Button(name, STEPS[name], offered[name].task or task, name == main)
        for name in ORDER
        if name in offered
    ]


def _pressing(item: WorkItem) -> ClockPicture | None:
    """The running clock that is due first: the task's own, else the case's."""
    own = [c for c in item.task.clocks if c.status is ClockStatus.RUNNING and c.due_at]
    return min(own, key=lambda c: c.due_at or c.started_at) if own else item.row.clock
