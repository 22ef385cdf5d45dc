"""How the clock loop sleeps: until the next clock is due, or until a step starts one that is due sooner.

Steps ring only for clocks that are due before the loop would wake by itself; most reports cost no notification.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Event as Signal

from django.db import connection
from psycopg import Connection

CHANNEL = "gongzhi_clocks"
LONGEST_SLEEP = 5.0  # seconds
SLICE = 0.5  # how soon a sleeper hears that it is to stop


def ring_for(due: Iterable[datetime | None], now: datetime) -> None:
    """Wake the loops when the transaction commits, if one of these times comes before they would wake."""
    soon = now + timedelta(seconds=LONGEST_SLEEP)
    if any(at is not None and at <= soon for at in due):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


class Bell:
    """Hears what `ring_for` rings, on the loop's own connection."""

    def __init__(self, stop: Signal) -> None:
        self._stop = stop
        self._heard_on: Connection | None = None

    def listen(self) -> None:
        """Begin to hear; on a new connection once more. To be called before looking at what is due."""
        connection.ensure_connection()
        if self._heard_on is not connection.connection:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._heard_on = connection.connection

    def sleep(self, seconds: float) -> None:
        """Until that time has passed, somebody rings, or the loop is to stop."""
        until = time.monotonic() + seconds
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            assert self._heard_on is not None
            if list(self._heard_on.notifies(timeout=min(left, SLICE), stop_after=1)):
                return
