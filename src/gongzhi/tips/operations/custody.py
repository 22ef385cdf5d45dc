"""What two custodians do together: open an identity, let a member in, share the keys anew.

The first one's shares are sealed to the other custodians for as long as the ceremony lasts; nothing lies open in
between. The second one's passphrase completes it.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.tips import access, contents, ledger
from gongzhi.tips.models import (
    Ceremony,
    RecoveryAccess,
    RecoveryKey,
    Release,
    Share,
    SplitSecret,
    TipIdentity,
)
from gongzhi.tips.operations import telling
from gongzhi.tips.operations.identities import WITHIN, custodians, identity_place, share_out, share_place
from gongzhi.tips.operations.members import may_be_let_in
from gongzhi.tips.types import CeremonyKind, MemberKey, TipStepKind
from gongzhi.trust import audit, boxes, sharing
from gongzhi.trust.types import AuditKind

FEWEST = 3  # of whom any two open what was split


@transaction.atomic
def set_up_recovery(*, by: Actor, now: datetime) -> None:
    """Make the recovery key and share it among the custodians who have keys; once, before tips come in."""
    on = ledger.day_of(now)
    access.need(by, Role.CUSTODIAN, on)
    if RecoveryKey.objects.exists():
        raise Conflict(_("Recovery is set up already."), code="recovery_ready")
    keys = custodians(on)
    if len(keys) < FEWEST:
        raise Refused(_("At least %d custodians need keys first.") % FEWEST, code="few_custodians")
    pair = boxes.new_pair()
    split = share_out(pair.private, keys, on)
    RecoveryKey(id=new_id(), public=pair.public, secret=split, made_at=now).save(force_insert=True)
    audit.note(
        kind=AuditKind.KEY_RECOVERED, by=by, now=now, data={"made": "recovery", "custodians": len(keys)}
    )


@transaction.atomic
def ask_recovery(*, person: uuid.UUID, by: Actor, now: datetime) -> uuid.UUID:
    """Ask to let a member with a new key into the tips of the unit; by a custodian or by a tip member."""
    on = ledger.day_of(now)
    if by.person_id is None or not accounts.scope_of(by.person_id, on).has(Role.CUSTODIAN, Role.TIP_MEMBER):
        raise NotAllowed(_("This is done by custodians and tip members."), code="not_your_role")
    if not access.keys_of([person]) or not accounts.scope_of(person, on).has(Role.TIP_MEMBER):
        raise Refused(_("This person is no tip member with a key."), code="not_a_member", field="person")
    if not RecoveryKey.objects.exists():
        raise Refused(_("Recovery was never set up."), code="no_recovery")
    return _asked(CeremonyKind.RECOVERY, person, by, now)


@transaction.atomic
def ask_new_custodians(*, by: Actor, now: datetime) -> uuid.UUID:
    """Ask to share all keys anew among the custodians of today, when one has come or gone."""
    on = ledger.day_of(now)
    person = access.need(by, Role.CUSTODIAN, on)
    if len(custodians(on)) < FEWEST:
        raise Refused(_("At least %d custodians need keys first.") % FEWEST, code="few_custodians")
    return _asked(CeremonyKind.NEW_CUSTODIANS, person, by, now)


@transaction.atomic
def refuse_ceremony(*, ceremony: uuid.UUID, by: Actor, now: datetime) -> None:
    """A custodian stops it."""
    access.need(by, Role.CUSTODIAN, ledger.day_of(now))
    row = _running(ceremony, now)
    row.refused_by = str(by)
    row.save(update_fields=["refused_by"])
    row.releases.all().delete()


@transaction.atomic
def approve_ceremony(*, ceremony: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> bool:
    """One custodian's part; True once the second has done theirs and it is done."""
    access.must_be(key, by)
    access.need(by, Role.CUSTODIAN, ledger.day_of(now))
    row = _running(ceremony, now)
    _not_theirs(row, key.person, now)
    if str(key.person) in row.approvals:
        raise Refused(_("You have approved it: now another custodian must."), code="two_needed")
    secrets = _secrets(row)
    if not Share.objects.filter(secret__in=secrets, key=key.key_id).exists():
        raise NotFound(_("You hold no share for this."), code="no_share")
    row.approvals = [*row.approvals, str(key.person)]
    if len(row.approvals) < sharing.NEEDED:
        _release(row, secrets, key, now)
        row.save(update_fields=["approvals"])
        return False
    _complete(row, secrets, key, by, now)
    row.releases.all().delete()
    row.done_at = now
    row.save()
    return True


def _asked(kind: CeremonyKind, person: uuid.UUID, by: Actor, now: datetime) -> uuid.UUID:
    row = Ceremony(
        id=new_id(), kind=kind, person_id=person, asked_by=str(by), asked_at=now, ends_at=now + WITHIN
    )
    row.save(force_insert=True)
    telling.tell_custodians([key.person_id for key in custodians(ledger.day_of(now))], str(row.id), now)
    return row.uuid


def _running(ceremony: uuid.UUID, now: datetime) -> Ceremony:
    row = Ceremony.objects.select_for_update(of=("self",)).filter(id=ceremony).first()
    if row is None:
        raise NotFound(_("There is no such request."), code="no_ceremony")
    if row.done_at or row.refused_by or now > row.ends_at:
        raise Refused(_("This request is over: ask again."), code="ceremony_over")
    return row


def _not_theirs(row: Ceremony, person: uuid.UUID, now: datetime) -> None:
    """Who may not know of a tip is not asked about it, and nobody approves what serves themselves alone."""
    if row.tip is not None and access.ground_against(row.tip, person, ledger.day_of(now)):
        raise NotFound(_("There is no such request."), code="no_ceremony")


def _secrets(row: Ceremony) -> list[SplitSecret]:
    """What is to be put together."""
    if row.kind == CeremonyKind.IDENTITY:
        identity = TipIdentity.objects.filter(tip=row.tip_id).first()
        return list(SplitSecret.objects.filter(id=identity.secret)) if identity else []
    recovery = SplitSecret.objects.filter(id__in=RecoveryKey.objects.values("secret"))
    return list(recovery if row.kind == CeremonyKind.RECOVERY else SplitSecret.objects.all())


def _release(row: Ceremony, secrets: Iterable[SplitSecret], key: MemberKey, now: datetime) -> None:
    """The first custodian's shares, sealed to each of the others who hold one."""
    for secret in secrets:
        own = secret.shares.filter(key=key.key_id).first()
        if own is None:
            continue
        for other in secret.shares.exclude(key=key.key_id).select_related("key"):
            opened = boxes.unseal(key.private, bytes(own.sealed), share_place(secret))
            sealed = boxes.seal_to(bytes(other.key.public), opened, _release_place(row, secret))
            Release(
                id=new_id(),
                ceremony=row,
                secret=secret,
                from_key_id=key.key_id,
                for_key=other.key,
                sealed=sealed,
            ).save(force_insert=True)


def _release_place(row: Ceremony, secret: SplitSecret) -> str:
    return f"release:{row.id}:{secret.id}"


def _joined(row: Ceremony, secret: SplitSecret, key: MemberKey) -> bytes | None:
    """A secret out of the released share and one's own; None if one of the two is not there."""
    own = secret.shares.filter(key=key.key_id).first()
    given = Release.objects.filter(ceremony=row, secret=secret, for_key=key.key_id).first()
    if own is None or given is None:
        return None
    return sharing.combine(
        [
            boxes.unseal(key.private, bytes(given.sealed), _release_place(row, secret)),
            boxes.unseal(key.private, bytes(own.sealed), share_place(secret)),
        ]
    )


def _complete(row: Ceremony, secrets: list[SplitSecret], key: MemberKey, by: Actor, now: datetime) -> None:
    joined = {secret: _joined(row, secret, key) for secret in secrets}
    found = {secret: value for secret, value in joined.items() if value is not None}
    if not found:
        raise Refused(_("The two shares do not fit together: ask again."), code="shares_do_not_fit")
    if row.kind == CeremonyKind.IDENTITY:
        _open_identity(row, next(iter(found.values())), by, now)
    elif row.kind == CeremonyKind.RECOVERY:
        _let_in(row, next(iter(found.values())), by, now)
    else:
        _share_anew(row, found, by, now)


def _open_identity(row: Ceremony, secret: bytes, by: Actor, now: datetime) -> None:
    """The identity goes, sealed, to the member who asked; the custodians don't see it."""
    tip = ledger.locked(row.tip_id)  # type: ignore[arg-type]
    said = contents.open_words(secret, bytes(TipIdentity.objects.get(tip=tip).sealed), identity_place(tip))
    [asking] = access.keys_of([row.person_id])
    row.sealed = boxes.seal_to(bytes(asking.public), json.dumps(said).encode(), f"ceremony:{row.id}")
    ledger.take(tip, TipStepKind.IDENTITY_OPENED, by=by, now=now, data={"purpose": row.purpose})
    audit.note(
        kind=AuditKind.TIP_IDENTITY_OPENED,
        by=by,
        now=now,
        subject=f"tip:{tip.id}",
        purpose=row.purpose,
        data={"custodians": list(row.approvals), "for": str(row.person_id), "ceremony": str(row.id)},
    )


def _let_in(row: Ceremony, private: bytes, by: Actor, now: datetime) -> None:
    """Every tip of the unit whose key the recovery key opens, but none the member may not know of."""
    keys, tips = access.keys_of([row.person_id]), 0
    held = RecoveryAccess.objects.filter(tip__erased_on=None)
    for recovery in held.select_related("tip").iterator():
        if not may_be_let_in(recovery.tip, row.person_id, now):
            continue
        tip = ledger.locked(recovery.tip_id)
        opened = boxes.unseal(private, bytes(recovery.sealed), contents.place(tip.id, "recovery"))
        access.give(tip, opened, keys)
        ledger.take(tip, TipStepKind.ACCESS_GIVEN, by=by, now=now, data={"to": str(row.person_id)})
        tips += 1
    audit.note(
        kind=AuditKind.KEY_RECOVERED,
        by=by,
        now=now,
        subject=f"person:{row.person_id}",
        purpose="recovery",
        data={"tips": tips, "custodians": list(row.approvals)},
    )


def _share_anew(row: Ceremony, found: dict[SplitSecret, bytes], by: Actor, now: datetime) -> None:
    on = ledger.day_of(now)
    tips = {identity.secret: identity.tip for identity in TipIdentity.objects.select_related("tip")}
    for secret, value in found.items():
        keys = custodians(on, tips.get(secret.id))
        if len(keys) >= sharing.NEEDED:
            share_out(value, keys, on, into=secret)
    audit.note(
        kind=AuditKind.KEY_RECOVERED,
        by=by,
        now=now,
        purpose="new_custodians",
        data={"secrets": len(found), "custodians": list(row.approvals)},
    )
