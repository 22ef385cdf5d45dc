"""Options of one select that follow from another."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.desk.forms import intake
from gongzhi.desk.visitor import Visitor, for_desk
from gongzhi.programs import queries as programs
from gongzhi.territory import queries as territory
from gongzhi.territory.types import AreaPicture, Level

LONGEST = 60
MOST = 5


@require_safe
@for_desk
def areas(request: HttpRequest, _visitor: Visitor) -> HttpResponseBase:
    """The communities of the township just chosen."""
    found = intake.communities(request.GET.get("township", ""))
    return render(request, "desk/_options.html", {"options": found})


@require_safe
@for_desk
def places(request: HttpRequest, _visitor: Visitor) -> HttpResponseBase:
    """Townships and communities whose names the words contain or begin."""
    words = request.GET.get("place_text", "").strip()[:LONGEST]
    found = territory.search_areas(words) if words else []
    context = {
        "places": [as_place(area) for area in found if area.level in (Level.TOWNSHIP, Level.COMMUNITY)][:MOST]
    }
    return render(request, "desk/_places.html", context)


def as_place(area: AreaPicture) -> dict[str, object]:
    """An area as the two selects of a place need it."""
    is_township = area.level is Level.TOWNSHIP
    return {
        "name": area.name,
        "within": "" if is_township else area.path_names[-2],
        "township": area.id if is_township else area.parent_id,
        "community": "" if is_township else area.id,
    }


@require_safe
@for_desk
def severities(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The severities of the kind just chosen."""
    kind = programs.current_kind(request.GET.get("kind", ""), visitor.today)
    return render(request, "desk/_options.html", {"options": intake.severities(kind, visitor.today)})
