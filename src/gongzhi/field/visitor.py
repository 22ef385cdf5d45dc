"""Who holds the phone: a grid worker or a handler, with one look at the accounts and one clock reading per request."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role, Scope
from gongzhi.base.actor import Actor, person
from gongzhi.base.errors import NotAllowed
from gongzhi.field.script_words import script_words
from gongzhi.notices import queries as notices
from gongzhi.territory import queries as territory
from gongzhi.territory.types import AreaPicture

FIELD_ROLES = frozenset({Role.GRID_WORKER, Role.HANDLER})


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person at one moment."""

    scope: Scope
    by: Actor
    now: datetime

    @property
    def grids(self) -> list[AreaPicture]:
        """The areas the person looks after as a grid worker."""
        return [territory.area(grant.area) for grant in self.scope.area_grants(Role.GRID_WORKER)]

    @property
    def post(self) -> str:
        """Where the person works, for the head of the page: the grid, else the agency."""
        grids = self.grids
        if grids:
            return "、".join(grid.name for grid in grids)
        agencies = accounts.organisation_names(self.scope.organisations)
        return "、".join(sorted(agencies.values()))

    @property
    def script_words(self) -> dict[str, str]:
        """The sentences of field.js, in the reader's language."""
        return script_words()

    @property
    def unread(self) -> int:
        """How many notices the person has not seen."""
        return notices.unread_count(self.scope.person)


class FieldView(Protocol):
    """A page of the field: it gets the visitor as its second argument."""

    def __call__(
        self, request: HttpRequest, visitor: Visitor, /, *args: Any, **kwargs: Any
    ) -> HttpResponseBase: ...


def for_field(view: FieldView) -> Callable[..., HttpResponseBase]:
    """Only grid workers and handlers get in; nothing they see is kept by the browser's cache."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visitor = _visitor_of(request)
        if not visitor.scope.roles & FIELD_ROLES:
            words = _("These pages are for grid workers and handlers. Your own pages are at the desk.")
            raise NotAllowed(words, code="not_field_staff")
        response = view(request, visitor, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return login_required(guarded)


def wants_json(request: HttpRequest) -> bool:
    """True when the page's script sends the form, and can show what became of it."""
    return request.headers.get("Accept", "").startswith("application/json")


def onward(request: HttpRequest, url: str) -> HttpResponse:
    """Done: go on to another page, or tell the script where to go."""
    return JsonResponse({"next": url}) if wants_json(request) else redirect(url)


def _visitor_of(request: HttpRequest) -> Visitor:
    now = timezone.now()
    person_id = uuid.UUID(str(request.user.pk))
    scope: Scope = request.scope  # type: ignore[attr-defined]  # looked up to bound this request
    return Visitor(scope, person(person_id), now)
