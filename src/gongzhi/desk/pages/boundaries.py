"""Boundaries for the desk's maps."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from gongzhi.desk.visitor import Visitor, for_desk
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level

DRAWN = (Level.TOWNSHIP, Level.COMMUNITY, Level.GRID)


@require_safe
@for_desk
def draw(_request: HttpRequest, _visitor: Visitor, level: str) -> HttpResponseBase:
    """All areas of one level as GeoJSON."""
    if level not in DRAWN:
        raise Http404
    response = HttpResponse(territory.boundaries_geojson(Level(level)), content_type="application/geo+json")
    response["Cache-Control"] = "private, max-age=600"
    return response
