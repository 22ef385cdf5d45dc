"""The engine in figures, for whoever watches the machine; says nothing about any case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from gongzhi.cases.models import LoopBeat
from gongzhi.cases.rules import OPEN


@dataclass(frozen=True, slots=True)
class Vitals:
    """How many cases are open in each state, what came in lately, and how the clocks are watched."""

    beat_at: datetime | None
    oldest_due_at: datetime | None  # the clock that should have fired first and has not
    running: int
    blind: timedelta  # all time in which nobody watched
    last_minute: int  # reports
    last_hour: int
    open_by_status: dict[str, int]

    def lateness(self, now: datetime) -> timedelta:
        """How late the latest clock is; nothing due is not late."""
        return max(now - self.oldest_due_at, timedelta()) if self.oldest_due_at else timedelta()


def last_beat() -> datetime | None:
    """The clock loop's last sign of life."""
    return LoopBeat.objects.filter(pk=1).values_list("beat_at", flat=True).first()


def vitals(now: datetime) -> Vitals:
    """All of it, in two queries and the sign of life."""
    statuses = sorted(status.value for status in OPEN)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oldest_due_at, running, blind, last_minute, last_hour FROM gongzhi_vitals(%s)", [now]
        )
        oldest_due_at, running, blind, last_minute, last_hour = cursor.fetchone()
        cursor.execute("SELECT status, cases FROM gongzhi_open_by_status(%s)", [statuses])
        counted = dict(cursor.fetchall())
    return Vitals(
        beat_at=last_beat(),
        oldest_due_at=oldest_due_at,
        running=running,
        blind=blind,
        last_minute=last_minute,
        last_hour=last_hour,
        open_by_status={status: counted.get(status, 0) for status in statuses},
    )
