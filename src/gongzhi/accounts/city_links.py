"""Which identity at the city's sign-on opens which account: tied once, at the first full sign-in, then by nothing else.

A user name over there can be given to somebody else one day; an issuer's `sub` never is. Of both together only a keyed
digest is kept.
"""

import uuid
from datetime import date, datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.accounts.models import CityLink, Person
from gongzhi.base.actor import SYSTEM, Actor, person
from gongzhi.base.errors import NotAllowed
from gongzhi.base.ids import new_id
from gongzhi.trust import audit
from gongzhi.trust.crypto import keyed_digest
from gongzhi.trust.types import AuditKind

TO_TIE = "city_identity"  # in the session, until the second step is done


class Stranger(ValueError):
    """Nobody here has an open account by this identity or this name."""


def owner(*, issuer: str, sub: str, username: str, session: SessionBase, now: datetime) -> uuid.UUID:
    """Whose account this identity opens; an account nobody came to yet is found by name and tied by `tie`."""
    today, digest = timezone.localdate(now), _digest(issuer, sub)
    link = CityLink.objects.filter(digest=digest).select_related("person").first()
    row = link.person if link else Person.objects.filter(username=username).first()
    if row is None or not row.usable_on(today):
        raise Stranger("no open account")
    if link is None:
        _refuse_if_tied(row, issuer, now)
        session[TO_TIE] = {"issuer": issuer, "digest": digest.hex()}
    return row.uuid


@transaction.atomic
def tie(*, person_id: uuid.UUID, identity: dict[str, str], now: datetime) -> None:
    """The person has proved everything that is asked for: from now on this identity opens the account, and no other."""
    row = Person.objects.select_for_update().get(id=person_id)
    digest, issuer = bytes.fromhex(identity["digest"]), identity["issuer"]
    if CityLink.objects.filter(digest=digest, person=row).exists():
        return
    if CityLink.objects.filter(digest=digest).exists() or _is_tied(row, issuer):
        raise _another_one()
    CityLink.objects.create(
        id=new_id(), person=row, issuer=issuer, digest=digest, linked_on=timezone.localdate(now)
    )
    about = f"person:{person_id}"
    audit.note(kind=AuditKind.CITY_LINKED, by=person(person_id), now=now, subject=about)


def tied_since(person_id: uuid.UUID) -> date | None:
    """Since which day an identity of the city's sign-on opens this account; None if none does."""
    rows = CityLink.objects.filter(person=person_id).order_by("linked_on")
    return rows.values_list("linked_on", flat=True).first()


def untie(*, person_id: uuid.UUID, by: Actor, now: datetime, purpose: str) -> bool:
    """The identity opens nothing any more; the caller has checked that `by` may do it."""
    count, _rows = CityLink.objects.filter(person=person_id).delete()
    if count:
        about = f"person:{person_id}"
        audit.note(kind=AuditKind.CITY_UNLINKED, by=by, now=now, subject=about, purpose=purpose)
    return bool(count)


def _refuse_if_tied(row: Person, issuer: str, now: datetime) -> None:
    if not _is_tied(row, issuer):
        return
    audit.note(
        kind=AuditKind.SIGN_IN_FAILED,
        by=SYSTEM,
        now=now,
        subject=f"person:{row.uuid}",
        data={"way": "city", "why": "another_identity"},
        succeeded=False,
    )
    raise _another_one()


def _is_tied(row: Person, issuer: str) -> bool:
    return CityLink.objects.filter(person=row, issuer=issuer).exists()


def _another_one() -> NotAllowed:
    return NotAllowed(
        _(
            "The account with your user name belongs to somebody else's city sign-on, so it stays shut. If it is yours, go to the security administrator, who can untie the old one."
        ),
        code="another_identity",
    )


def _digest(issuer: str, sub: str) -> bytes:
    return keyed_digest("city_identity", f"{issuer}\n{sub}".encode(errors="replace"))
