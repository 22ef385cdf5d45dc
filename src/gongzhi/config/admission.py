"""So many requests at a time, a short wait for the next ones, and then an honest no.

The server below queues requests before Python sees them, for as long as it takes. It is given more threads than there
are places here: who finds no place for a quarter of a second is told to come back, and the thread is free for the next.
"""

from collections.abc import Iterable
from threading import BoundedSemaphore

from django.core.handlers.wsgi import WSGIRequest
from django.urls import Resolver404, resolve
from django.utils import translation

from gongzhi.base.together import RETRY_AFTER, busy
from gongzhi.config import failures, measuring
from gongzhi.config.fast_door import Application, Environ, StartResponse
from gongzhi.exchange import problems

PATIENCE = 0.25  # seconds
ALWAYS = ("/healthz", "/readyz", "/metrics")  # whoever watches the cell is told how it is


class Admission:
    """A WSGI application in front of another. A place is held until the answer is made, not until it has been sent."""

    def __init__(self, application: Application, *, places: int, patience: float = PATIENCE) -> None:
        self._application, self._patience = application, patience
        self._places = BoundedSemaphore(places)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in ALWAYS:
            return self._application(environ, start_response)
        if not self._places.acquire(timeout=self._patience):
            return _turned_away(environ, start_response)
        try:
            return self._application(environ, start_response)
        finally:
            self._places.release()


def _turned_away(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    request = WSGIRequest(environ)
    with translation.override(translation.get_language_from_request(request)):
        answer = (
            problems.refused(request, busy()) if request.path.startswith("/api/") else failures.away(request)
        )
    answer.headers["Retry-After"], answer.headers["Cache-Control"] = str(RETRY_AFTER), "no-store"
    if request.method == "POST" and _is_report(request.path_info):
        measuring.count(answer.status_code, PATIENCE)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


def _is_report(path: str) -> bool:
    try:
        return resolve(path).view_name in measuring.DOORS
    except Resolver404:
        return False
