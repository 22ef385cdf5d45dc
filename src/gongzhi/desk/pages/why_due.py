"""Why is it due at 16:20? The working, line by line."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.base.ids import clean_code
from gongzhi.cases import queries as cases
from gongzhi.desk.visitor import Visitor, for_desk, is_fragment


@require_safe
@for_desk
def page(request: HttpRequest, visitor: Visitor, code: str, clock: UUID) -> HttpResponseBase:
    """The trace of one clock: a fragment under the clocks of the case, or a page."""
    picture, lines = cases.why_due(visitor.scope, clean_code(code), clock, visitor.now)
    template = "desk/_why_due.html" if is_fragment(request) else "desk/why_due.html"
    context = {"visitor": visitor, "clock_picture": picture, "lines": lines, "code": clean_code(code)}
    return render(request, template, context)
