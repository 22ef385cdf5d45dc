"""How the cell is doing, in plain words, for whoever looks after it."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi import VERSION
from gongzhi.accounts.types import Role
from gongzhi.administration.lamps import FINE, lamps
from gongzhi.administration.visitor import Visitor, for_role
from gongzhi.base import calendars
from gongzhi.programs import queries as programs


@require_safe
@for_role(Role.SYSTEM_ADMIN)
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Lamps first, then what is installed."""
    every = lamps(visitor.now)
    context = {
        "visitor": visitor,
        "lamps": every,
        "troubled": [lamp for lamp in every if lamp.level != FINE],
        "version": VERSION,
        "loaded": programs.loaded(visitor.today),
        "calendar": calendars.versions()[0],
    }
    return render(request, "administration/status.html", context)
