"""Two real clock loops, killed at random moments and started again: every clock is fired, and none twice."""

import os
import random
import time
from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from gongzhi.base import postgres
from gongzhi.cases import verification
from gongzhi.cases.models import BlindPeriod, CaseClock, CaseStep
from tests.cases.conftest import Town
from tests.demo import _load
from tests.live import LiveCell, free_port

CLOCKS = int(os.environ.get("GONGZHI_LOOP_CLOCKS", "120"))
KILLS = int(os.environ.get("GONGZHI_LOOP_KILLS", "4"))
WITHIN = 60.0


@pytest.fixture
def loops(clean_cell: postgres.Server):
    """Two loops as processes of their own, under the engine's role."""
    _load()
    running = LiveCell(clean_cell, stream_port=free_port())
    yield running
    for child in running.children:
        child.kill()
        child.wait(10)


def report_many() -> None:
    """Their one-minute clocks run out one after another from now on."""
    town, now = Town(), timezone.now()
    for number in range(CLOCKS):
        due = now + timedelta(seconds=8 * number / CLOCKS)
        town.report(number + 1, at=now, happened_at=due - timedelta(minutes=1))


def unfired() -> int:
    return CaseClock.objects.filter(next_at__lte=timezone.now()).count()


def test_two_loops_killed_at_random_fire_every_clock_once(loops: LiveCell) -> None:
    report_many()
    chance = random.Random(5)
    for _loop in range(2):
        loops.start_clock()
    for _kill in range(KILLS):
        time.sleep(chance.uniform(1.0, 3.0))
        victim = loops.children.pop(0)
        victim.kill()
        victim.wait(10)
        loops.start_clock()
    until = time.monotonic() + WITHIN
    while (unfired() or responses().count() < CLOCKS) and time.monotonic() < until:
        time.sleep(0.2)
    assert responses().count() == CLOCKS
    assert not responses().values("case").annotate(times=Count("id")).filter(times__gt=1).exists()
    assert verification.verify_all().problems == []
    assert verification.rebuild_all().problems == []


def responses():  # type: ignore[no-untyped-def]
    return CaseStep.objects.filter(kind="clock_breached", data__clock="respond")


def test_the_time_in_which_neither_ran_is_recorded_once(loops: LiveCell) -> None:
    from gongzhi.cases.clock_loop import BLIND_AFTER, beat

    began = timezone.now() - 3 * BLIND_AFTER
    beat(began)
    for _loop in range(2):
        loops.start_clock()
    until = time.monotonic() + WITHIN
    while not BlindPeriod.objects.exists() and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(1)
    [period] = BlindPeriod.objects.all()
    assert period.began_at == began
