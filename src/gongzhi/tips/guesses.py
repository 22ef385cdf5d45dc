"""How often a secret may be guessed at: counted in the database, so that all processes count together."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.tips.models import GuessWindow

SPAN = timedelta(minutes=10)
WRONG_RECEIPTS = 300  # by everybody together, in one span
WRONG_CLAIMS = 30
WRONG_PASSPHRASES = 8  # for one person


class TooMany(Refused):
    """Too many wrong ones in a short time."""

    status = 429


@contextmanager
def counted(what: str, limit: int, now: datetime) -> Iterator[None]:
    """Count a try before it is made and give it back when it was right, so that tries side by side count too."""
    began = now - timedelta(seconds=now.timestamp() % SPAN.total_seconds())
    began = began.replace(microsecond=0)
    if _count(what, began) > limit:
        raise TooMany(
            _("Too many wrong tries in a short time. Please wait ten minutes and try again."),
            code="too_many_tries",
        )
    yield
    GuessWindow.objects.filter(what=what, began_at=began).update(tries=F("tries") - 1)


def forget_old(now: datetime) -> None:
    """Spans that are over need not be kept."""
    GuessWindow.objects.filter(began_at__lt=now - 2 * SPAN).delete()


def _count(what: str, began: datetime) -> int:
    """One more; written at once, whatever becomes of the try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tips_guesswindow (what, began_at, tries) VALUES (%s, %s, 1)"
            " ON CONFLICT ON CONSTRAINT tip_guess_window_once DO UPDATE SET tries = tips_guesswindow.tries + 1"
            " RETURNING tries",
            [what, began],
        )
        return int(cursor.fetchone()[0])
