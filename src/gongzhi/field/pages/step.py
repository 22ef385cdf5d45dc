"""Take one step: a tap, or a few words. Sending it twice does it once."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongzhi.base.errors import Refused
from gongzhi.cases.pictures import CasePicture
from gongzhi.field.forms import MOST_PHOTOS, StepForm, first_errors, keep_photos
from gongzhi.field.pages.case import look, own_task
from gongzhi.field.steps import STEPS, FieldStep, already_taken, wanted
from gongzhi.field.visitor import Visitor, for_field, onward, wants_json
from gongzhi.programs import checklist


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def page(request: HttpRequest, visitor: Visitor, code: str, step: str) -> HttpResponseBase:
    """GET asks, POST takes the step."""
    if step not in STEPS:
        raise Http404
    picture, chosen = look(visitor, code), STEPS[step]
    if request.method != "POST":
        return _ask(request, visitor, picture, step, {})
    form = StepForm(chosen, request.POST)
    errors = first_errors(form) if not form.is_valid() else _take(request, visitor, picture, chosen, form)
    if errors:
        return _answer_errors(request, visitor, picture, step, errors)
    messages.success(request, str(chosen.done))
    return onward(request, _next_page(picture, step))


def _take(
    request: HttpRequest, visitor: Visitor, picture: CasePicture, step: FieldStep, form: StepForm
) -> dict[str, str]:
    if already_taken(picture, step, form.cleaned_data["since"], visitor.scope.display_name, form.words):
        return {}
    arguments: dict[str, Any] = dict(step.fixed or {})
    if form.cleaned_data["task"]:
        arguments["task"] = form.cleaned_data["task"]
    if step.words:
        arguments[step.words] = form.words
    try:
        with transaction.atomic():
            if step.photos:
                arguments["photo_ids"] = keep_photos(request, visitor.by, visitor.now)
            step.operation(case=picture.row.code, by=visitor.by, now=visitor.now, **arguments)
    except Refused as refused:
        return {"photos" if refused.field.startswith("photo") else "words": str(refused.message)}
    return {}


def _ask(
    request: HttpRequest, visitor: Visitor, picture: CasePicture, name: str, errors: dict[str, str]
) -> HttpResponseBase:
    mine = own_task(picture, visitor)
    context = {
        "visitor": visitor,
        "picture": picture,
        "name": name,
        "step": STEPS[name],
        "wanted": wanted(picture, STEPS[name]),
        "checklist": checklist.for_closure(picture.definition, "resolved") if name == "resolve" else [],
        "task": request.POST.get("task") or request.GET.get("task") or (mine.id if mine else ""),
        "since": request.POST.get("since") or visitor.now.isoformat(),
        "typed": request.POST.get("words", ""),
        "errors": errors,
        "most_photos": MOST_PHOTOS,
        "tab": "home",
    }
    return render(request, "field/step.html", context, status=422 if errors else 200)


def _answer_errors(
    request: HttpRequest, visitor: Visitor, picture: CasePicture, name: str, errors: dict[str, str]
) -> HttpResponseBase:
    if wants_json(request):
        return JsonResponse({"errors": errors}, status=422)
    return _ask(request, visitor, picture, name, errors)


def _next_page(picture: CasePicture, name: str) -> str:
    """Back to my tasks when this one has left my hands, else on with the case."""
    left = name in ("resolve", "return")
    return reverse("field:home") if left else reverse("field:case", args=[picture.row.code])
