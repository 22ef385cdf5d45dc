"""What custodians do and are asked for: ceremonies of two, recovery, keys shared anew; and reading what two opened."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.base.errors import Refused
from gongzhi.desk import tip_key
from gongzhi.desk.pages.tips import listing, uuid_of
from gongzhi.desk.tip_key import for_custodians, for_tips
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations


@require_POST
@for_tips
def ceremony(request: HttpRequest, visitor: Visitor, ceremony: uuid.UUID) -> HttpResponseBase:
    """Approve or refuse as a custodian; read, as the member who asked, what two custodians opened."""
    act = request.POST.get("act", "")
    if act == "refuse":
        operations.refuse_ceremony(ceremony=ceremony, by=visitor.by, now=visitor.now)
        return redirect("desk:tips")
    unlocked = tip_key.held_key(request, visitor)
    if unlocked is None:
        return listing(request, visitor, status=403)
    if act == "read":
        found = operations.read_identity(ceremony=ceremony, key=unlocked, by=visitor.by, now=visitor.now)
        context = {"visitor": visitor, "section": "tips", "identity": found}
        return render(request, "desk/tip_identity.html", context)
    operations.approve_ceremony(ceremony=ceremony, key=unlocked, by=visitor.by, now=visitor.now)
    return redirect("desk:tips")


@require_POST
@for_tips
def recovery(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Ask two custodians to let a member with a new key into the tips of the unit."""
    person = uuid_of(request.POST.get("person", ""))
    try:
        operations.ask_recovery(person=person, by=visitor.by, now=visitor.now)
    except Refused as refused:
        return listing(request, visitor, error=str(refused.message), status=refused.status)
    messages.success(request, _("Asked. Two custodians must agree within 24 hours."))
    return redirect("desk:tips")


@require_POST
@for_custodians
def sharing(request: HttpRequest, visitor: Visitor, act: str) -> HttpResponseBase:
    """Make the recovery key once; share all keys anew when a custodian came or went."""
    if act not in ("set-up", "anew"):
        raise Http404
    try:
        if act == "set-up":
            operations.set_up_recovery(by=visitor.by, now=visitor.now)
        else:
            operations.ask_new_custodians(by=visitor.by, now=visitor.now)
    except Refused as refused:
        return listing(request, visitor, error=str(refused.message), status=refused.status)
    return redirect("desk:tips")
