"""How the clock loops are doing, for whoever looks after the machine; and when nobody watched a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gongzhi.cases.models import BlindPeriod, CaseRecord, LoopBeat
from gongzhi.cases.reach import clock_counts, clock_lateness

RECENT = timedelta(days=7)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class LoopState:
    """The last sign of life, when nobody watched, and how many clocks depend on it."""

    beat_at: datetime | None
    blind: tuple[tuple[datetime, datetime], ...]
    running: int
    overlooked: int  # due, and not fired yet


def loop_state(now: datetime) -> LoopState:
    """The loop as its own signs of life show it."""
    beat_at = LoopBeat.objects.filter(pk=1).values_list("beat_at", flat=True).first()
    blind = BlindPeriod.objects.filter(ended_at__gt=now - RECENT).order_by("-began_at")[:SHOWN]
    running, overlooked = clock_counts(now)
    return LoopState(
        beat_at,
        tuple((period.began_at, period.ended_at) for period in blind),
        running,
        overlooked,
    )


@dataclass(frozen=True, slots=True)
class Lateness:
    """How far the loops are behind now: the clocks due and not fired, and for how long the oldest has been."""

    due: int  # counted up to a thousand
    seconds: float
    set_aside: int  # could not be fired, and are tried again


def lateness(now: datetime) -> Lateness:
    """The present lateness; cheap enough to ask every few seconds, however many clocks run."""
    due, oldest_at, set_aside = clock_lateness(now)
    return Lateness(due, max((now - oldest_at).total_seconds(), 0.0) if oldest_at else 0.0, set_aside)


def blind_seconds(record: CaseRecord, now: datetime) -> int:
    """How long no clock loop watched while this case was open."""
    end = record.closed_at or now
    periods = BlindPeriod.objects.filter(began_at__lt=end, ended_at__gt=record.reported_at)
    total = sum(
        (min(p.ended_at, end) - max(p.began_at, record.reported_at) for p in periods), start=timedelta(0)
    )
    return int(total.total_seconds())
