"""Opening what is sealed, from the desk: a contact for sixty seconds, the original of a photo as a file."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gongzhi.base.errors import Refused
from gongzhi.base.ids import clean_code
from gongzhi.cases import operations
from gongzhi.cases import queries as cases
from gongzhi.desk.forms.sealed import ContactForm, OriginalForm
from gongzhi.desk.forms.step_form import StepForm
from gongzhi.desk.pages.case_step import ask
from gongzhi.desk.visitor import Visitor, for_desk, is_fragment
from gongzhi.files import queries as files

SHOWN_SECONDS = 60


@require_http_methods(["GET", "POST"])
@for_desk
def contact(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponseBase:
    """GET asks what for; POST opens it, once: to see it again is a new request and a new line on the case."""
    return _opened(request, visitor, code, ContactForm, "contact")


@require_http_methods(["GET", "POST"])
@for_desk
def original(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponseBase:
    """GET asks why; POST hands out the original."""
    return _opened(request, visitor, code, OriginalForm, "original")


def _opened(
    request: HttpRequest, visitor: Visitor, code: str, form_class: type[StepForm], step: str
) -> HttpResponseBase:
    picture = cases.case_picture(visitor.scope, clean_code(code), visitor.now)
    bound: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    initial = {**request.GET.dict(), "version": picture.version}
    form = form_class(**bound, initial=initial, picture=picture, visitor=visitor, auto_id=f"{step}-%s")
    if request.method == "GET" or not form.is_valid():
        return ask(request, visitor, picture, step, form)
    try:
        return ANSWERS[step](request, visitor, picture.row.code, form.arguments())
    except Refused as refused:
        form.add_error(None, str(refused.message))
        return ask(request, visitor, picture, step, form, status=refused.status)


def _contact(
    request: HttpRequest, visitor: Visitor, code: str, arguments: dict[str, Any]
) -> HttpResponseBase:
    opened = operations.reveal_contact(case=code, by=visitor.by, now=visitor.now, **arguments)
    template = "desk/_revealed.html" if is_fragment(request) else "desk/revealed.html"
    return render(request, template, {"visitor": visitor, "opened": opened, "seconds": SHOWN_SECONDS})


def _original(
    request: HttpRequest, visitor: Visitor, code: str, arguments: dict[str, Any]
) -> HttpResponseBase:
    photo: UUID = arguments["photo"]
    data = operations.open_original(case=code, by=visitor.by, now=visitor.now, **arguments)
    media_type, ending = files.type_of_original(data)
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{code}-{photo}.{ending}"'
    return response


ANSWERS = {"contact": _contact, "original": _original}
