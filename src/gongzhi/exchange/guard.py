"""What is checked around every address of the API before its own code runs, and what its plain refusals become."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern

from gongzhi.exchange import problems

LARGEST_JSON = 256 * 1024
LARGEST_UPLOAD = 24 * 1024 * 1024  # read and refused with a sentence below this, not read at all above
JSON, UPLOAD = "application/json", "multipart/form-data"
View = Callable[..., HttpResponseBase]


def guarded(pattern: URLPattern) -> URLPattern:
    """The same address with its view guarded."""
    pattern.callback = _guard(pattern.callback, UPLOAD if str(pattern.pattern).endswith("photos") else JSON)
    return pattern


def nothing_here(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Any other address under the API's root."""
    return problems.not_here(request)


def _guard(view: View, wanted: str) -> View:
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = _refusal(request, wanted) if request.method == "POST" else None
        if refusal is not None:
            return refusal
        try:
            answer = view(request, *args, **kwargs)
        except Http404:
            return problems.not_here(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        return problems.wrong_method(answer.headers["Allow"]) if answer.status_code == 405 else answer

    guard.csrf_exempt = True  # type: ignore[attr-defined]  # a key, never a cookie, says who calls
    return guard


def _refusal(request: HttpRequest, wanted: str) -> HttpResponse | None:
    if request.content_type != wanted:
        return problems.wrong_content(wanted)
    largest = LARGEST_UPLOAD if wanted == UPLOAD else LARGEST_JSON
    length = request.META.get("CONTENT_LENGTH") or "0"
    return problems.too_large(request) if not length.isdecimal() or int(length) > largest else None
