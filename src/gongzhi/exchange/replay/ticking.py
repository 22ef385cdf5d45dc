"""Plays many stories side by side in simulated time, with the clock engine ticking in between."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from gongzhi.base.bounds import EVERYTHING, bounded
from gongzhi.base.errors import Refused
from gongzhi.cases import clock_loop
from gongzhi.exchange.replay.caller import Refusal
from gongzhi.exchange.replay.story import Pause, Story

TICK_EVERY = timedelta(seconds=20)
CHORES_EVERY = timedelta(minutes=10)


class Ticker:
    """The clock loop at simulated moments: it never lags a step by more than `TICK_EVERY`."""

    def __init__(self) -> None:
        self.tick_at: datetime | None = None
        self.chores_at: datetime | None = None
        self.fired = 0

    def reach(self, now: datetime) -> None:
        """Simulated time has come to `now`; the loop sees everything, as the engine it stands for."""
        with bounded(EVERYTHING):
            self._reach(now)

    def _reach(self, now: datetime) -> None:
        if self.tick_at is None or now >= self.tick_at:
            self.fired += clock_loop.tick(now)
            self.tick_at = now + TICK_EVERY
        if self.chores_at is None or now >= self.chores_at:
            clock_loop.chores(now)
            self.chores_at = now + CHORES_EVERY


def play(stories: Iterable[Story], ticker: Ticker, progress: Callable[[], None]) -> None:
    """Play every story to its end; one that is refused ends there, and says so."""
    waiting: list[tuple[datetime, int, Story, Iterator[Pause]]] = [
        (story.message.at, story.message.row, story, story.play()) for story in stories
    ]
    heapq.heapify(waiting)
    while waiting:
        now, row, story, acts = heapq.heappop(waiting)
        ticker.reach(now)
        story.reached(now)
        pause = _next(story, acts)
        if pause is None:
            progress()
        else:
            heapq.heappush(waiting, (now + pause, row, story, acts))


def _next(story: Story, acts: Iterator[Pause]) -> Pause | None:
    try:
        return next(acts, None)
    except (Refusal, Refused) as refusal:
        story.played.trouble.append(str(refusal))
        return None
