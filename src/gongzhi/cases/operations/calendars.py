"""A new working calendar comes in, and running clocks are counted again with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gongzhi.accounts import operations as accounts
from gongzhi.accounts.types import Role
from gongzhi.base import calendars
from gongzhi.base.actor import SYSTEM, Actor
from gongzhi.base.bounds import passing
from gongzhi.base.calendar import WorkingCalendar
from gongzhi.base.errors import Refused
from gongzhi.cases import rules
from gongzhi.cases.laws import LAWS
from gongzhi.cases.operations.ledger import Wish, read_steps, take
from gongzhi.cases.reach import counted_otherwise, subject
from gongzhi.cases.rules.clocks import working
from gongzhi.cases.types import ClockStatus, StepKind
from gongzhi.trust import audit
from gongzhi.trust.types import AuditKind

Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a calendar would change: the cases counted with another one, and clocks whose due time moves."""

    cases: int
    clocks: int


@transaction.atomic
def import_calendar(*, body: Mapping[str, Any], by: Actor, now: datetime) -> WorkingCalendar:
    """Bring in a version of the working calendar; running clocks stay as they are until they are recalculated."""
    accounts.only(by, Role.SYSTEM_ADMIN, now)
    calendar = calendars.import_version(body=body, by=by, now=now)
    _note(calendar.version, "imported", by, now)
    return calendar


def behind(*, calendar: str, progress: Progress = _silent) -> Behind:
    """What recalculating to this version would do; counts, and changes nothing."""
    codes, clocks = counted_otherwise(calendar), 0
    new = calendars.version(calendar)
    for done, case in enumerate(codes, 1):
        with passing(subject(case[0])):
            state = rules.fold(read_steps(case[0]), LAWS)
        running = [clock for clock in state.clocks if clock.status is ClockStatus.RUNNING]
        clocks += sum(working(clock, state, LAWS.kind, new).at != clock.due_at for clock in running)
        progress(done, len(codes))
    return Behind(len(codes), clocks)


def recalculate(*, calendar: str, by: Actor, now: datetime, progress: Progress = _silent) -> int:
    """Bring running clocks to a version of the working calendar, each case with a step that says so."""
    accounts.only(by, Role.SYSTEM_ADMIN, now)
    calendars.version(calendar)  # refuses one nobody knows
    cases, moved = counted_otherwise(calendar), 0
    for done, (_case, code) in enumerate(cases, 1):
        moved += _recalculate(code, calendar, now)
        progress(done, len(cases))
    _note(calendar, "recalculated", by, now, cases=moved)
    return moved


def _recalculate(code: str, calendar: str, now: datetime) -> int:
    try:
        take(code, Wish(StepKind.RECALCULATED, SYSTEM, now, {"calendar": calendar}))
    except Refused:  # it ended a moment ago
        return 0
    return 1


def _note(version: str, act: str, by: Actor, now: datetime, **more: int) -> None:
    data = {"act": act, **more}
    audit.note(kind=AuditKind.CALENDAR_CHANGED, by=by, now=now, subject=f"calendar:{version}", data=data)
