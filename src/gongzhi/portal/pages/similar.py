"""Reports nearby that may be about the same matter, shown before sending."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongzhi.base.errors import Refused
from gongzhi.cases import queries as cases
from gongzhi.cases.pictures import Similar
from gongzhi.portal.forms import ReportForm
from gongzhi.territory.types import Point

MOST_SHOWN = 3
LIKELY = 35


@require_POST
def fragment(request: HttpRequest) -> HttpResponse:
    """The similar reports as a choice: it is this one, or a new one. By POST, as words stay out of addresses."""
    form = ReportForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    found = find_similar(form.place(), given.get("kind", ""), given.get("text", ""))
    return render(request, "portal/_similar.html", {"similar": found, "chosen": given.get("link_to", "")})


def find_similar(point: Point | None, kind: str, text: str) -> Sequence[Similar]:
    """At most three likely ones, likeliest first; nothing while there is too little to go by."""
    if point is None and len(text.strip()) < 4:
        return ()
    try:
        found = cases.similar(point, kind or None, text, timezone.now())
    except Refused:  # a place far outside says so at its own field
        return ()
    return [each for each in found if each.score >= LIKELY][:MOST_SHOWN]
