"""How the clock loop is doing, for whoever looks after the machine; says nothing about any case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gongzhi.cases.models import BlindPeriod, LoopBeat
from gongzhi.cases.reach import clock_counts

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
