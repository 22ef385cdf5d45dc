"""Pure rules about who may hold what."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from gongzhi.accounts.types import ADMIN_ROLES, TIP_ROLES, Role

FREE_TRIES, FREE_TRIES_PER_ADDRESS = 5, 50
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)


class Clash(StrEnum):
    """Why two roles don't go together."""

    TWO_ADMINISTRATIONS = "two_administrations"
    ADMIN_AND_OPERATION = "admin_and_operation"
    TWO_TIP_ROLES = "two_tip_roles"


def clash(held: Iterable[Role], wanted: Role) -> Clash | None:
    """The reason why somebody holding these roles can't be given another one, or None."""
    others = set(held) - {wanted}
    if wanted in ADMIN_ROLES and others & ADMIN_ROLES:
        return Clash.TWO_ADMINISTRATIONS
    if (wanted in ADMIN_ROLES and others) or others & ADMIN_ROLES:
        return Clash.ADMIN_AND_OPERATION
    if wanted in TIP_ROLES and others & TIP_ROLES:
        return Clash.TWO_TIP_ROLES
    return None


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    """True on the first day, and no longer on the day named as the end."""
    return valid_from <= on and (valid_to is None or on < valid_to)


def wait_after(tries: int, free: int) -> timedelta:
    """How long the door stays shut after this many failures: nothing, then 30 s, doubling, never above 15 minutes."""
    over = tries - free
    if over < 0:
        return timedelta(0)
    return min(LONGEST_WAIT, SHORTEST_WAIT * (1 << min(over, 10)))


def idle_too_long(seen: datetime, idle: timedelta, now: datetime) -> bool:
    """True when nothing was done in a session for as long as it may rest."""
    return now - seen >= idle


def password_too_old(set_on: date | None, days: int, on: date) -> bool:
    """True when passwords are to be changed every so many days (0: never) and this one is older."""
    return days > 0 and (set_on is None or on - set_on >= timedelta(days=days))


def in_line(one: uuid.UUID, parents: Mapping[uuid.UUID, uuid.UUID | None]) -> frozenset[uuid.UUID]:
    """An organisation with all above it and all below it, out of who belongs to whom."""
    return frozenset(_upwards(one, parents)) | {other for other in parents if one in _upwards(other, parents)}


def _upwards(one: uuid.UUID, parents: Mapping[uuid.UUID, uuid.UUID | None]) -> list[uuid.UUID]:
    line, above = [one], parents.get(one)
    while above is not None and above not in line:
        line.append(above)
        above = parents.get(above)
    return line
