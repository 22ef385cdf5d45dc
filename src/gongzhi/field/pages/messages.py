"""My notices, and the button that says “I have seen it”; below them what belongs to the person, not to the work."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.field.visitor import Visitor, for_field, onward
from gongzhi.notices import operations
from gongzhi.notices import queries as notices

SHOWN = 30
DESK, FIELD = "/desk/cases/", "/field/cases/"


@require_safe
@for_field
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """What was sent to me: first what wants an answer, then the newest. Opening the page marks them as seen."""
    found = notices.inbox(visitor.scope.person, limit=SHOWN)
    operations.mark_read(person=visitor.scope.person, now=visitor.now, notices=[n.id for n in found])
    rows = [
        {"notice": notice, "link": notice.link.replace(DESK, FIELD, 1)}
        for notice in sorted(found, key=lambda n: not n.needs_acknowledgement)
    ]
    return render(request, "field/messages.html", {"visitor": visitor, "rows": rows, "tab": "messages"})


@require_POST
@for_field
def confirm(request: HttpRequest, visitor: Visitor, notice: UUID) -> HttpResponseBase:
    """The person has taken it on: nobody else will be woken."""
    operations.acknowledge(notice=notice, by=visitor.by, now=visitor.now)
    messages.success(request, _("Confirmed. Nobody else will be called."))
    return onward(request, reverse("field:messages"))
