"""Add the grids of communities: the county draws and numbers them itself."""

from collections.abc import Sequence
from datetime import datetime

import shapely
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import shape

from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound, Refused
from gongzhi.territory import shelf
from gongzhi.territory.atlas import Atlas
from gongzhi.territory.operations.boundaries import store_outlines
from gongzhi.territory.operations.writing import carry_out, writing
from gongzhi.territory.reading.boundaries import polygons_of
from gongzhi.territory.rules import Plan, grid_code, plan_grids
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


def end_grid(*, code: str, successor: str, by: Actor, now: datetime) -> tuple[AreaPicture, AreaPicture]:
    """End one grid today in favour of another; both as they are afterwards. Its matters stay readable under it."""
    today = timezone.localdate(now)
    with writing("end_grid", by=by, now=now) as change:
        ended, follows = (_grid(change.atlas, one) for one in (code, successor))
        if ended.id == follows.id:
            raise Refused(_("A grid can't follow itself."), code="same_grid", field="successor")
        carry_out(Plan(endings=[ended.id]), change.atlas, on=today, begins=None)
        change.summary = {"ended": code, "successor": successor}
    return ended, follows


def _grid(atlas: Atlas, code: str) -> AreaPicture:
    area = atlas.by_code.get((Level.GRID, code))
    if area is None:
        raise NotFound(_("There is no grid with the code %s.") % code, code="no_grid")
    return area


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
