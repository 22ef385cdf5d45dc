"""Report what I found; safe to send again."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.base.errors import Conflict, Refused
from gongzhi.base.ids import clean_code
from gongzhi.cases.types import Receipt
from gongzhi.field.forms import MOST_PHOTOS, ReportForm, first_errors, keep_photos_once
from gongzhi.field.reporting import kinds, report
from gongzhi.field.visitor import Visitor, for_field, onward, wants_json
from gongzhi.programs import questions


@dataclass(slots=True)
class Draft:
    """A report on its way in: what was typed and what is wrong with it."""

    form: ReportForm
    client_id: uuid.UUID
    errors: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The empty form, or a report sent from it."""
    if request.method != "POST":
        return _show(request, visitor, Draft(ReportForm(), uuid.uuid4()))
    draft = _read(request)
    receipt = None if draft.errors else _send(request, visitor, draft)
    if receipt is not None:
        return onward(request, reverse("field:reported", args=[receipt.case_code]))
    if wants_json(request):
        return JsonResponse({"errors": draft.errors, "client_id": str(draft.client_id)}, status=422)
    return _show(request, visitor, draft, status=422)


@require_safe
@for_field
def sent(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponseBase:
    """The report is in: its code, and what to do next."""
    return render(
        request, "field/reported.html", {"visitor": visitor, "code": clean_code(code), "tab": "report"}
    )


def _read(request: HttpRequest) -> Draft:
    form = ReportForm(request.POST)
    errors = first_errors(form)
    client_id = form.cleaned_data.get("client_id") or uuid.uuid4()
    errors.pop("client_id", None)  # a broken id becomes a new one: nothing the sender could put right
    return Draft(form, client_id, errors)


def _send(request: HttpRequest, visitor: Visitor, draft: Draft) -> Receipt | None:
    form = draft.form
    area = form.area([grid.id for grid in visitor.grids])
    kind = next((each for each in kinds() if each.key == form.cleaned_data["kind"]), None)
    answers = questions.read(kind, form.data)
    try:
        photos = keep_photos_once(request, visitor.by, visitor.now, draft.client_id)
        return report(
            visitor, draft.client_id, form.cleaned_data, form.place(), area, photos=photos, form=answers
        )
    except Conflict as conflict:
        draft.client_id = uuid.uuid4()
        draft.errors["text"] = str(conflict.message)
    except Refused as refused:
        draft.errors[questions.input_of(kind, _field_of(refused))] = str(refused.message)
    return None


def _field_of(refused: Refused) -> str:
    if refused.code == "outside_county" or refused.field in ("lon", "lat", "place", "location"):
        return "place"
    return "photos" if refused.field.startswith("photo") else refused.field or "text"


def _show(request: HttpRequest, visitor: Visitor, draft: Draft, status: int = 200) -> HttpResponseBase:
    language, offered = get_language(), kinds()
    context: dict[str, Any] = {
        "visitor": visitor,
        "draft": draft,
        "form": draft.form,
        "errors": draft.errors,
        "kinds": [{"key": k.key, "title": k.title.show(language), "icon": k.icon} for k in offered],
        "questions": questions.ask(
            offered, str(draft.form["kind"].value() or ""), draft.form.data, draft.errors
        ),
        "most_photos": MOST_PHOTOS,
        "tab": "report",
    }
    return render(request, "field/report.html", context, status=status)
