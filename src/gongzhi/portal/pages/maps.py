"""The public map and the list that says the same in words; and the two GeoJSON addresses every face may use."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from gongzhi.base.templatetags.show import time_words
from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import PublicPin
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level

STATES = ("open", "done")
MOST_LISTED = 200


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Matters the programs make public, on a map and in a list; the filters are in the address."""
    now = timezone.now()
    pins = list(cases.public_map(now))
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    shown = _narrow(pins, kind, state)
    context = {
        "pins": shown[:MOST_LISTED],
        "total": len(shown),
        "kinds": sorted({pin.kind_title for pin in pins}),
        "kind": kind,
        "state": state if state in STATES else "",
        "now": now,
        "cases_address": f"{reverse('portal:map_cases')}?{request.GET.urlencode()}",
    }
    return render(request, "portal/map.html", context)


@require_safe
@cache_control(public=True, max_age=60)
@conditional_page
def cases_geojson(request: HttpRequest) -> HttpResponse:
    """The public matters as points, with the same filters as the page."""
    now = timezone.now()
    pins = _narrow(list(cases.public_map(now)), request.GET.get("kind", ""), request.GET.get("state", ""))
    features = [_feature(pin, time_words(pin.reported_at, now)) for pin in pins]
    return _geojson(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))


@require_safe
@cache_control(public=True, max_age=3600)
@conditional_page
def boundaries(request: HttpRequest) -> HttpResponse:
    """The boundaries of one level of areas, inside one parent if it is named."""
    level, parent = request.GET.get("level", Level.TOWNSHIP.value), request.GET.get("parent", "")
    try:
        return _geojson(territory.boundaries_geojson(Level(level), UUID(parent) if parent else None))
    except ValueError:
        return HttpResponse(status=422)


def _narrow(pins: Sequence[PublicPin], kind: str, state: str) -> list[PublicPin]:
    wanted_done = {"open": False, "done": True}.get(state)
    return [
        pin
        for pin in pins
        if (not kind or pin.kind_title == kind) and (wanted_done is None or pin.done is wanted_done)
    ]


def _feature(pin: PublicPin, when: str) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [pin.lon, pin.lat]},
        "properties": {
            "code": pin.code,
            "title": pin.title,
            "state": "done" if pin.done else "open",
            "words": f"{pin.status_title} · {when}",
            "url": reverse("portal:case", args=[pin.code]),
        },
    }


def _geojson(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/geo+json; charset=utf-8")
