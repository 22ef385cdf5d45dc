"""The clock loop: a process of its own that fires what is due, watches itself, and sleeps until the next."""

import logging
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Signal

from django.db import InterfaceError, OperationalError, connection, transaction

from gongzhi.base.steady import SteadyTime
from gongzhi.cases.clock_bell import LONGEST_SLEEP, Bell
from gongzhi.cases.models import BlindPeriod, LoopBeat
from gongzhi.cases.operations.firing import fire_due, waiting
from gongzhi.cases.operations.support import end_due_support
from gongzhi.cases.operations.upkeep import resume_due
from gongzhi.notices import operations as notices

log = logging.getLogger("gongzhi.clocks")

SHORTEST_SLEEP = 0.05  # seconds
AWAY_FOR = 1.0
BEAT_EVERY = timedelta(seconds=2)
BLIND_AFTER = timedelta(seconds=10)
CHORES_EVERY = timedelta(seconds=20)
MORE_CHORES: list[Callable[[datetime], object]] = []  # of the parts above; filled by config/wiring.py


def tick(now: datetime) -> int:
    """Fire every clock that is due at `now`; returns how many steps were written."""
    written = 0
    while (fired := fire_due(now=now)).any:
        written += fired.steps
    return written


def chores(now: datetime) -> None:
    """What needs no precision: resumptions, urgent notices nobody confirmed, deliveries whose job died."""
    resume_due(now=now)
    end_due_support(now=now)
    notices.escalate_unacknowledged(now=now)
    notices.requeue_stuck(now=now)
    for chore in MORE_CHORES:
        chore(now)


def beat(now: datetime) -> None:
    """Leave a sign of life; a gap since the last one is recorded as time in which clocks were not watched."""
    with transaction.atomic():
        row = LoopBeat.objects.select_for_update().filter(pk=1).first()
        if row is None:
            LoopBeat.objects.create(pk=1, beat_at=now)
            return
        if now - row.beat_at > BLIND_AFTER:
            BlindPeriod.objects.create(began_at=row.beat_at, ended_at=now)
            log.warning("clocks were not watched for %d s", (now - row.beat_at).total_seconds())
        if now > row.beat_at:
            row.beat_at = now
            row.save(update_fields=["beat_at"])


def run(stop: Signal, clock: Callable[[], datetime] | None = None) -> None:
    """Fire, look after the rest, and sleep, until told to stop; a database that is away is waited for."""
    loop = Loop(stop, clock or SteadyTime())
    while not stop.is_set():
        try:
            loop.turn()
        except (OperationalError, InterfaceError):
            log.warning("the database is away: trying again")
            connection.close()
            stop.wait(AWAY_FOR)


class Loop:
    """One of the loops that share a cell's clocks."""

    def __init__(self, stop: Signal, clock: Callable[[], datetime]) -> None:
        self._clock, self._bell = clock, Bell(stop)
        self._beat_at = self._chores_at = clock()

    def turn(self) -> None:
        """A batch of what is due, then a nap; while a batch finds something, the nap is a blink."""
        now = self._clock()
        self._bell.listen()
        if now >= self._beat_at:
            beat(now)
            self._beat_at = now + BEAT_EVERY
        fired = fire_due(now=now)
        if now >= self._chores_at:
            chores(now)
            self._chores_at = now + CHORES_EVERY
        self._bell.sleep(0 if fired.any else _sleep_for(self._clock()))


def _sleep_for(now: datetime) -> float:
    """Until the next clock is due; at least a blink, in which the next few gather, at most what the bell counts on."""
    upcoming = waiting(now).order_by("next_at").values_list("next_at", flat=True).first()
    left = (upcoming - now).total_seconds() if upcoming else LONGEST_SLEEP
    return min(max(left, SHORTEST_SLEEP), LONGEST_SLEEP)


def main() -> None:
    """Run the loop as a process of its own, until SIGTERM or SIGINT."""
    stop = Signal()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    log.info("clock loop started")
    started = time.monotonic()
    run(stop)
    log.info("clock loop stopped after %d s", time.monotonic() - started)
