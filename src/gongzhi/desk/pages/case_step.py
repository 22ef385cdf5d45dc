"""Take one step on a case: show its form, read it, call one operation, show the case again."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongzhi.base.errors import Conflict, Refused
from gongzhi.base.ids import clean_code
from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import CasePicture
from gongzhi.desk.forms.step_form import StepForm
from gongzhi.desk.pages.case import case_context, show
from gongzhi.desk.steps import STEPS
from gongzhi.desk.visitor import Visitor, for_desk, is_fragment
from gongzhi.files import operations as files
from gongzhi.files.types import Readable


@require_http_methods(["GET", "POST"])
@for_desk
def page(request: HttpRequest, visitor: Visitor, code: str, step: str) -> HttpResponseBase:
    """GET shows the step's form; POST takes the step."""
    if step not in STEPS:
        raise Http404
    picture = cases.case_picture(visitor.scope, clean_code(code), visitor.now)
    form = step_form(request, visitor, picture, step)
    if request.method == "GET" or not form.is_valid():
        return ask(request, visitor, picture, step, form)
    try:
        take(visitor, picture, step, form)
    except Refused as refused:
        form.refuse(refused)
        return ask(request, visitor, picture, step, form, status=refused.status)
    return done(request, visitor, picture.row.code, step)


def step_form(request: HttpRequest, visitor: Visitor, picture: CasePicture, step: str) -> StepForm:
    """The form of a step, empty or with what was sent."""
    form = partial(STEPS[step].form, picture=picture, visitor=visitor, auto_id=f"{step}-%s")
    if request.method == "POST":
        return form(request.POST, request.FILES)
    return form(initial={**request.GET.dict(), "version": picture.version})


def take(visitor: Visitor, picture: CasePicture, step: str, form: StepForm) -> None:
    """One call of the operation; photos are kept in the same transaction, so a refusal keeps none."""
    arguments = form.arguments()
    if form.guarded:
        arguments["version"] = form.cleaned_data["version"]
    with transaction.atomic():
        if "photos" in form.fields:
            arguments["photo_ids"] = keep(form.cleaned_data["photos"], visitor)
        STEPS[step].operation(case=picture.row.code, by=visitor.by, now=visitor.now, **arguments)


def keep(photos: list[Readable], visitor: Visitor) -> list[UUID]:
    """Store photos, checked and cleaned; returns their ids."""
    return [files.keep_photo(data=photo, by=visitor.by, now=visitor.now) for photo in photos]


def ask(
    request: HttpRequest, visitor: Visitor, picture: CasePicture, step: str, form: StepForm, status: int = 0
) -> HttpResponseBase:
    """Show the form: alone beside the open case, or within the whole page."""
    status = status or (422 if form.is_bound else 200)
    extra: dict[str, Any] = {"form": form, "step": step, "conflict": status == Conflict.status}
    if is_fragment(request):
        context = {**case_context(request, visitor, picture), **extra}
        return render(request, "desk/_step_form.html", context, status=status)
    return show(request, visitor, picture, status=status, **extra)


def done(request: HttpRequest, visitor: Visitor, code: str, step: str) -> HttpResponseBase:
    """The case as it is now, and a word to the queue that it has changed."""
    if not is_fragment(request):
        return redirect("desk:case", code=code)
    picture = cases.case_picture(visitor.scope, code, visitor.now)
    response = show(request, visitor, picture, done=STEPS[step].form.heading)
    response["HX-Trigger"] = "desk:changed"
    response["HX-Retarget"], response["HX-Reswap"] = "#case", "outerHTML"
    return response
