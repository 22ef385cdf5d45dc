"""What is mine now, today, later."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import WorkItem
from gongzhi.field.cards import Card, card
from gongzhi.field.visitor import Visitor, for_field


@require_safe
@for_field
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """My tasks, the pressing ones first, each with its one obvious button."""
    items = cases.my_work(visitor.scope, visitor.now)
    groups = [group for group in _groups(items) if group[1]]
    context = {"visitor": visitor, "groups": groups, "total": len(items), "tab": "home"}
    return render(request, "field/home.html", context)


def _groups(items: list[WorkItem]) -> list[tuple[str, list[Card]]]:
    names = {"now": _("Now"), "today": _("Today"), "later": _("Later")}
    return [(name, [card(item) for item in items if item.when == when]) for when, name in names.items()]
