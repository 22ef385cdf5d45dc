"""Where the three administrators arrive: what there is for them, and what comes later."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.desk.visitor import private, visitor_of


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """One short page; the administrators work on the command line in this version."""
    return private(render(request, "desk/admin_home.html", {"visitor": visitor_of(request)}))
