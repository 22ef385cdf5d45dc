"""Pages for what went wrong outside any page: an unknown address, a form that is too old, our own mistake."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gongzhi.base.away import RETRY_AFTER, is_away
from gongzhi.base.errors import NotAllowed

LAST_RESORT = "<!doctype html><meta charset=utf-8><title>500</title><p>系统出错了，请稍后再试。 Something broke; please try again later."


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    return render(request, "base/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our mistake; the page must show even when the database is away."""
    if is_away(sys.exc_info()[1]):
        return away(request)
    try:
        return render(request, "base/500.html", status=500)
    except Exception:
        return HttpResponse(LAST_RESORT, status=500)


def away(request: HttpRequest) -> HttpResponse:
    """The database is away for a while: a page that needs nothing of it, and when to come back."""
    try:
        page = str(render_to_string("base/503.html"))
    except Exception:
        page = LAST_RESORT
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually one that was open for very long."""
    refused = NotAllowed(
        _("This page was open for too long. Load it again, then send once more."), code="csrf"
    )
    return render(request, "base/refused.html", {"refused": refused}, status=403)
