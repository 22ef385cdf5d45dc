"""The chase: what should have been accepted and was not, done and was not, and what is under an order."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.cases import queries as cases
from gongzhi.cases.queries import QueueFilters
from gongzhi.cases.types import CaseStatus
from gongzhi.desk.filters import LONGEST_PLACE
from gongzhi.desk.visitor import Visitor, for_centre

SUPERVISED_AT_MOST = 100


@require_safe
@for_centre
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Late cases in two groups, and those under supervision first."""
    after = request.GET.get("after", "")[:LONGEST_PLACE]
    late = cases.queue(visitor.scope, QueueFilters(tab="late", after=after), visitor.now)
    ordered = QueueFilters(tab="supervised")
    supervised = cases.all_rows(visitor.scope, ordered, visitor.now, at_most=SUPERVISED_AT_MOST + 1)
    unaccepted = [row for row in late.rows if row.status == CaseStatus.REPORTED]
    context = {
        "visitor": visitor,
        "queue": late,
        "begun": after,
        "supervised": supervised[:SUPERVISED_AT_MOST],
        "more_supervised": len(supervised) > SUPERVISED_AT_MOST,
        "unaccepted": unaccepted,
        "unfinished": [row for row in late.rows if row not in unaccepted],
    }
    return render(request, "desk/supervision.html", context)
