"""The key of a tip member or custodian between two requests, and who gets near tips at all."""

import functools
import uuid
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
OPENED = "tips_opened"  # in the session: what was opened, and noted, since the key was unlocked
TIP_PEOPLE = (Role.TIP_MEMBER, Role.CUSTODIAN)
KEY_PEOPLE = (*TIP_PEOPLE, Role.HANDLER)


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


def for_custodians(view: DeskView) -> Callable[..., HttpResponseBase]:
    """Only custodians."""
    return for_tips(view, Role.CUSTODIAN)


def for_handlers(view: DeskView) -> Callable[..., HttpResponseBase]:
    """Handlers of any unit: they see the redacted copies they were given, and no tip."""
    return for_tips(view, Role.HANDLER)


def for_key_holders(view: DeskView) -> Callable[..., HttpResponseBase]:
    """Whoever has, or may make, a key of their own."""
    return for_tips(view, *KEY_PEOPLE)


def for_rewards(view: DeskView) -> Callable[..., HttpResponseBase]:
    """Tip members and finance: rewards and their fund."""
    return for_tips(view, Role.TIP_MEMBER, Role.FINANCE)


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


def mark_opened(request: HttpRequest, what: uuid.UUID) -> None:
    """Remember that this was opened, and noted, under the key now unlocked."""
    held: list[str] = request.session.get(OPENED, [])
    request.session[OPENED] = [*(one for one in held if one != str(what)), str(what)]


def is_opened(request: HttpRequest, what: uuid.UUID) -> bool:
    """True if it was opened since the key was unlocked: shown again without a new note."""
    return str(what) in request.session.get(OPENED, [])


def shut_all(request: HttpRequest) -> None:
    """Everything is shut until it is opened again."""
    request.session.pop(OPENED, None)


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Lock again."""
    request.session.pop(SHUT, None)
    shut_all(request)
    response.delete_cookie(COOKIE, path=PLACE, samesite="Strict")
