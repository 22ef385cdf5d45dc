"""Add the grids of communities: the county draws and numbers them itself."""

from collections.abc import Sequence
from datetime import datetime

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import shape

from gongzhi.base.actor import Actor
from gongzhi.base.errors import Refused
from gongzhi.territory import shelf
from gongzhi.territory.operations.boundaries import store_outlines
from gongzhi.territory.operations.writing import carry_out, writing
from gongzhi.territory.reading.boundaries import polygons_of
from gongzhi.territory.rules import grid_code, plan_grids
from gongzhi.territory.types import CRS, AreaPicture, Level, NewGrid, Scheme


def add_grids(
    *, grids: Sequence[NewGrid], by: Actor, now: datetime, illustrative: bool = False, source: str = ""
) -> tuple[AreaPicture, ...]:
    """Add grids, or rename and redraw those that exist; doing it again changes nothing."""
    today = timezone.localdate(now)
    with writing("add_grids", by=by, now=now, source=source) as change:
        plan = plan_grids(grids, change.atlas)
        carry_out(plan, change.atlas, on=today, begins=today, scheme=Scheme.LOCAL)
        after = shelf.load() if plan else change.atlas
        areas = {grid_code(grid): after.by_code[Level.GRID, grid_code(grid)] for grid in grids}
        drawn = {areas[grid_code(grid)].id: _outline(grid) for grid in grids if grid.geometry}
        stored = store_outlines(drawn, CRS.WGS84, source, illustrative, today)
        if plan or stored:
            change.summary = {"added": len(plan.additions), "renamed": len(plan.renamings), "stored": stored}
    return tuple(areas.values())


def _outline(grid: NewGrid) -> shapely.Geometry:
    try:
        outline = polygons_of(shape(grid.geometry))
    except (TypeError, ValueError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError):
        outline = shapely.Polygon()
    if outline.is_empty:
        raise Refused(
            _("The outline of the grid %s is not a polygon.") % grid.name, code="bad_grid", field="geometry"
        )
    return outline
