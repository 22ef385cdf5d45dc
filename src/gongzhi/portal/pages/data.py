"""What is kept about people, why and for how long: a page, and the same for machines."""

import csv
from dataclasses import asdict
from itertools import groupby

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongzhi.cases import titles
from gongzhi.cases.types import RIGHTS_KIND
from gongzhi.programs import queries as programs
from gongzhi.programs.data_map import GROUPS, MapLine, data_map

COLUMNS = ("group", "what", "purpose", "basis", "retention", "sharing", "source")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The personal data map, in the order a resident meets it."""
    groups = [
        {"key": key, "title": GROUPS[key], "lines": list(lines)}
        for key, lines in groupby(_lines(), key=lambda line: line.group)
    ]
    return render(request, "portal/data.html", {"groups": groups, "term": _term()})


def _term() -> str:
    """How long the centre has to answer a request, as the county's definition says today."""
    kind = programs.current_kind(RIGHTS_KIND, timezone.localdate())
    return titles.limit_words(kind.clocks[0].limits[-1].limit) if kind else ""


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The map as data."""
    answer = JsonResponse(
        {"lines": [asdict(line) for line in _lines()]}, json_dumps_params={"ensure_ascii": False}
    )
    return _named(answer, "json")


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The map as a table that spreadsheets open."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.DictWriter(answer, COLUMNS)
    writer.writeheader()
    writer.writerows(asdict(line) for line in _lines())
    return _named(answer, "csv")


def _lines() -> list[MapLine]:
    return data_map(timezone.localdate())


def _named(answer: HttpResponse, ending: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="personal-data-map.{ending}"'
    return answer
