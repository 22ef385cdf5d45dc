"""Keys and ceremonies, as those concerned see them."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import PersonPicture, Role
from gongzhi.programs import queries as programs
from gongzhi.tips import access, ledger
from gongzhi.tips.models import Ceremony, RecoveryKey, Share
from gongzhi.tips.operations.identities import custodians
from gongzhi.tips.types import CeremonyKind, CeremonyRow, IdentityPurpose, KeyState


def key_state(person: uuid.UUID, on: date) -> KeyState:
    """Whether a person has a key, and whether the cell can recover."""
    keys = {key.id for key in custodians(on)}
    recovery = RecoveryKey.objects.order_by("-made_at").first()
    holding = (
        set(Share.objects.filter(secret=recovery.secret_id).values_list("key", flat=True))
        if recovery
        else set()
    )
    return KeyState(
        has_key=bool(access.keys_of([person])),
        custodians=len(keys),
        recovery_ready=recovery is not None,
        needs_new_split=recovery is not None and keys != holding,
    )


def ceremonies_for(person: uuid.UUID, now: datetime) -> list[CeremonyRow]:
    """What waits for this custodian, or what this member asked for; the newest first."""
    running = Ceremony.objects.filter(ends_at__gte=now, refused_by="").select_related("tip")
    on = ledger.day_of(now)
    if not accounts.scope_of(person, on).has(Role.CUSTODIAN):
        running = running.filter(Q(person=person) | Q(asked_by=f"person:{person}"))
    held = [row for row in running.order_by("-asked_at") if _may_know(row, person, on)]
    return _rows(held, person)


def members_with_keys(on: date) -> list[PersonPicture]:
    """Members of the receiving units who have a key: whom custodians can let in."""
    rules = programs.current_tip_rules(on)
    units = accounts.organisations_by_code(rules.units).values() if rules else ()
    people = {one.id: one for unit in units for one in accounts.people_of(unit.id, Role.TIP_MEMBER, on=on)}
    keyed = {key.person_id for key in access.keys_of(people)}
    return [one for one in people.values() if one.id in keyed]


def _may_know(row: Ceremony, person: uuid.UUID, on: date) -> bool:
    return row.tip is None or access.ground_against(row.tip, person, on) is None


def _rows(held: Iterable[Ceremony], person: uuid.UUID) -> list[CeremonyRow]:
    rows = list(held)
    names = accounts.names_of(row.person_id for row in rows)
    return [_row(row, names.get(row.person_id, ""), person) for row in rows]


def _row(row: Ceremony, name: str, person: uuid.UUID) -> CeremonyRow:
    return CeremonyRow(
        id=row.uuid,
        kind=CeremonyKind(row.kind),
        purpose=IdentityPurpose(row.purpose).label if row.purpose else "",
        number=row.tip.number if row.tip else "",
        member_name=name,
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        approvals=len(row.approvals),
        mine=str(person) in row.approvals,
        done=row.done_at is not None,
        readable=row.sealed is not None and row.person_id == person,
    )
