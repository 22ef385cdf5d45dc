"""Pure rules of the outbox: when to try again, and when to stop."""

from datetime import datetime, timedelta

BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
ACKNOWLEDGE_WITHIN = timedelta(minutes=5)
STUCK_AFTER = timedelta(minutes=15)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts have failed; None when it is no use any more."""
    return now + BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None
