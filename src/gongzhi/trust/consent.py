"""Consent as a record of its own: given or withdrawn, never edited; what rests on it asks here at every read.

`ref` and the author are plain references (`case:…`, `person:…`); who the person is stays in the sealed contents.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongzhi.base.actor import Actor
from gongzhi.base.ids import new_id
from gongzhi.trust import audit
from gongzhi.trust.models import Consent
from gongzhi.trust.purposes import PURPOSES
from gongzhi.trust.types import AuditKind, ConsentGiver, ConsentWay


@dataclass(frozen=True, slots=True)
class ConsentPicture:
    """One consent with what became of it."""

    id: uuid.UUID
    purpose: str
    giver: ConsentGiver
    way: ConsentWay
    given_at: datetime
    until: datetime
    withdrawn_at: datetime | None


@transaction.atomic
def give_consent(
    *,
    ref: str,
    purpose: str,
    giver: ConsentGiver,
    way: ConsentWay,
    until: datetime,
    by: Actor,
    now: datetime,
) -> uuid.UUID:
    """Write down that the person, or the guardian, agreed to one purpose until a day; returns its id."""
    if purpose not in PURPOSES:
        raise ValueError(f"undeclared purpose {purpose!r}: declare it in gongzhi.trust.purposes")
    if until <= now:
        raise ValueError("a consent ends at a moment that lies ahead")
    row = Consent(
        id=new_id(),
        ref=ref,
        purpose=purpose,
        giver=ConsentGiver(giver),
        way=ConsentWay(way),
        until=until,
        recorded_by=str(by),
        happened_at=now,
    )
    row.save(force_insert=True)
    facts = {"giver": row.giver, "way": row.way, "until": until.isoformat()}
    audit.note(kind=AuditKind.CONSENT_GIVEN, by=by, now=now, subject=ref, purpose=purpose, data=facts)
    return row.uuid


@transaction.atomic
def withdraw_consent(*, ref: str, purpose: str, by: Actor, now: datetime) -> int:
    """Take back every consent of this kind that still stands; works at once, returns how many it were."""
    standing = [c for c in consents_of(ref) if c.purpose == purpose and c.withdrawn_at is None]
    for consent in standing:
        Consent(
            id=new_id(),
            ref=ref,
            purpose=purpose,
            giver=consent.giver,
            way=consent.way,
            until=consent.until,
            withdraws=consent.id,
            recorded_by=str(by),
            happened_at=now,
        ).save(force_insert=True)
    if standing:
        audit.note(kind=AuditKind.CONSENT_WITHDRAWN, by=by, now=now, subject=ref, purpose=purpose)
    return len(standing)


def consent_holds(ref: str, purpose: str, at: datetime) -> bool:
    """Whether a consent to this purpose stood at a moment: given, not yet over, not withdrawn."""
    return any(_holds(consent, at) for consent in consents_of(ref) if consent.purpose == purpose)


def consents_of(ref: str) -> tuple[ConsentPicture, ...]:
    """Every consent about one subject, in the order given."""
    rows = list(Consent.objects.filter(ref=ref).order_by("happened_at", "id"))
    ended = {row.withdraws: row.happened_at for row in reversed(rows) if row.withdraws}
    return tuple(_picture(row, ended.get(row.uuid)) for row in rows if row.withdraws is None)


def held_refs(refs: Iterable[str], purpose: str, at: datetime) -> frozenset[str]:
    """Of these subjects, those whose consent stands at a moment, in one query."""
    rows = list(Consent.objects.filter(ref__in=list(refs), purpose=purpose, happened_at__lte=at))
    ended = {row.withdraws for row in rows if row.withdraws}
    return frozenset(
        row.ref for row in rows if row.withdraws is None and row.uuid not in ended and at < row.until
    )


def _holds(consent: ConsentPicture, at: datetime) -> bool:
    withdrawn = consent.withdrawn_at is not None and consent.withdrawn_at <= at
    return consent.given_at <= at < consent.until and not withdrawn


def _picture(row: Consent, withdrawn_at: datetime | None) -> ConsentPicture:
    return ConsentPicture(
        id=row.uuid,
        purpose=row.purpose,
        giver=ConsentGiver(row.giver),
        way=ConsentWay(row.way),
        given_at=row.happened_at,
        until=row.until,
        withdrawn_at=withdrawn_at,
    )
