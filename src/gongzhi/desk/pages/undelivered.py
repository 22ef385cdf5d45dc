"""Notices that reached nobody, why, and whom to call instead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.base.errors import NotFound
from gongzhi.cases import queries as cases
from gongzhi.desk.filters import as_page
from gongzhi.desk.visitor import Visitor, for_centre
from gongzhi.notices import operations


@require_safe
@for_centre
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The list, newest first, a page at a time: notices about the cases this person may see."""
    untold = cases.untold(visitor.scope, as_page(request.GET.get("page", "")))
    return render(request, "desk/undelivered.html", {"visitor": visitor, "untold": untold})


@require_POST
@for_centre
def told(request: HttpRequest, visitor: Visitor, notice: UUID) -> HttpResponseBase:
    """A colleague has called: the notice leaves the list."""
    _in_sight(visitor, notice)
    operations.told_by_phone(notice=notice, by=visitor.by, now=visitor.now)
    messages.success(request, _("Noted: they have been told by phone."))
    return redirect("desk:undelivered")


@require_POST
@for_centre
def again(request: HttpRequest, visitor: Visitor, delivery: UUID) -> HttpResponseBase:
    """Start over with a delivery that was given up."""
    _in_sight(visitor, delivery)
    operations.try_again(delivery=delivery, by=visitor.by, now=visitor.now)
    messages.success(request, _("It will be sent again at once."))
    return redirect("desk:undelivered")


def _in_sight(visitor: Visitor, delivery_or_notice: UUID) -> None:
    """A notice about a case out of sight does not exist."""
    if not cases.may_settle(visitor.scope, delivery_or_notice):
        raise NotFound(_("There is no such notice."), code="no_notice")
