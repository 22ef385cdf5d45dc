"""Two habits of every answer: it carries strict security headers, and a refusal is a page a person can read."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from gongzhi.base.errors import Refused
from gongzhi.config.context import stream_url

Answer = Callable[[HttpRequest], HttpResponseBase]
ECHOING = ("TRACE", "TRACK", "CONNECT")  # methods that repeat a request to whoever asks, or that are not ours


class SecurityHeaders:
    """A content security policy without inline scripts or styles, the permissions our pages need, no odd methods."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = HttpResponse(status=405) if request.method in ECHOING else self.get_response(request)
        self.dress(request, response)
        return response

    @staticmethod
    def dress(request: HttpRequest, response: HttpResponseBase) -> None:
        """Put the headers on an answer."""
        response.headers.setdefault("Content-Security-Policy", policy(request))
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")


def policy(request: HttpRequest) -> str:
    """The content security policy for a page of ours."""
    rules = {
        "default-src": "'self'",
        "img-src": " ".join(["'self'", "data:", "blob:", *_tile_host()]),
        "connect-src": " ".join(["'self'", *_stream_host(request)]),
        "script-src": "'self'",
        "style-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _tile_host() -> list[str]:
    parts = urlsplit(settings.GONGZHI_TILES_URL)
    host = parts.netloc.replace("{s}", "*")
    return [f"{parts.scheme}://{host}"] if host else []


def _stream_host(request: HttpRequest) -> list[str]:
    try:
        parts = urlsplit(stream_url(request))
    except DisallowedHost:
        return []
    return [f"{parts.scheme}://{parts.netloc}"]


class RefusedToResponse:
    """A refusal raised by an operation becomes a page, or a fragment where htmx asked."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a `Refused` with its sentence and its status; anything else stays an error."""
        if not isinstance(exception, Refused):
            return None
        fragment = request.headers.get("HX-Request") == "true"
        template = "base/_refused.html" if fragment else "base/refused.html"
        return render(request, template, {"refused": exception}, status=exception.status)
