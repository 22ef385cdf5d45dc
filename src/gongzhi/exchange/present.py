"""What time it is for this face: the real time, except while a replay runs its own hours in this very thread.

`at` is a context variable that only code of `exchange.replay` sets, around a call into an application object in its
own process. No header, field or address reaches it: a request from outside is answered in a thread of the web
process, where nobody ever sets it. A test holds that nothing else imports `at`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_replayed: ContextVar[datetime | None] = ContextVar("replayed_now", default=None)


def now() -> datetime:
    """The time a request is answered at."""
    return _replayed.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let this thread live at another moment for a while; for replays only."""
    before = _replayed.set(moment)
    try:
        yield
    finally:
        _replayed.reset(before)
