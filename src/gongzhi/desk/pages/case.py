"""One case: the right-hand pane of the desk, or the whole page on a phone."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gongzhi.base.ids import clean_code
from gongzhi.base.templatetags.show import span
from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import AllowedStep, CasePicture, ClockPicture, StepPicture, TaskPicture
from gongzhi.cases.types import ClockStatus, TaskRole
from gongzhi.desk import filters
from gongzhi.desk.pages.home import desk_context
from gongzhi.desk.visitor import Visitor, for_desk, is_fragment

FIRST_BUTTONS = 3
MOST_DIALS = 6
AN_HOUR = 3600


@require_safe
@for_desk
def page(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponseBase:
    """The case in its pane; with the queue and the map around it when opened directly."""
    picture = cases.case_picture(visitor.scope, clean_code(code), visitor.now)
    return show(request, visitor, picture)


def show(
    request: HttpRequest, visitor: Visitor, picture: CasePicture, *, status: int = 200, **extra: Any
) -> HttpResponseBase:
    """A case as a fragment or within the desk, with a step's form open or not."""
    context = {**case_context(request, visitor, picture), **extra}
    if is_fragment(request):
        return render(request, "desk/_case.html", context, status=status)
    return render(request, "desk/home.html", {**desk_context(request, visitor), **context}, status=status)


def case_context(request: HttpRequest, visitor: Visitor, picture: CasePicture) -> dict[str, Any]:
    """What the pane of one case needs."""
    steps = case_steps(picture)
    language = get_language()
    return {
        "visitor": visitor,
        "picture": picture,
        "selected": picture.row.code,
        "query": filters.read(request.GET, visitor.now).query(),
        "first_steps": steps[:FIRST_BUTTONS],
        "more_steps": steps[FIRST_BUTTONS:],
        "task_steps": task_steps(picture),
        "dials": dials(picture),
        "long_dials": any(abs(clock.seconds_left or 0) >= AN_HOUR for clock in dials(picture)),
        "tasks": sorted(
            picture.tasks, key=lambda task: (task.ended_at is not None, task.role is not TaskRole.LEAD)
        ),
        "timeline": timeline(picture.steps),
        "severity": severity_title(picture, language),
        "blind": span(picture.blind_seconds),
        "undelivered": sum(notice.state == "undeliverable" for notice in picture.notices),
        "section": "queue",
        "joinable": any(step.step == "link" for step in picture.allowed),
        "assignable": any(step.step == "assign" for step in picture.allowed),
    }


def case_steps(picture: CasePicture) -> list[AllowedStep]:
    """The steps of the whole case, the obvious ones first, then those with a key."""
    steps = (step for step in picture.allowed if not step.task or step.main)
    return sorted(steps, key=lambda step: (not step.main, not step.key))


def dials(picture: CasePicture) -> list[ClockPicture]:
    """The clocks on top of the case: what runs, most pressing first, then how the others ended."""
    of_tasks = [
        task_dial(task, clock) for task in picture.tasks for clock in task.clocks if task.ended_at is None
    ]
    clocks = [*picture.clocks, *of_tasks]
    running = [clock for clock in clocks if clock.status is not ClockStatus.STOPPED]
    stopped = [clock for clock in clocks if clock.status is ClockStatus.STOPPED]
    soonest = sorted(running, key=lambda clock: (clock.due_at is None, clock.due_at or clock.started_at))
    return [*soonest, *reversed(stopped)][:MOST_DIALS]


def task_dial(task: TaskPicture, clock: ClockPicture) -> ClockPicture:
    """A task's clock among those of the case: it says whose it is."""
    return replace(clock, title=f"{clock.title} · {task.organisation}")


def timeline(steps: Sequence[StepPicture]) -> list[tuple[bool, list[StepPicture]]]:
    """The steps, newest first, bookkeeping folded together."""
    newest = sorted(steps, key=lambda step: step.seq, reverse=True)
    return [(quiet, list(group)) for quiet, group in groupby(newest, key=lambda step: step.quiet)]


def severity_title(picture: CasePicture, language: str | None) -> str:
    """The severity in words, empty for a kind that has only one."""
    known = picture.definition.severities if picture.definition else ()
    if len(known) < 2:
        return ""
    return next((s.title.show(language) for s in known if s.key == picture.row.severity), "")


def task_steps(picture: CasePicture) -> dict[str, list[AllowedStep]]:
    """The steps of each task, by the task's id."""
    found: dict[str, list[AllowedStep]] = {}
    for step in picture.allowed:
        if step.task:
            found.setdefault(step.task, []).append(step)
    return found
