"""Where an administrator arrives after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gongzhi.accounts.types import OPERATIONAL_ROLES
from gongzhi.administration.visitor import Visitor, private, visitor_of


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """On to the first page of one's own work; whoever has no role yet is told who gives one."""
    visitor = visitor_of(request)
    if visitor.scope.roles & OPERATIONAL_ROLES:
        return redirect("desk:home")
    name = first_page(visitor)
    return (
        redirect(name)
        if name
        else private(render(request, "administration/no_role.html", {"visitor": visitor}))
    )


def first_page(visitor: Visitor) -> str:
    """The page each of the three begins with."""
    if visitor.audits:
        return "administration:audit"
    if visitor.keeps_rights:
        return "administration:people"
    return "administration:status" if visitor.runs_system else ""
