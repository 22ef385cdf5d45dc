"""Who administers: the one place where these pages are bounded by role."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role, Scope
from gongzhi.base.actor import Actor, person
from gongzhi.base.errors import NotFound


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in administrator at one moment."""

    scope: Scope
    by: Actor
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def runs_system(self) -> bool:
        """Opens accounts, keeps organisations, looks after the machine."""
        return self.scope.has(Role.SYSTEM_ADMIN)

    @property
    def keeps_rights(self) -> bool:
        """Says who may do what."""
        return self.scope.has(Role.SECURITY_ADMIN)

    @property
    def audits(self) -> bool:
        """Reads the audit log, and nobody else does."""
        return self.scope.has(Role.AUDIT_ADMIN)


class AdministrationView(Protocol):
    """A page of the administrators: it gets the visitor as its second argument."""

    def __call__(
        self, request: HttpRequest, visitor: Visitor, /, *args: Any, **kwargs: Any
    ) -> HttpResponseBase: ...


def visitor_of(request: HttpRequest) -> Visitor:
    """The signed-in person with their scope as of now."""
    now = timezone.now()
    person_id = request.user.pk
    assert person_id is not None
    scope: Scope | None = getattr(request, "scope", None)  # looked up already, to bound this request
    if scope is None or scope.person != person_id:
        scope = accounts.scope_of(person_id, timezone.localdate(now))
    return Visitor(scope, person(person_id), now)


def for_role(*roles: Role) -> Callable[[AdministrationView], Callable[..., HttpResponseBase]]:
    """A page for holders of one of these roles; for everybody else, other administrators too, it isn't there."""

    def bounded(view: AdministrationView) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            visitor = visitor_of(request)
            if not visitor.scope.has(*roles):
                raise NotFound(_("There is no such page for you."), code="no_page")
            return private(view(request, visitor, *args, **kwargs))

        return login_required(guarded)

    return bounded


def private(response: HttpResponseBase) -> HttpResponseBase:
    """No browser and no proxy keeps anything of these pages."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
