"""Who calls: the person whose key was sent, with their scope as of now."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from gongzhi.accounts import operations as accounts
from gongzhi.accounts import queries
from gongzhi.accounts.types import Scope, TokenScope
from gongzhi.base.actor import Actor, person
from gongzhi.base.bounds import turn_to
from gongzhi.base.errors import NotAllowed
from gongzhi.exchange import present


class Key(HttpBearer):
    """A key of `gongzhi token`, sent as `Authorization: Bearer …`, that was given the scope an address asks for."""

    openapi_name = "Key"

    def __init__(self, scope: TokenScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> uuid.UUID | None:
        """Whose key this is; None if it does not hold, refused if it is for other things."""
        use = accounts.use_token(token=token, now=present.now())
        if use is not None and self.scope not in use.scopes:
            raise NotAllowed(
                _("This key lacks the scope “%(scope)s”. Ask for a key that has it.") % {"scope": self.scope},
                code="scope_missing",
                scope=str(self.scope),
            )
        return use.person if use else None


@dataclass(frozen=True, slots=True)
class Caller:
    """A member of staff at one moment."""

    scope: Scope
    by: Actor
    now: datetime


def caller_of(request: HttpRequest) -> Caller:
    """The person behind the key, bounded by their roles as of now."""
    now = present.now()
    person_id: uuid.UUID = request.auth  # type: ignore[attr-defined]
    scope = queries.scope_of(person_id, timezone.localdate(now))
    turn_to(scope.bounds)
    return Caller(scope, person(person_id), now)
