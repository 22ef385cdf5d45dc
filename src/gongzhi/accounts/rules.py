"""Pure rules about who may hold what."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from gongzhi.accounts.types import ADMIN_ROLES, Role


class Clash(StrEnum):
    """Why two roles don't go together."""

    TWO_ADMINISTRATIONS = "two_administrations"
    ADMIN_AND_OPERATION = "admin_and_operation"


def clash(held: Iterable[Role], wanted: Role) -> Clash | None:
    """The reason why somebody holding these roles can't be given another one, or None."""
    others = set(held) - {wanted}
    if wanted in ADMIN_ROLES and others & ADMIN_ROLES:
        return Clash.TWO_ADMINISTRATIONS
    if (wanted in ADMIN_ROLES and others) or others & ADMIN_ROLES:
        return Clash.ADMIN_AND_OPERATION
    return None


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    """True on the first day, and no longer on the day named as the end."""
    return valid_from <= on and (valid_to is None or on < valid_to)
