"""A grid ends: its open cases go to the grid that follows it, each with a step that says so."""

from datetime import datetime

from django.db import transaction

from gongzhi.accounts import operations as accounts
from gongzhi.accounts.types import Role
from gongzhi.base.actor import SYSTEM, Actor
from gongzhi.base.bounds import passing
from gongzhi.cases import rules
from gongzhi.cases.laws import LAWS
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.operations.ledger import Wish, read_steps, take
from gongzhi.cases.places import codes_of
from gongzhi.cases.reach import in_grid, subject
from gongzhi.cases.rules.clocks import ENDINGS
from gongzhi.cases.types import StepKind
from gongzhi.territory import operations as territory
from gongzhi.territory.types import AreaPicture


@transaction.atomic
def end_grid(*, code: str, successor: str, by: Actor, now: datetime) -> int:
    """End a grid and hand its open cases to another one, all or nothing; returns how many cases moved."""
    accounts.only(by, Role.SYSTEM_ADMIN, now)
    ended, follows = territory.end_grid(code=code, successor=successor, by=by, now=now)
    cases = in_grid(ended.id)
    with passing(*map(subject, cases)):  # an administrator reaches no case by themselves
        open_ones = list(CaseRecord.objects.filter(pk__in=cases).exclude(status__in=ENDINGS).order_by("code"))
        for row in open_ones:
            _move(row, follows, now)
    return len(open_ones)


def _move(row: CaseRecord, to: AreaPicture, now: datetime) -> None:
    """The point on the map stays where it is; only whose area it is changes."""
    place = rules.fold(read_steps(row.uuid), LAWS).place
    data = {
        "area": str(to.id),
        "area_codes": list(codes_of(to.id)),
        "place": list(place) if place else None,
        "cross_border": row.cross_border,
    }
    take(row.code, Wish(StepKind.RELOCATED, SYSTEM, now, data))
