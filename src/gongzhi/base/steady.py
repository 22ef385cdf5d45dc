"""Time that no correction of the machine's clock can push ahead: for loops that must never act early.

Two clocks are watched: the one on the wall, which time servers and people set, and the machine's count of seconds
since it was started, which nobody sets. Now is the earlier of the two. While the wall clock agrees with the count it
is followed; once it has stood elsewhere for a quarter of an hour, it is believed.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

log = logging.getLogger(__name__)

AGREES = timedelta(seconds=1)
BELIEVED_AFTER = 15 * 60.0


def since_boot() -> float:
    """Seconds since the machine was started, sleep included where the system counts it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyTime:
    """The time now, whatever happens to the wall clock; call it."""

    def __init__(
        self, wall: Callable[[], datetime] = timezone.now, count: Callable[[], float] = since_boot
    ) -> None:
        self._wall, self._count = wall, count
        self._anchor = (wall(), count())
        self._differs_since: float | None = None

    def __call__(self) -> datetime:
        wall, count = self._wall(), self._count()
        counted = self._anchor[0] + timedelta(seconds=count - self._anchor[1])
        if abs(wall - counted) <= AGREES or self._believed(wall - counted, count):
            self._anchor, self._differs_since = (wall, count), None
            return wall
        return min(wall, counted)

    def _believed(self, difference: timedelta, count: float) -> bool:
        if self._differs_since is None:
            self._differs_since = count
            log.warning(
                "the machine's clock jumped by %d s: nothing is done early", difference.total_seconds()
            )
        believed = count - self._differs_since >= BELIEVED_AFTER
        if believed:
            log.warning(
                "the machine's clock has stood %d s elsewhere: it is believed", difference.total_seconds()
            )
        return believed
