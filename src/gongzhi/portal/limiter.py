"""How often one address may ask: case codes and receipt codes are not for guessing."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongzhi.base.address import address_of
from gongzhi.base.errors import Refused

WINDOW = 600  # seconds


class TooMany(Refused):
    """This address asked too often."""

    status = 429


def refuse_when_over(request: HttpRequest, what: str, limit: int) -> None:
    """Raise when this address has used up its tries at `what` in the last ten minutes; a limit of 0 is none."""
    if limit and cache.get(_key(request, what), 0) >= limit:
        raise TooMany(
            _(
                "That was too many tries in a short time. Wait ten minutes, then try again. If it is urgent, call."
            ),
            code="too_many_tries",
        )


def count(request: HttpRequest, what: str) -> None:
    """One more try at `what` from this address."""
    key = _key(request, what)
    if not cache.add(key, 1, WINDOW):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.add(key, 1, WINDOW)


def _key(request: HttpRequest, what: str) -> str:
    return f"portal:{what}:{address_of(request)}"
