"""What members and handlers see before they unlock a key: headers, and only of tips they have a key to."""

import uuid
from datetime import date, datetime

from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import OrganisationPicture, PersonPicture, Role
from gongzhi.base import actor
from gongzhi.tips import access, views
from gongzhi.tips.ledger import no_such_tip
from gongzhi.tips.models import HandOver, Interest, Tip
from gongzhi.tips.operations.handing import handler_keys, opened_copy
from gongzhi.tips.operations.members import may_be_let_in
from gongzhi.tips.types import HandedRow, HandedView, MemberKey, TipRow, TipStatus, TipView


def tips_for(person: uuid.UUID, status: TipStatus | None = None, on: date | None = None) -> list[TipRow]:
    """Headers of the tips this person can open, the newest first."""
    held = Tip.objects.filter(accesses__key__person=person, accesses__key__ended_at=None, erased_on=None)
    if status is not None:
        held = held.filter(status=status)
    day = on or timezone.localdate()
    free = [
        tip for tip in held.distinct().order_by("-opened_on", "number") if access.can_open(tip, person, day)
    ]
    return views.rows(free)


def tip_header(tip: uuid.UUID, person: uuid.UUID, on: date | None = None) -> TipRow:
    """The header of one tip; to whoever can't open it, it does not exist."""
    return views.rows([_tip(tip, person, on or timezone.localdate())])[0]


def without_access(tip: uuid.UUID, person: uuid.UUID, on: date) -> list[PersonPicture]:
    """Members of the unit with keys who could be let into a tip `person` can open."""
    row = _tip(tip, person, on)
    members = accounts.people_of(row.unit_id, Role.TIP_MEMBER, on=on)
    keyed = {key.person_id for key in access.keys_of(m.id for m in members)}
    held = set(row.accesses.filter(key__ended_at=None).values_list("key__person", flat=True))
    return [m for m in members if m.id in keyed - held and may_be_let_in(row, m.id, _noon(on))]


def handlers(tip: uuid.UUID, person: uuid.UUID, on: date) -> list[OrganisationPicture]:
    """Organisations a tip can be handed to: a handler with a key is there, and nobody in line with the one reported."""
    row = _tip(tip, person, on)
    return [one for one in accounts.organisations(on=on) if handler_keys(row, one.id, _noon(on))]


def interests_of(person: uuid.UUID) -> list[OrganisationPicture]:
    """The organisations somebody has declared an interest in."""
    held = Interest.objects.filter(person=person, ended_on=None).values_list("organisation", flat=True)
    return [accounts.organisation(organisation) for organisation in held]


def handed_to(person: uuid.UUID) -> list[HandedRow]:
    """Redacted copies this handler can open, the newest first."""
    held = HandOver.objects.filter(accesses__key__person=person, accesses__key__ended_at=None)
    copies = held.select_related("tip").distinct().order_by("-day", "id")
    day = timezone.localdate()
    return views.handed_rows(c for c in copies if access.ground_against(c.tip, person, day) is None)


def tip_for_member(tip: uuid.UUID, key: MemberKey, on: date) -> TipView:
    """A tip that was opened before (`operations.open_tip` noted it), shown again under the same unlocked key."""
    row = Tip.objects.filter(id=tip, erased_on=None).first()
    if row is None:
        raise no_such_tip()
    return views.tip_view(row, access.content_key(row, key, actor.person(key.person), on), key.person)


def handed_copy(hand_over: uuid.UUID, key: MemberKey, on: date) -> HandedView:
    """A redacted copy that was opened before (`operations.open_handed` noted it), shown again."""
    return views.handed_view(*opened_copy(hand_over, key, actor.person(key.person), on))


def _tip(tip: uuid.UUID, person: uuid.UUID, on: date) -> Tip:
    row = Tip.objects.filter(id=tip, erased_on=None).first()
    if row is None or not access.can_open(row, person, on):
        raise no_such_tip()
    return row


def _noon(on: date) -> datetime:
    """A moment of that day by the clock here, for rules that ask for one."""
    return timezone.make_aware(datetime.combine(on, datetime.min.time()).replace(hour=12))
