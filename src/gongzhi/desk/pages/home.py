"""The desk itself: queue, map and case side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import QueuePage
from gongzhi.desk import filters
from gongzhi.desk.forms import choices
from gongzhi.desk.visitor import Visitor, for_desk
from gongzhi.territory.types import Level


@require_safe
@for_desk
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The three panes with no case open."""
    return render(request, "desk/home.html", desk_context(request, visitor))


@require_safe
@for_desk
def queue(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The queue alone, fetched again when something has happened."""
    context = {**queue_context(request, visitor), "selected": request.GET.get("open", "")}
    return render(request, "desk/_queue.html", context)


def desk_context(request: HttpRequest, visitor: Visitor) -> dict[str, Any]:
    """What the three panes need."""
    return {
        **queue_context(request, visitor),
        "kinds": choices.kind_titles(visitor.today),
        "statuses": choices.statuses(),
        "townships": choices.areas(Level.TOWNSHIP),
        "periods": periods(),
    }


def queue_context(request: HttpRequest, visitor: Visitor) -> dict[str, Any]:
    """One page of the queue under the filters of the address."""
    address = filters.read(request.GET, visitor.now)
    queue_page = cases.queue(visitor.scope, address.filters, visitor.now)
    return {
        "visitor": visitor,
        "section": "queue",
        "address": address,
        "filters": address.filters,
        "queue": queue_page,
        "tabs": tabs(address, queue_page),
        "counted_all": address.filters.tab not in queue_page.more,
        "query": address.query(),
        "begun": bool(address.filters.after),
        "first": address.query(after=""),
        "next": address.query(after=queue_page.after) if queue_page.after else "",
    }


def tabs(address: filters.Address, queue: QueuePage) -> list[dict[str, Any]]:
    """The tabs with their counts and the addresses they lead to."""
    titles = {
        "mine": _("For me"),
        "late": _("Late"),
        "open": _("Open"),
        "to_verify": _("To check"),
        "all": _("All"),
    }
    return [
        {
            "key": key,
            "title": titles[key],
            "count": queue.counts.get(key, 0),
            "more": key in queue.more,
            "query": address.query(tab=key, after=""),
            "current": key == address.filters.tab,
        }
        for key in filters.TABS
    ]


def periods() -> choices.Options:
    """How far back the queue looks."""
    return [("24h", _("Last 24 hours")), ("7d", _("Last 7 days")), ("30d", _("Last 30 days"))]
