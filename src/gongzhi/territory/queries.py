"""Every read of the territory that other parts use; answered from memory."""

import json
import uuid
from datetime import date

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from gongzhi.base.errors import NotFound, Refused
from gongzhi.territory import shelf
from gongzhi.territory.atlas import Atlas, Drawn
from gongzhi.territory.coordinates import refuse_impossible, to_wgs84
from gongzhi.territory.search import search
from gongzhi.territory.types import AreaPicture, Chain, Level, Located, Point

__all__ = [
    "area",
    "area_by_code",
    "areas_at",
    "boundaries_geojson",
    "chain_of",
    "locate",
    "root",
    "search_areas",
    "to_wgs84",
]

_MAP_TOLERANCE = {
    Level.PROVINCE: 0.01,
    Level.CITY: 0.003,
    Level.COUNTY: 0.0005,
    Level.TOWNSHIP: 0.0006,
    Level.COMMUNITY: 0.0004,
    Level.GRID: 0.0003,
}
_MAP_DECIMALS = 5


def locate(point: Point) -> Located:
    """The smallest area at a point; up to two kilometres outside the nearest one, farther out a refusal."""
    refuse_impossible(point.lon, point.lat)
    atlas = shelf.current()
    if not atlas.drawn:
        return _somewhere_in(atlas)
    hit = atlas.index.locate(point)
    if hit is None:
        raise Refused(
            _("This place is more than 2 km outside the area we serve."),
            code="outside_county",
            field="location",
        )
    return Located(
        area=atlas.areas[hit.area],
        chain=atlas.chain(hit.area),
        cross_border=hit.distance_m > 0,
        distance_m=round(hit.distance_m),
    )


def area(area_id: uuid.UUID) -> AreaPicture:
    """The area of an id, ended ones too."""
    try:
        return shelf.current().areas[area_id]
    except KeyError:
        raise NotFound(_("There is no such area."), code="unknown_area") from None


def chain_of(area_id: uuid.UUID) -> Chain:
    """The areas an area belongs to, from the county down to itself."""
    area(area_id)
    return shelf.current().chain(area_id)


def areas_at(level: Level, parent: uuid.UUID | None = None, on: date | None = None) -> list[AreaPicture]:
    """The areas of a level by pinyin, under a parent at any distance, as they were on a day."""
    atlas = shelf.current()
    found = atlas.current if on is None else atlas.on(on)
    return [one for one in found if one.level is level and (parent is None or atlas.is_under(one.id, parent))]


def area_by_code(code: str) -> AreaPicture | None:
    """The current area of a division code (2 to 12 digits, padded or not) or of a grid's code."""
    return shelf.current().find(code)


def root() -> AreaPicture:
    """The county or city this installation serves."""
    atlas = shelf.current()
    if atlas.root is None:
        raise NotFound(
            _("No territory has been imported yet. Run: gongzhi territory import."), code="no_territory"
        )
    return atlas.areas[atlas.root]


def search_areas(text: str, limit: int = 20) -> list[AreaPicture]:
    """Areas by a part of their name, of a former name, of the pinyin or of its initials; the best first."""
    return search(shelf.current(), text, limit)


def boundaries_geojson(level: Level, parent: uuid.UUID | None = None) -> str:
    """The outlines of a level for a map: WGS84, simplified so that neighbours still touch, kept until they change."""
    atlas = shelf.current()
    if (level, parent) not in atlas.maps:
        atlas.maps[level, parent] = _map(atlas, level, parent)
    return atlas.maps[level, parent]


def _somewhere_in(atlas: Atlas) -> Located:
    """Without any outline a place can only be taken on trust."""
    chain = atlas.chain(atlas.root) if atlas.root else Chain()
    return Located(area=None, chain=chain, cross_border=False, distance_m=0)


def _map(atlas: Atlas, level: Level, parent: uuid.UUID | None) -> str:
    drawn = [
        one
        for one in atlas.drawn
        if atlas.areas[one.area].level is level and (parent is None or atlas.is_under(one.area, parent))
    ]
    drawn.sort(key=lambda one: atlas.areas[one.area].code)
    shapes = _simplified([one.geometry for one in drawn], _MAP_TOLERANCE[level])
    features = [_feature(atlas, one, outline) for one, outline in zip(drawn, shapes, strict=True)]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )


def _simplified(shapes: list[shapely.Geometry], tolerance: float) -> list[shapely.Geometry]:
    if not shapes:
        return []
    return list(shapely.coverage_simplify(np.array(shapes, dtype=object), tolerance))


def _feature(atlas: Atlas, drawn: Drawn, outline: shapely.Geometry) -> dict[str, object]:
    one = atlas.areas[drawn.area]
    rounded = shapely.transform(outline, lambda pairs: np.round(pairs, _MAP_DECIMALS))
    return {
        "type": "Feature",
        "id": str(one.id),
        "properties": {
            "id": str(one.id),
            "name": one.name,
            "level": one.level,
            "illustrative": drawn.illustrative,
        },
        "geometry": mapping(rounded),
    }
