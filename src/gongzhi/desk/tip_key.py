"""The key of a tip member or custodian between two requests, and who gets near tips at all."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters

from gongzhi.accounts.types import Role
from gongzhi.desk.visitor import DeskView, Visitor, private, visitor_of
from gongzhi.tips import keyrings
from gongzhi.tips.types import MemberKey

SHUT, COOKIE, PLACE = "tips_member", "tips_member", "/desk/tips/"
TIP_PEOPLE = (Role.TIP_MEMBER, Role.CUSTODIAN)


def for_tips(view: DeskView, *roles: Role) -> Callable[..., HttpResponseBase]:
    """Only people of the tip unit and custodians; for everybody else there is no such page."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visitor = visitor_of(request)
        if not visitor.scope.has(*(roles or TIP_PEOPLE)):
            raise Http404
        return private(view(request, visitor, *args, **kwargs))

    return login_required(sensitive_post_parameters()(guarded))


def for_members(view: DeskView) -> Callable[..., HttpResponseBase]:
    """Only members of the tip unit: custodians read no tips."""
    return for_tips(view, Role.TIP_MEMBER)


def put_away(request: HttpRequest, response: HttpResponse, key: MemberKey, visitor: Visitor) -> None:
    """Put an unlocked key away for fifteen minutes."""
    held = keyrings.lock_away(key, now=visitor.now)
    request.session[SHUT] = held.shut
    response.set_cookie(
        COOKIE, held.cookie, path=PLACE, httponly=True, secure=request.is_secure(), samesite="Strict"
    )


def held_key(request: HttpRequest, visitor: Visitor) -> MemberKey | None:
    """The visitor's own key, while it can be taken out."""
    try:
        shut, cookie = request.session.get(SHUT, ""), request.COOKIES.get(COOKIE, "")
        key = keyrings.take_out(shut, cookie, now=visitor.now)
    except keyrings.Gone:
        return None
    return key if isinstance(key, MemberKey) and key.person == visitor.scope.person else None


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Lock again."""
    request.session.pop(SHUT, None)
    response.delete_cookie(COOKIE, path=PLACE, samesite="Strict")
