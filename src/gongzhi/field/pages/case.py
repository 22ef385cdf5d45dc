"""One case on the phone: what it is, where, until when, and what I can do now."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gongzhi.base.ids import clean_code
from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import CasePicture, TaskPicture
from gongzhi.cases.types import ClockStatus
from gongzhi.field.cards import buttons_for
from gongzhi.field.visitor import Visitor, for_field


@require_safe
@for_field
def page(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponseBase:
    """The case, if it is the person's to see."""
    if code != clean_code(code):
        return redirect("field:case", code=clean_code(code))
    return render(request, "field/case.html", case_context(look(visitor, code), visitor))


def look(visitor: Visitor, code: str) -> CasePicture:
    """The case as this person may see it, with photos at addresses of this face."""
    return cases.case_picture(
        visitor.scope, code, visitor.now, photos_at=f"/field/cases/{clean_code(code)}/photos"
    )


def case_context(picture: CasePicture, visitor: Visitor) -> dict[str, Any]:
    """What the page of a case shows."""
    mine = own_task(picture, visitor)
    clocks = [*(mine.clocks if mine else ()), *picture.clocks]
    buttons = buttons_for(picture.allowed, mine.id if mine else "")
    return {
        "visitor": visitor,
        "picture": picture,
        "mine": mine,
        "others": [task for task in picture.tasks if task is not mine and task.ended_at is None],
        "clocks": [clock for clock in clocks if clock.status is ClockStatus.RUNNING],
        "main": next((b for b in buttons if b.main), None),
        "second": next((b for b in buttons if b.name == "note"), None),
        "more": [b for b in buttons if not b.main and b.name != "note"],
        "steps": [step for step in reversed(picture.steps) if not step.quiet],
        "tab": "home",
    }


def own_task(picture: CasePicture, visitor: Visitor) -> TaskPicture | None:
    """The open task of the person or their agency; the newest if there are several."""
    me, agencies = str(visitor.scope.person), {str(o) for o in visitor.scope.organisations}
    mine = [
        t for t in picture.tasks if t.person_id == me or (not t.person_id and t.organisation_id in agencies)
    ]
    still_open = [task for task in mine if task.ended_at is None]
    return next(reversed(still_open or mine), None)
