"""The operator of the 24-hour desk takes a tip by phone and reads the receipt out once."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gongzhi.base.errors import Refused
from gongzhi.desk.pages.tips import uuid_of
from gongzhi.desk.visitor import Visitor, for_centre
from gongzhi.tips import doorstep, operations, queries
from gongzhi.tips.types import Identity, Submitted, TipDoor


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_centre
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The form; what was sent is answered by the receipt, in this answer only."""
    if request.method == "GET":
        return _form(request, visitor)
    try:
        with doorstep.once(_form_id(request)):
            told = _take(request, visitor)
    except Refused as refused:
        return _form(request, visitor, error=str(refused.message), status=refused.status)
    context = {"visitor": visitor, "receipt": told.receipt}
    return render(request, "desk/tip_taken.html", context)


def _form_id(request: HttpRequest) -> uuid.UUID:
    """What names this form, so that sending it twice makes one tip."""
    return uuid_of(request.POST["form_id"]) if request.POST.get("form_id") else uuid.uuid4()


def _take(request: HttpRequest, visitor: Visitor) -> Submitted:
    given = request.POST
    said = Identity(name=given.get("name", ""), contact=given.get("contact", ""))
    reported: uuid.UUID | None = uuid_of(given["reported"]) if given.get("reported") else None
    return operations.submit_tip(
        text=given.get("text", ""),
        by=visitor.by,
        now=visitor.now,
        reported=reported,
        identity=said if said.name.strip() or said.contact.strip() else None,
        door=TipDoor.HOTLINE,
    )


def _form(request: HttpRequest, visitor: Visitor, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "visitor": visitor,
        "intake": queries.intake(visitor.today),
        "typed": request.POST,
        "form_id": _form_id(request),
        "error": error,
    }
    return render(request, "desk/tip_take.html", context, status=status)
