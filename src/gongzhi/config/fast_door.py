"""The short way of a report from a program or a phone: the same operation and the same answer, past what it needs not.

No session, no signed-in person, no page has a part in `POST /api/v1/reports`. What is plainly a good report is taken in
here; everything else, with every refusal and its words, goes the long way as if this door were not there. Sending the
same report twice is safe, so that one which failed here may be tried there again.
"""

import json
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core import signals
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils import translation

from gongzhi.base.bounds import NOTHING, bounded
from gongzhi.base.together import Busy
from gongzhi.config import measuring
from gongzhi.config.middleware import SecurityHeaders
from gongzhi.exchange import problems
from gongzhi.exchange.doors.reports import take_in
from gongzhi.exchange.guard import JSON, LARGEST_JSON
from gongzhi.exchange.shapes.reports import Report

ADDRESS = "/api/v1/reports"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class FastDoor:
    """A WSGI application in front of another, to which all but plain reports goes."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = _answer(environ) if _is_report(environ) else None
        if answer is None:
            return self._application(environ, start_response)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]


def _is_report(environ: Environ) -> bool:
    return (
        environ.get("PATH_INFO") == ADDRESS
        and environ["REQUEST_METHOD"] == "POST"
        and environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == JSON
        and environ.get("CONTENT_LENGTH", "").isdecimal()
        and int(environ["CONTENT_LENGTH"]) <= LARGEST_JSON
        and not settings.SECURE_SSL_REDIRECT
    )


def _answer(environ: Environ) -> HttpResponse | None:
    """What the report is told, or None if it has to go the long way."""
    began = time.perf_counter()
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = BytesIO(body)  # for the long way
    signals.request_started.send(sender=FastDoor, environ=environ)
    try:
        with bounded(NOTHING):
            answer = _taken(WSGIRequest(environ), body)
    finally:
        signals.request_finished.send(sender=FastDoor)
    if answer is not None:
        measuring.count(answer.status_code, time.perf_counter() - began)
    return answer


def _taken(request: WSGIRequest, body: bytes) -> HttpResponse | None:
    try:
        request.get_host()
        status, told = take_in(request, Report.model_validate(json.loads(body)))
        answer = HttpResponse(json.dumps(told.model_dump()), "application/json; charset=utf-8", status)
    except Busy as busy:  # not twice: there are too many waiting as it is
        with translation.override(translation.get_language_from_request(request)):
            answer = problems.refused(request, busy)
    except Exception:  # whatever it is, the long way says what it says of it, and logs it
        return None
    return _dressed(request, answer)


def _dressed(request: WSGIRequest, answer: HttpResponse) -> HttpResponse:
    """With the headers that every answer carries."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Length"] = str(len(answer.content))
    for part in (_FRAMES, _SECURITY):
        part.process_response(request, answer)
    _HEADERS.dress(request, answer)
    return answer


def _nothing(_request: object) -> HttpResponse:
    return HttpResponse()


_FRAMES, _SECURITY, _HEADERS = (
    XFrameOptionsMiddleware(_nothing),
    SecurityMiddleware(_nothing),
    SecurityHeaders(_nothing),
)
