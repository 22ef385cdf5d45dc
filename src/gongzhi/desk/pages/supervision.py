"""The chase: what should have been accepted and was not, done and was not, and what is under an order."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.cases import queries as cases
from gongzhi.cases.queries import QueueFilters
from gongzhi.cases.types import CaseStatus
from gongzhi.desk.filters import as_page
from gongzhi.desk.visitor import Visitor, for_centre


@require_safe
@for_centre
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Late cases in two groups, and those under supervision first."""
    chosen = QueueFilters(tab="late", page=as_page(request.GET.get("page", "")))
    late = cases.queue(visitor.scope, chosen, visitor.now)
    unaccepted = [row for row in late.rows if row.status == CaseStatus.REPORTED]
    context = {
        "visitor": visitor,
        "queue": late,
        "supervised": cases.all_rows(visitor.scope, QueueFilters(tab="supervised"), visitor.now),
        "unaccepted": unaccepted,
        "unfinished": [row for row in late.rows if row not in unaccepted],
    }
    return render(request, "desk/supervision.html", context)
