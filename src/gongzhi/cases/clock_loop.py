"""The clock loop: a process of its own that fires what is due, watches itself, and sleeps until the next."""

import logging
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Signal

from django.db import OperationalError, close_old_connections, transaction
from django.utils import timezone

from gongzhi.base.errors import Refused
from gongzhi.cases.models import BlindPeriod, CaseClock, LoopBeat
from gongzhi.cases.operations.support import end_due_support
from gongzhi.cases.operations.upkeep import fire_clock, resume_due
from gongzhi.notices import operations as notices

log = logging.getLogger("gongzhi.clocks")

BATCH = 500
LONGEST_SLEEP = 1.0  # seconds: a report may start a one-minute clock at any moment
BLIND_AFTER = timedelta(seconds=10)
CHORES_EVERY = timedelta(seconds=20)
MORE_CHORES: list[Callable[[datetime], object]] = []  # of the parts above; filled by config/wiring.py


def tick(now: datetime) -> int:
    """Fire every clock that is due at `now`; returns how many steps were written."""
    fired = 0
    while True:
        due = (
            CaseClock.objects.filter(next_at__lte=now)
            .order_by("next_at")
            .values_list("id", flat=True)[:BATCH]
        )
        batch = sum(_fire(clock, now) for clock in list(due))
        fired += batch
        if not batch:
            return fired


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


def run(stop: Signal, clock: Callable[[], datetime] = timezone.now) -> None:
    """Tick until told to stop; a database that is away is waited for."""
    chores_at = clock()
    while not stop.is_set():
        try:
            now = clock()
            beat(now)
            tick(now)
            if now >= chores_at:
                chores(now)
                chores_at = now + CHORES_EVERY
            stop.wait(_sleep_for(clock()))
        except OperationalError:
            log.warning("the database is away: trying again")
            close_old_connections()
            stop.wait(LONGEST_SLEEP)


def _fire(clock: object, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return fire_clock(clock=clock, now=now)  # type: ignore[arg-type]
    except Refused:  # the case ended between our look and our lock
        return False


def _sleep_for(now: datetime) -> float:
    upcoming = (
        CaseClock.objects.filter(next_at__isnull=False)
        .order_by("next_at")
        .values_list("next_at", flat=True)
        .first()
    )
    wait = (upcoming - now).total_seconds() if upcoming else LONGEST_SLEEP
    return min(max(wait, 0.01), LONGEST_SLEEP)


def main() -> None:
    """Run the loop as a process of its own, until SIGTERM or SIGINT."""
    stop = Signal()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    log.info("clock loop started")
    started = time.monotonic()
    run(stop)
    log.info("clock loop stopped after %d s", time.monotonic() - started)
