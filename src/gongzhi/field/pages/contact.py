"""Calling the reporter: one tap says what for, and the number is there for sixty seconds."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gongzhi.base.errors import NotFound, Refused
from gongzhi.cases import operations, titles
from gongzhi.cases.pictures import CasePicture, Revealed
from gongzhi.cases.types import RevealPurpose
from gongzhi.field.pages.case import look
from gongzhi.field.visitor import Visitor, for_field

SHOWN_SECONDS = 60
PURPOSES = (RevealPurpose.ASK, RevealPurpose.ARRANGE, RevealPurpose.TELL, RevealPurpose.DANGER)


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def page(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponseBase:
    """GET asks what for; POST opens the contact."""
    picture = look(visitor, code)
    if request.method != "POST":
        return _show(request, visitor, picture)
    try:
        opened = operations.reveal_contact(
            case=picture.row.code,
            field=request.POST.get("field", "contact"),
            purpose=_purpose(request.POST.get("purpose", "")),
            by=visitor.by,
            now=visitor.now,
        )
    except NotFound:
        raise
    except Refused as refused:
        return _show(request, visitor, picture, error=str(refused.message), status=refused.status)
    return _show(request, visitor, picture, opened=opened)


def _purpose(sent: str) -> RevealPurpose:
    """The purpose of the button that was pressed."""
    if sent not in set(PURPOSES):
        raise Refused(_("Please choose what for."), code="no_purpose", field="purpose")
    return RevealPurpose(sent)


def _show(
    request: HttpRequest,
    visitor: Visitor,
    picture: CasePicture,
    *,
    opened: Revealed | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponseBase:
    context = {
        "visitor": visitor,
        "picture": picture,
        "fields": [field for field in picture.sealed if field.masked],
        "purposes": [(purpose.value, titles.REVEAL[purpose]) for purpose in PURPOSES],
        "opened": opened,
        "seconds": SHOWN_SECONDS,
        "error": error,
        "tab": "home",
    }
    return render(request, "field/contact.html", context, status=status)
