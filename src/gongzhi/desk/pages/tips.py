"""Protected tips at the desk: the list of headers, one's key, what waits for custodians, interests declared."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.errors import Refused
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
@for_tips
def key(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Unlock one's key; the first time, make it."""
    passphrase = request.POST.get("passphrase", "")
    try:
        if not queries.key_state(visitor.scope.person, visitor.today).has_key:
            operations.set_up_key(passphrase=passphrase, by=visitor.by, now=visitor.now)
        unlocked = operations.unlock(passphrase=passphrase, by=visitor.by, now=visitor.now)
    except Refused as refused:
        return listing(request, visitor, error=str(refused.message), status=refused.status)
    answer = redirect("desk:tips")
    tip_key.put_away(request, answer, unlocked, visitor)
    return answer


@require_POST
@for_tips
def lock(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Lock again."""
    answer = redirect("desk:tips")
    tip_key.forget(request, answer)
    return answer


@require_POST
@for_members
def interest(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Declare an interest in an organisation: its tips are shut to me from now on."""
    operations.declare_interest(
        organisation=uuid_of(request.POST.get("organisation", "")), by=visitor.by, now=visitor.now
    )
    return redirect("desk:tips")


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
        "interests": queries.interests_of(person),
        "organisations": accounts.organisations(on=visitor.today) if member else [],
    }
    return render(request, "desk/tips.html", context, status=status)
