"""What cases need to know of areas: the codes above one, and names for a list (both from the atlas in memory)."""

import uuid
from collections.abc import Iterable, Mapping

from gongzhi.territory import queries as territory
from gongzhi.territory.types import AreaPicture, Level

SHOWN_BELOW = Level.COUNTY  # everybody knows which county they are in


def codes_of(area_id: uuid.UUID) -> tuple[str, ...]:
    """The code of an area and of those above it, deepest first: what rules with an area match against."""
    return tuple(area.code for area in _upwards(area_id))


def names_of(area_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Names as people say them, from the township down: “城南街道 春江社区 02 网格”."""
    return {area_id: _name(area_id) for area_id in area_ids}


def _name(area_id: uuid.UUID) -> str:
    areas = list(reversed(_upwards(area_id)))
    names = [area.short_name for area in areas]
    # A grid is called after its community: say that once.
    short = [name.removeprefix(above) or name for name, above in zip(names, ["", *names], strict=False)]
    below = [name for name, area in zip(short, areas, strict=True) if area.level.depth > SHOWN_BELOW.depth]
    return " ".join(below) or areas[-1].name


def _upwards(area_id: uuid.UUID) -> list[AreaPicture]:
    areas, found = [], territory.area(area_id)
    while True:
        areas.append(found)
        if found.parent_id is None:
            return areas
        found = territory.area(found.parent_id)
