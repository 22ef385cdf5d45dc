"""How long reports take to be taken in, and how many are turned away: counted at every door, for `/metrics`."""

import logging
import time
from bisect import bisect_left
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from gongzhi.config.tally import Tally

log = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]
DOORS = frozenset({"portal:report", "field:report", "desk:intake", "api:report"})
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
BUCKETS = (*(f"le_{bound}" for bound in BOUNDS), "le_inf")
SUM, REFUSED, TURNED_AWAY, BROKEN = "microseconds", "refused", "turned_away", "broken"


@cache
def tally() -> Tally:
    """The counters of this machine."""
    return Tally(settings.GONGZHI_DATA / "intake.tally", (*BUCKETS, SUM, REFUSED, TURNED_AWAY, BROKEN))


class Measured:
    """The outermost middleware: what it measures is what the sender waited for, from where Python saw the request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        if request.method == "POST" and _is_door(request):
            count(response.status_code, time.perf_counter() - began)
        return response


def _is_door(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name in DOORS


def count(status: int, seconds: float) -> None:
    """Count one report; a counter that can't be written, on a full disk say, costs no report."""
    try:
        tally().add(_amounts(status, seconds))
    except OSError as error:
        log.warning("a report was not counted: %s", error.strerror)


def _amounts(status: int, seconds: float) -> dict[str, int]:
    if status < 400:
        return {BUCKETS[bisect_left(BOUNDS, seconds)]: 1, SUM: round(seconds * 1e6)}
    if status in (429, 503):
        return {TURNED_AWAY: 1}
    return {BROKEN if status >= 500 else REFUSED: 1}
