"""Every error of the API as an RFC 9457 problem document, in the language the caller reads."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gongzhi.base.away import RETRY_AFTER, is_away
from gongzhi.base.errors import Refused
from gongzhi.base.together import Busy
from gongzhi.exchange.sentences import code_of, field_of, sentence

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TITLES: Mapping[int, Promise] = {
    400: lazy("The request can't be read"),
    401: lazy("A valid key is needed"),
    403: lazy("Not allowed"),
    404: lazy("Not found"),
    405: lazy("This address does not take that method"),
    409: lazy("It does not fit what is known already"),
    413: lazy("Too large"),
    415: lazy("This kind of content is not taken here"),
    422: lazy("Something in the request is not right"),
    429: lazy("Too many tries"),
    500: lazy("Something went wrong on our side"),
    503: lazy("Too busy just now"),
}
FIELDS = {"place": "location", "photo": "photo", "words_for_reporter": "reply", "photo_ids": "photos"}


def problem(status: int, detail: Any, *, code: str, field: str = "", **more: Any) -> HttpResponse:
    """A problem document: what went wrong in one sentence, for people (detail) and for programs (code, field)."""
    body = {
        "type": "about:blank",
        "title": str(TITLES.get(status, TITLES[422])),
        "status": status,
        "detail": str(detail),
        "code": code,
        "field": field,
        **more,
    }
    return JsonResponse(
        body, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def register(api: NinjaAPI) -> None:
    """Let every kind of failure answer with a problem document."""
    handlers: Sequence[tuple[type[Exception], Any]] = (
        (Refused, refused),
        (ValidationError, invalid),
        (AuthenticationError, unknown_key),
        (HttpError, unreadable),
        (MultiPartParserError, unreadable),
        (SuspiciousOperation, unreadable),
        (RequestDataTooBig, too_large),
        (Http404, not_here),
        (Exception, broken),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """An operation said no, and why."""
    field = FIELDS.get(error.field, error.field)
    more = {"scope": error.params["scope"]} if "scope" in error.params else {}
    answer = problem(error.status, error.message, code=error.code, field=field, **more)
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The content does not have the shape this address takes: the first fault in the sentence, all of them listed."""
    faults = [
        {"field": field_of(fault), "code": code_of(fault), "detail": sentence(fault)}
        for fault in error.errors
    ]
    first = faults[0]
    return problem(422, first["detail"], code=first["code"], field=first["field"], errors=faults)


def unknown_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No key, a wrong one or one that has ended."""
    words = _("Send a valid key in the header “Authorization: Bearer …”. Keys end; ask for a new one.")
    answer = problem(401, words, code="no_key")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="gongzhi"'
    return answer


def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    """The body is no JSON, or no form."""
    words = _("The body can't be read: send valid JSON in UTF-8.")
    if isinstance(error, MultiPartParserError):
        words = _("The upload can't be read: send multipart/form-data with one file named “photo”.")
    return problem(400, words, code="unreadable")


def too_large(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """More bytes than this address reads."""
    return problem(413, _("That is more than this address takes. Send less at once."), code="too_large")


def not_here(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """No such address."""
    return problem(
        404,
        _("There is nothing at this address. See /api/v1/openapi.json for what there is."),
        code="no_address",
    )


def wrong_method(allowed: str) -> HttpResponse:
    """The address is known and takes other methods."""
    words = _("Use %(allowed)s here.") % {"allowed": allowed}
    answer = problem(405, words, code="wrong_method")
    answer.headers["Allow"] = allowed
    return answer


def wrong_content(wanted: str) -> HttpResponse:
    """The content type is not the one this address reads."""
    words = _("Send the content as %(wanted)s and say so in the header Content-Type.") % {"wanted": wanted}
    return problem(415, words, code="wrong_content_type")


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: logged in full, told without a detail."""
    log.error("failed", exc_info=error, extra={"request": request, "status_code": 500})
    got_request_exception.send(sender=None, request=request)
    if is_away(error):
        words = _("Our records can't be reached just now. Send the same again in a few seconds.")
        answer = problem(503, words, code="away")
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    return problem(500, _("It is not your doing. Try again in a minute; nothing was kept."), code="broken")
