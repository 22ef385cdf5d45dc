"""Who is at the desk: one look at the accounts per request, and one clock reading for all of it."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts import sessions
from gongzhi.accounts.types import Role, Scope
from gongzhi.base.actor import Actor, person
from gongzhi.base.errors import NotAllowed
from gongzhi.notices import queries as notices

DESK_ROLES = frozenset({Role.DISPATCHER, Role.HANDLER, Role.VERIFIER, Role.CENTRE_HEAD})
CENTRE_ROLES = frozenset({Role.DISPATCHER, Role.CENTRE_HEAD})
STREAM_SALT = "gongzhi.stream"  # the stream process opens the ticket with the same word


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person at one moment."""

    scope: Scope
    by: Actor
    now: datetime
    session: uuid.UUID = sessions.NO_SESSION

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def at_centre(self) -> bool:
        """Whether the person works at a governance centre, not only for a department."""
        return self.scope.has(*CENTRE_ROLES)

    @property
    def handles(self) -> bool:
        """Whether the person works for a department that checks things, protected tips among them."""
        return self.scope.has(Role.HANDLER)

    @property
    def keeps_tips(self) -> bool:
        """Whether the person is of a tip unit or a custodian of its keys."""
        return self.scope.has(Role.TIP_MEMBER, Role.CUSTODIAN)

    @property
    def rewards(self) -> bool:
        """Whether the person decides on or pays rewards for tips."""
        return self.scope.has(Role.TIP_MEMBER, Role.FINANCE)

    @property
    def unread(self) -> int:
        """How many notices wait in the inbox."""
        return notices.unread_count(self.scope.person)

    @property
    def ticket(self) -> str:
        """What the browser shows to the stream process instead of its session; it holds no longer than that."""
        told = {"person": str(self.scope.person), "session": str(self.session)}
        return signing.dumps(told, salt=STREAM_SALT)


class DeskView(Protocol):
    """A page of the desk: it gets the visitor as its second argument."""

    def __call__(
        self, request: HttpRequest, visitor: Visitor, /, *args: Any, **kwargs: Any
    ) -> HttpResponseBase: ...


def visitor_of(request: HttpRequest) -> Visitor:
    """The signed-in person with their scope as of now."""
    now = timezone.now()
    person_id = request.user.pk
    assert person_id is not None
    scope = getattr(
        request, "scope", None
    )  # already looked up to bound this request; not so right after signing in
    if scope is None or scope.person != person_id:
        scope = accounts.scope_of(person_id, timezone.localdate(now))
    return Visitor(scope, person(person_id), now, sessions.own_id(request.session))


def home_of(scope: Scope) -> str:
    """The name of the page that fits the person's roles best."""
    if scope.roles & DESK_ROLES:
        return "desk:home"
    if scope.has(Role.TIP_MEMBER, Role.CUSTODIAN):
        return "desk:tips"
    if scope.has(Role.FINANCE):
        return "desk:rewards"
    if Role.GRID_WORKER in scope.roles:
        return "field:home"
    return "administration:home"


def for_desk(view: DeskView) -> Callable[..., HttpResponseBase]:
    """Only staff of a centre or a department get in; anybody else is shown to their own door."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visitor = visitor_of(request)
        if not visitor.scope.roles & DESK_ROLES:
            return redirect(home_of(visitor.scope))
        return private(view(request, visitor, *args, **kwargs))

    return login_required(guarded)


def for_centre(view: DeskView) -> Callable[..., HttpResponseBase]:
    """A page of the governance centre alone."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not visitor.at_centre:
            raise NotAllowed(_("Only the governance centre works with this page."), code="centre_only")
        return view(request, visitor, *args, **kwargs)

    return for_desk(guarded)


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Nothing of the desk is kept by a browser or a proxy, unless a page says otherwise."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def is_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page, not for the page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Go on to another page after a form, with or without htmx."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
