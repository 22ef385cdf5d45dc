"""Does this web process live, and could a cell with it take in a report: two questions for a monitor.

`/healthz` touches nothing but this process, or a database that is away would make somebody restart what is well.
"""

import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from gongzhi.base import machine
from gongzhi.cases import queries as cases
from gongzhi.trust import keyring

SILENT_AFTER = timedelta(seconds=15)
LEAST_ROOM = 200 * 1024**2  # bytes: below this PostgreSQL is about to stop
ASK_AGAIN_AFTER = 1.0  # seconds: anybody may ask, and an answer costs a write
WRITTEN = "ready"


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when a report could be taken in and its clocks be watched, else 503 with a line for each thing that is not so."""
    wrong = _LATELY.asked()
    told = "".join(f"{line}\n" for line in wrong or ("ok",))
    return HttpResponse(
        told, status=503 if wrong else 200, content_type="text/plain", headers={"Cache-Control": "no-store"}
    )


def unready() -> tuple[str, ...]:
    """What keeps the cell from its work, a short line each: names of things, never an error's own words."""
    try:
        return (*_database(), *_migrations(), *_clock_loop(), *_keys(), *_disk())
    except Error:
        return ("database: not reachable", *_keys(), *_disk())


def _database() -> tuple[str, ...]:
    """A real write: only that finds a full disk and a standby as well as a read-only server."""
    try:
        cache.set(WRITTEN, 1, 60)
    except Error:
        connection.ensure_connection()
        return ("database: reachable, not writable",)
    return ()


def _migrations() -> tuple[str, ...]:
    missing = len(set(_known_migrations) - set(MigrationRecorder(connection).applied_migrations()))
    return (f"migrations: {missing} not applied",) if missing else ()


def _clock_loop() -> tuple[str, ...]:
    beat_at = cases.last_beat()
    if beat_at is None:
        return ("clock loop: never ran",)
    silent = timezone.now() - beat_at
    return (f"clock loop: silent for {silent.total_seconds():.0f} s",) if silent > SILENT_AFTER else ()


def _keys() -> tuple[str, ...]:
    try:
        keyring.master_key(keyring.current())
        keyring.derivation_key()
    except (keyring.KeyMissing, OSError, ValueError):
        return ("keys: not readable",)
    return ()


def _disk() -> tuple[str, ...]:
    return ("disk: almost full",) if machine.disk(settings.GONGZHI_DATA).free < LEAST_ROOM else ()


_known_migrations: frozenset[tuple[str, str]] = SimpleLazyObject(  # type: ignore[assignment]  # read once a process
    lambda: frozenset(MigrationLoader(None).disk_migrations)
)


@dataclass
class _Lately:
    """The last answer, for all threads of a process, until it is a second old."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answer: tuple[str, ...] = ()
    fresh_until: float = 0.0

    def asked(self) -> tuple[str, ...]:
        with self.lock:
            if time.monotonic() > self.fresh_until:
                self.answer = unready()
                self.fresh_until = time.monotonic() + ASK_AGAIN_AFTER
            return self.answer


_LATELY = _Lately()
