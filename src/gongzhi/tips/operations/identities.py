"""The reporter's identity: sealed under a key of its own, in shares that only two custodians together join."""

import json
import uuid
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.territory.types import Chain
from gongzhi.tips import access, contents, ledger
from gongzhi.tips.models import Ceremony, PersonalKey, Share, SplitSecret, Tip, TipIdentity
from gongzhi.tips.operations import telling
from gongzhi.tips.types import CeremonyKind, Identity, IdentityPurpose, MemberKey, TipStepKind
from gongzhi.trust import audit, boxes, sharing
from gongzhi.trust.types import AuditKind

WITHIN = timedelta(hours=24)


def custodians(on: date, tip: Tip | None = None) -> list[PersonalKey]:
    """The keys of the custodians of a day; for a tip without those who may not know of it."""
    people = accounts.people_with(Role.CUSTODIAN, Chain(), on=on)
    free = [p for p in people if tip is None or access.ground_against(tip, p, on) is None]
    return access.keys_of(free)


def share_out(
    secret: bytes, keys: list[PersonalKey], on: date, into: SplitSecret | None = None
) -> SplitSecret:
    """Split a secret among these keys; `into` replaces the shares there were."""
    split = into or SplitSecret(id=uuid.uuid4(), made_on=on)
    if into is None:
        split.save(force_insert=True)
    split.shares.all().delete()
    for key, share in zip(keys, sharing.split(secret, len(keys)), strict=True):
        sealed = boxes.seal_to(bytes(key.public), share, share_place(split))
        Share(id=uuid.uuid4(), secret=split, key=key, sealed=sealed).save(force_insert=True)
    return split


def share_place(split: SplitSecret) -> str:
    """What a share is bound to."""
    return f"share:{split.id}"


def keep(tip: Tip, identity: Identity, *, by: Actor, now: datetime) -> None:
    """Seal an identity beside a locked tip; one that was left before goes."""
    on = ledger.day_of(now)
    keys = custodians(on, tip)
    if len(keys) < sharing.NEEDED:
        raise Refused(
            _("Your identity can't be kept safely at the moment. Please send the tip without it."),
            code="no_custodians",
            field="identity",
        )
    forget(tip)
    secret = boxes.new_key()
    row = TipIdentity(id=uuid.uuid4(), tip=tip, day=on, secret=share_out(secret, keys, on).id)
    row.sealed = contents.shut_words(secret, asdict(identity), identity_place(tip))
    named = ("identity", str(row.id), contents.fingerprint(row.sealed))
    ledger.take(tip, TipStepKind.IDENTITY_GIVEN, by=by, now=now, boxes=[named])
    row.save(force_insert=True)


def forget(tip: Tip) -> None:
    """Destroy an identity and the shares of its key."""
    row = TipIdentity.objects.filter(tip=tip).first()
    if row is not None:
        row.delete()
        SplitSecret.objects.filter(id=row.secret).delete()


def identity_place(tip: Tip) -> str:
    """What an identity's box is bound to."""
    return contents.place(tip.id, "identity")


@transaction.atomic
def ask_identity(*, tip: uuid.UUID, purpose: IdentityPurpose, by: Actor, now: datetime) -> uuid.UUID:
    """Ask the custodians to open the identity for me; it ends after 24 hours."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    person = access.member_of(row, by, on)
    if not TipIdentity.objects.filter(tip=row).exists():
        raise NotFound(_("The reporter left no identity."), code="no_identity")
    asked = {"purpose": IdentityPurpose(purpose).value}
    step = ledger.take(row, TipStepKind.IDENTITY_ASKED, by=by, now=now, data=asked)
    ceremony = Ceremony(
        id=new_id(),
        kind=CeremonyKind.IDENTITY,
        tip=row,
        purpose=IdentityPurpose(purpose).value,
        person_id=person,
        asked_by=str(by),
        asked_at=now,
        ends_at=now + WITHIN,
    )
    ceremony.save(force_insert=True)
    telling.tell_custodians([key.person_id for key in custodians(on, row)], f"{row.id}:{step.seq}", now)
    return ceremony.uuid


@transaction.atomic
def read_identity(*, ceremony: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> Identity:
    """The identity two custodians opened for me; readable until the ceremony ends, every reading noted."""
    access.must_be(key, by)
    row = Ceremony.objects.select_related("tip").filter(id=ceremony, kind=CeremonyKind.IDENTITY).first()
    readable = row is not None and row.sealed is not None and now <= row.ends_at
    if row is None or not readable or row.person_id != key.person or row.tip is None:
        raise NotFound(_("There is nothing to read: ask the custodians again."), code="not_opened")
    access.member_of(row.tip, by, ledger.day_of(now))
    said = boxes.unseal(key.private, bytes(row.sealed or b""), f"ceremony:{row.id}")
    audit.note(
        kind=AuditKind.REVEALED, by=by, now=now, subject=f"tip:{row.tip_id}", purpose=row.purpose,
        data={"what": "identity", "ceremony": str(row.id)},
    )  # fmt: skip
    return Identity(**json.loads(said))
