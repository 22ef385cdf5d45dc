"""Protected tips at the desk: the list of headers, what waits for custodians, interests declared and ended."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.desk import tip_key
from gongzhi.desk.tip_key import for_members, for_tips
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations, queries


@require_safe
@for_tips
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Headers only; the words need the key."""
    return listing(request, visitor)


@require_POST
@for_members
def interest(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Declare an interest in an organisation: its tips are shut to me from now on."""
    operations.declare_interest(
        organisation=uuid_of(request.POST.get("organisation", "")), by=visitor.by, now=visitor.now
    )
    return redirect("desk:tips")


@require_POST
@for_members
def end_interest(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The interest is over: tips to come are open again, what was shut stays shut."""
    operations.end_interest(
        organisation=uuid_of(request.POST.get("organisation", "")), by=visitor.by, now=visitor.now
    )
    return redirect("desk:tips")


def uuid_of(typed: str) -> uuid.UUID:
    """An id as a form sent it; an unknown one is nobody's."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        return uuid.UUID(int=0)


def listing(request: HttpRequest, visitor: Visitor, *, error: str = "", status: int = 200) -> HttpResponse:
    """The list of headers with one's key and what waits."""
    person = visitor.scope.person
    member = visitor.scope.has(Role.TIP_MEMBER)
    context = {
        "visitor": visitor,
        "section": "tips",
        "error": error,
        "member": member,
        "tips": queries.tips_for(person, on=visitor.today) if member else [],
        "state": queries.key_state(person, visitor.today),
        "unlocked": tip_key.held_key(request, visitor) is not None,
        "ceremonies": queries.ceremonies_for(person, visitor.now),
        "custodian": visitor.scope.has(Role.CUSTODIAN),
        "recoverable": queries.members_with_keys(visitor.today),
        "interests": queries.interests_of(person),
        "organisations": accounts.organisations(on=visitor.today) if member else [],
    }
    return render(request, "desk/tips.html", context, status=status)
