"""My notices, and the button that says “I have seen it”."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.desk.visitor import Visitor, for_desk
from gongzhi.notices import operations
from gongzhi.notices import queries as notices


@require_safe
@for_desk
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Everything sent to the person: what wants an answer first, then the newest."""
    found = notices.inbox(visitor.scope.person)
    context = {
        "visitor": visitor,
        "notices": sorted(found, key=lambda item: not item.needs_acknowledgement),
        "unread": any(not item.read for item in found),
    }
    return render(request, "desk/inbox.html", context)


@require_POST
@for_desk
def acknowledge(request: HttpRequest, visitor: Visitor, notice: UUID) -> HttpResponseBase:
    """The person has taken it on: nobody else will be woken."""
    operations.acknowledge(notice=notice, by=visitor.by, now=visitor.now)
    messages.success(request, _("Confirmed. Nobody else will be called."))
    return redirect("desk:inbox")


@require_POST
@for_desk
def mark_read(_request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The person has seen them all."""
    operations.mark_read(person=visitor.scope.person, now=visitor.now)
    return redirect("desk:inbox")
