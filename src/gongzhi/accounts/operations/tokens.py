"""Keys with which machines act as a person."""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts import queries, words
from gongzhi.accounts.models import ApiToken
from gongzhi.accounts.operations.writing import lock, only
from gongzhi.accounts.types import LEAST_SCOPES, Role, TokenUse
from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.errors import NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

TOKEN_PREFIX = "gongzhi_"  # noqa: S105 - tells people and scanners what the key opens
LONGEST_TOKEN = timedelta(days=366)


@transaction.atomic
def issue_token(
    *,
    person: uuid.UUID,
    name: str,
    expires: datetime,
    by: Actor,
    now: datetime,
    scopes: Collection[str] = LEAST_SCOPES,
) -> str:
    """A key with which a machine acts as this person; shown once, only its digest is kept."""
    if by.kind is not ActorKind.PERSON or by.person_id != person:
        only(by, Role.SECURITY_ADMIN, now)
    if not now < expires <= now + LONGEST_TOKEN:
        raise Refused(_("A key lasts from now to one year at most."), code="expiry", field="expires")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        id=new_id(),
        person=lock(person),
        name=words.name(name, field="name", limit=60),
        scopes=words.scopes(scopes),
        digest=queries.token_digest(token),
        created_at=now,
        created_by=str(by),
        expires_at=expires,
    )
    row.save(force_insert=True)
    _note(AuditKind.TOKEN_ISSUED, row, by, now)
    return token


@transaction.atomic
def revoke_token(*, token: uuid.UUID, by: Actor, now: datetime) -> None:
    """A key stops working at once."""
    row = ApiToken.objects.select_for_update().filter(id=token).first()
    if row is None:
        raise NotFound(_("There is no such key."), code="no_token")
    if by.kind is not ActorKind.PERSON or by.person_id != row.person_id:
        only(by, Role.SECURITY_ADMIN, now)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, str(by)
        row.save(update_fields=["revoked_at", "revoked_by"])
        _note(AuditKind.TOKEN_REVOKED, row, by, now)


def use_token(*, token: str, now: datetime) -> TokenUse | None:
    """Whose key this is and what for, if it holds; notes the day of use, so that forgotten keys can be found."""
    row = queries.find_token(token, now)
    if row is None:
        return None
    today = timezone.localdate(now)
    if row.last_used_on != today:
        ApiToken.objects.filter(id=row.id).update(last_used_on=today)
    return TokenUse(row.person_id, frozenset(row.scopes))


def _note(kind: AuditKind, row: ApiToken, by: Actor, now: datetime) -> None:
    data = {"token": str(row.uuid), "scopes": row.scopes, "expires_at": row.expires_at.isoformat()}
    audit.note(kind=kind, by=by, now=now, subject=f"person:{row.person_id}", data=data)
