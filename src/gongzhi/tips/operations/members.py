"""Who is let in and who steps aside."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.tips import access, ledger
from gongzhi.tips.models import Access, Interest, Tip
from gongzhi.tips.types import BlockGround, MemberKey, TipStepKind


@transaction.atomic
def recuse(*, tip: uuid.UUID, by: Actor, now: datetime) -> None:
    """Step aside from a tip for good; the last one who can open it lets somebody else in first."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    person = access.member_of(row, by, on)
    others = Access.objects.filter(tip=row).exclude(key__person=person).values_list("key__person", flat=True)
    if not any(access.can_open(row, other, on) for other in others):
        raise Refused(
            _("You are the only one who can open this tip. Let a colleague in first."), code="last_member"
        )
    _shut_out(row, person, BlockGround.RECUSED, by, now)


@transaction.atomic
def declare_interest(*, organisation: uuid.UUID, by: Actor, now: datetime) -> None:
    """Tips about this organisation, its line above and below, are shut to me: those there are and those to come."""
    person, on = _staff(by), ledger.day_of(now)
    accounts.organisation(organisation)
    Interest.objects.get_or_create(
        person_id=person,
        organisation_id=organisation,
        ended_on=None,
        defaults={"id": new_id(), "declared_on": on},
    )
    line = accounts.line_of(organisation)
    for tip in Access.objects.filter(key__person=person, tip__reported__in=line).values_list(
        "tip", flat=True
    ):
        _shut_out(ledger.locked(tip), person, BlockGround.INTEREST, by, now)


@transaction.atomic
def end_interest(*, organisation: uuid.UUID, by: Actor, now: datetime) -> None:
    """The interest is over: tips to come are open to me again; what was shut stays shut."""
    Interest.objects.filter(person=_staff(by), organisation=organisation, ended_on=None).update(
        ended_on=ledger.day_of(now)
    )


@transaction.atomic
def share_access(*, tip: uuid.UUID, to: uuid.UUID, key: MemberKey, by: Actor, now: datetime) -> None:
    """Let another member of the unit into a tip."""
    row, on = ledger.locked(tip), ledger.day_of(now)
    opened = access.content_key(row, key, by, on)
    keys = access.keys_of([to])
    if not keys or not may_be_let_in(row, to, now):
        raise NotFound(_("This person can't be let in."), code="not_a_member", field="to")
    access.give(row, opened, keys)
    ledger.take(row, TipStepKind.ACCESS_GIVEN, by=by, now=now, data={"to": str(to)})


def may_be_let_in(tip: Tip, person: uuid.UUID, now: datetime) -> bool:
    """True for a member of the receiving unit who may know of the tip."""
    on = ledger.day_of(now)
    return access.still_member(tip, person, on) and access.ground_against(tip, person, on) is None


def _shut_out(tip: Tip, person: uuid.UUID, ground: BlockGround, by: Actor, now: datetime) -> None:
    if tip.erased_on is None:
        kind = TipStepKind.RECUSED if ground is BlockGround.RECUSED else TipStepKind.BLOCKED
        ledger.take(tip, kind, by=by, now=now, data={"ground": ground.value})
    access.block(tip, person, ground, ledger.day_of(now))


def _staff(by: Actor) -> uuid.UUID:
    if by.person_id is None:
        raise NotAllowed(_("Only staff can do this."), code="not_staff")
    return by.person_id
