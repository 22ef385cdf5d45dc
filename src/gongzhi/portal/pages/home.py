"""The first page, and the two pages about Gongzhi itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What this is, one big button, and where to look a matter up."""
    return render(request, "portal/home.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What happens to a report, who handles it, what is kept."""
    return render(request, "portal/about.html")


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """What Gongzhi never does, in plain words."""
    return render(request, "portal/promises.html")


@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    """What a plan may ask for and this platform does not do, line by line, with what it does instead."""
    return render(request, "portal/refusals.html")
