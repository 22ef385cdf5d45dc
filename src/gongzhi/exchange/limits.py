"""How often one address may try codes: case codes and receipt codes are not for guessing, through no door."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongzhi.base.address import address_of
from gongzhi.base.errors import Refused

WINDOW = 600  # seconds
WRONG_CODES, WRONG_RECEIPTS, UPLOADS = 30, 10, 600


class TooMany(Refused):
    """This address tried too often."""

    status = 429


def refuse_when_over(request: HttpRequest, what: str, limit: int) -> None:
    """Raise when this address has used up its tries at `what` in the last ten minutes; a limit of 0 is none."""
    if limit and cache.get(_key(request, what), 0) >= limit:
        raise TooMany(
            _("Too many tries from this address. Wait ten minutes, then try again."), code="too_many_tries"
        )


def count(request: HttpRequest, what: str) -> None:
    """One more try at `what` from this address."""
    if not cache.add(_key(request, what), 1, WINDOW):
        try:
            cache.incr(_key(request, what))
        except ValueError:  # it ran out between the two calls
            cache.add(_key(request, what), 1, WINDOW)


def _key(request: HttpRequest, what: str) -> str:
    return f"exchange:{what}:{address_of(request)}"
