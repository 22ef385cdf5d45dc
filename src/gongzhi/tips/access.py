"""Who has a key, who may be given a tip, and opening what was sealed to one of them."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotAllowed
from gongzhi.programs.types import TipRules
from gongzhi.tips import contents
from gongzhi.tips.ledger import no_such_tip
from gongzhi.tips.models import Access, Block, Interest, PersonalKey, Tip
from gongzhi.tips.rules.blocking import Member, RoutedTo, grounds, route
from gongzhi.tips.types import BlockGround, MemberKey
from gongzhi.trust import boxes


def keys_of(people: Iterable[uuid.UUID]) -> list[PersonalKey]:
    """The keys in use of these people."""
    return list(PersonalKey.objects.filter(person__in=set(people), ended_at=None).order_by("made_at"))


def members_of(unit: uuid.UUID, role: Role, on: date) -> list[Member]:
    """Those of a unit who hold a role and a key, with all the organisations they work for or are close to."""
    people = [person.id for person in accounts.people_of(unit, role, on=on)]
    holding = {key.person_id for key in keys_of(people)}
    return [as_member(person, on) for person in people if person in holding]


def as_member(person: uuid.UUID, on: date) -> Member:
    """A person as blocking sees them: every grant counts, in whatever role."""
    scope = accounts.scope_of(person, on)
    interests = Interest.objects.filter(person=person, ended_on=None).values_list("organisation", flat=True)
    return Member(person, frozenset(g.organisation for g in scope.grants), frozenset(interests))


def line_of(reported: uuid.UUID | None) -> frozenset[uuid.UUID]:
    """The organisation reported with all above and below it."""
    return accounts.line_of(reported) if reported is not None else frozenset()


def routed(
    rules: TipRules, reported: uuid.UUID | None, named: Sequence[uuid.UUID], on: date
) -> RoutedTo | None:
    """The unit that receives a tip about an organisation, and who of it may know."""
    known = accounts.organisations_by_code(rules.units)
    units = [known[code].id for code in rules.units if code in known]
    return route([(u, members_of(u, Role.TIP_MEMBER, on)) for u in units], line_of(reported), named)


def ground_against(tip: Tip, person: uuid.UUID, on: date) -> BlockGround | None:
    """Why somebody may not know of a tip: blocked before, or close to what was reported."""
    before = Block.objects.filter(tip=tip, person=person).first()
    if before is not None:
        return BlockGround(before.ground)
    return grounds(as_member(person, on), line_of(tip.reported_id), ())


def block(tip: Tip, person: uuid.UUID, ground: BlockGround, on: date) -> None:
    """Shut somebody out: what they had of the tip goes, and it can't come back."""
    Block.objects.get_or_create(tip=tip, person_id=person, defaults={"ground": ground, "on": on})
    Access.objects.filter(tip=tip, key__person=person).delete()


def give(tip: Tip, content_key: bytes, keys: Iterable[PersonalKey]) -> None:
    """Seal a tip's content key to these keys; who has it already keeps it."""
    bound_to = contents.place(tip.id, "access")
    Access.objects.bulk_create(
        [
            Access(
                id=uuid.uuid4(),
                tip=tip,
                key=key,
                sealed=boxes.seal_to(bytes(key.public), content_key, bound_to),
            )
            for key in keys
        ],
        ignore_conflicts=True,
    )


def must_be(key: MemberKey, by: Actor) -> None:
    """A key works only in the hands of its person."""
    if by.person_id != key.person:
        raise NotAllowed(_("This key belongs to somebody else."), code="not_your_key")


def content_key(tip: Tip, key: MemberKey, by: Actor, on: date) -> bytes:
    """The key of a tip as a member holds it; without access the tip does not exist."""
    must_be(key, by)
    row = Access.objects.filter(tip=tip, key=key.key_id).first()
    if row is None or not still_member(tip, key.person, on) or ground_against(tip, key.person, on):
        raise no_such_tip()
    return boxes.unseal(key.private, bytes(row.sealed), contents.place(tip.id, "access"))


def still_member(tip: Tip, person: uuid.UUID, on: date) -> bool:
    """A key outlives a post; what it opens does not."""
    grants = accounts.scope_of(person, on).area_grants(Role.TIP_MEMBER)
    return any(grant.organisation == tip.unit_id for grant in grants)


def can_open(tip: Tip, person: uuid.UUID, on: date) -> bool:
    """True if this person has the tip's key and may still use it."""
    held = Access.objects.filter(tip=tip, key__person=person).exists()
    return held and still_member(tip, person, on) and ground_against(tip, person, on) is None


def need(by: Actor, role: Role, on: date) -> uuid.UUID:
    """The person behind an actor, who must hold the role."""
    if by.person_id is None or not accounts.scope_of(by.person_id, on).has(role):
        raise NotAllowed(_("This is done by: %(role)s.") % {"role": role.label}, code="not_your_role")
    return by.person_id


def member_of(tip: Tip, by: Actor, on: date) -> uuid.UUID:
    """The member behind an actor, who can open this tip; to everybody else it does not exist."""
    if by.person_id is None or not can_open(tip, by.person_id, on):
        raise no_such_tip()
    return by.person_id
