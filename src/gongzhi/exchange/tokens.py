"""Who calls: the person whose key was sent, with their scope as of now."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from gongzhi.accounts import operations as accounts
from gongzhi.accounts import queries
from gongzhi.accounts.types import Scope
from gongzhi.base.actor import Actor, person
from gongzhi.exchange import present


class Key(HttpBearer):
    """A key of `gongzhi token`, sent as `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> uuid.UUID | None:
        """Whose key this is; None if it does not hold."""
        return accounts.use_token(token=token, now=present.now())


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
    return Caller(queries.scope_of(person_id, timezone.localdate(now)), person(person_id), now)
