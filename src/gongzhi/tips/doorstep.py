"""At the door of protected tips: a form is taken once, and a flood is turned away before it costs anything.

Nothing is kept that ties an address to a tip. Addresses share 256 counters, dealt anew for every span of ten minutes:
a counter says that somebody out of a 256th of the world wrote, and runs out with its span.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gongzhi.base.errors import Conflict, Refused

SENT_ONCE = 10 * 60  # seconds a form remembers that it was sent
SPAN = 10 * 60  # seconds
COUNTERS = 256
BY_EVERYBODY, BY_ONE_COUNTER = 120, 20  # tips in one span


class TooMany(Refused):
    """More tips at once than people write."""

    status = 429


@contextmanager
def once(form: uuid.UUID) -> Iterator[None]:
    """Take a form once; what was refused may be sent again. The receipt of the first one can't be shown twice."""
    mark = f"tips:form:{form}"
    if not cache.add(mark, 1, SENT_ONCE):
        raise Conflict(
            _("This page was sent already. If you saw no receipt, open the page anew and send it again."),
            code="sent_already",
        )
    try:
        yield
    except Refused:
        cache.delete(mark)
        raise


def refuse_flood(address: str, now: datetime) -> None:
    """Count one more tip from the web; raise when there are too many of everybody, or of this address's counter."""
    span, gone = divmod(int(now.timestamp()), SPAN)
    limits = {"all": BY_EVERYBODY, _counter(address, span): BY_ONE_COUNTER}
    if any(_count(f"tips:door:{span}:{which}", SPAN - gone) > limit for which, limit in limits.items()):
        raise TooMany(
            _("Too many tips are arriving at once, so yours was not taken. Wait ten minutes, or call 12345."),
            code="too_many_tips",
        )


def _counter(address: str, span: int) -> str:
    digest = salted_hmac("gongzhi.tips.door", f"{span}:{address}", algorithm="sha256").digest()
    return str(int.from_bytes(digest[:8], "big") % COUNTERS)


def _count(key: str, seconds: int) -> int:
    """One more under a key that runs out with its span."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return 1
