"""`/metrics`: the cell in figures, as OpenMetrics text. They come from the database and from counters that all
processes share, so that each process tells the same."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongzhi.base import machine
from gongzhi.base.address import LOOPBACK
from gongzhi.cases import queries as cases
from gongzhi.config import measuring
from gongzhi.notices import queries as notices

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine itself, or whoever knows the key; to anybody else there is nothing here."""
    if not _may_read(request):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    text = "".join(f"{line}\n" for line in (*_intake(), *_database(timezone.now()), *_disk(), "# EOF"))
    return HttpResponse(text, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _may_read(request: HttpRequest) -> bool:
    """A proxy on this machine makes everybody look near: what it passes on needs the key."""
    key = settings.GONGZHI_METRICS_KEY
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if key and hmac.compare_digest(shown.encode(), key.encode()):
        return True
    near = request.META.get("REMOTE_ADDR") in LOOPBACK
    return near and not any(name in request.META for name in PROXIED)


def _intake() -> Iterator[str]:
    """The waiting of senders as a histogram, and those who were not taken in."""
    counted = measuring.tally().read()
    name = "gongzhi_intake_seconds"
    yield from _head(name, "histogram", "From a report's arrival to its answer, for reports taken in.")
    bounds = (*(str(bound) for bound in measuring.BOUNDS), "+Inf")
    sums = list(accumulate(counted[bucket] for bucket in measuring.BUCKETS))
    for bound, total in zip(bounds, sums, strict=True):
        yield f'{name}_bucket{{le="{bound}"}} {total}'
    yield f"{name}_count {sums[-1]}"
    yield f"{name}_sum {counted[measuring.SUM] / 1e6}"
    yield from _head("gongzhi_intake_not_taken", "counter", "Reports answered otherwise, by why.")
    for why in (measuring.REFUSED, measuring.TURNED_AWAY, measuring.BROKEN):
        yield f'gongzhi_intake_not_taken_total{{why="{why}"}} {counted[why]}'


def _database(now: datetime) -> Iterator[str]:
    """What only the database knows; without it, that it is away."""
    try:
        lines = [*_cases(now), *_outbox(now), *_jobs(now)]
    except Error:
        lines = []
    yield from _gauge("gongzhi_database_up", "1 when the database answered.", int(bool(lines)))
    yield from lines


def _cases(now: datetime) -> Iterator[str]:
    state = cases.vitals(now)
    yield from _head("gongzhi_reports_recent", "gauge", "Reports that came in lately, by every door.")
    yield f'gongzhi_reports_recent{{within="1m"}} {state.last_minute}'
    yield f'gongzhi_reports_recent{{within="1h"}} {state.last_hour}'
    yield from _head("gongzhi_cases_open", "gauge", "Open cases by state.")
    for status, count in state.open_by_status.items():
        yield f'gongzhi_cases_open{{status="{status}"}} {count}'
    yield from _gauge("gongzhi_clocks_running", "Clocks that count.", state.running)
    lateness = state.lateness(now).total_seconds()
    yield from _gauge("gongzhi_clock_lateness_seconds", "How long the latest clock has been due.", lateness)
    if state.beat_at is not None:
        silent = (now - state.beat_at).total_seconds()
        yield from _gauge("gongzhi_clock_loop_silent_seconds", "Since its last sign of life.", silent)
    yield from _head("gongzhi_blind_seconds", "counter", "All time in which nobody watched the clocks.")
    yield f"gongzhi_blind_seconds_total {state.blind.total_seconds()}"


def _outbox(now: datetime) -> Iterator[str]:
    state = notices.outbox_state(now)
    age = (now - state.oldest_at).total_seconds() if state.oldest_at else 0.0
    yield from _gauge("gongzhi_outbox_waiting", "Deliveries to be made now.", state.waiting)
    yield from _gauge("gongzhi_outbox_age_seconds", "How long the oldest of them has waited.", age)
    yield from _gauge(
        "gongzhi_outbox_undelivered", "Deliveries given up, nobody told yet.", state.undelivered
    )


def _jobs(now: datetime) -> Iterator[str]:
    jobs = machine.jobs(now)
    yield from _gauge("gongzhi_jobs_waiting", "Background jobs that could run now.", jobs.waiting)
    yield from _gauge("gongzhi_jobs_failed", "Background jobs that failed for good.", jobs.failed)


def _disk() -> Iterator[str]:
    yield from _gauge(
        "gongzhi_disk_free_bytes", "Room for the data.", machine.disk(settings.GONGZHI_DATA).free
    )


def _gauge(name: str, sentence: str, value: float) -> Iterator[str]:
    yield from _head(name, "gauge", sentence)
    yield f"{name} {value}"


def _head(name: str, kind: str, sentence: str) -> Iterator[str]:
    yield f"# TYPE {name} {kind}"
    yield f"# HELP {name} {sentence}"
