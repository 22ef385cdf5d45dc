"""Import the national list of divisions for one county or city."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from gongzhi.base.actor import Actor
from gongzhi.territory import shelf
from gongzhi.territory.atlas import Atlas
from gongzhi.territory.models import Cell
from gongzhi.territory.operations.writing import carry_out, per_level, writing
from gongzhi.territory.reading.divisions import DivisionList, read_divisions
from gongzhi.territory.reading.tables import Progress
from gongzhi.territory.rules import plan_import
from gongzhi.territory.types import AreaPicture, ImportSummary, Level


def import_divisions(
    *,
    folder_or_files: Path | Sequence[Path],
    county_code: str,
    by: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> ImportSummary:
    """Make the areas of a county (six digits) or a city (four), all or none; doing it again changes nothing."""
    divisions = read_divisions(folder_or_files, county_code, progress)
    with writing("import_divisions", by=by, now=now, source=f"{divisions.root.name} {county_code}") as change:
        plan, today = plan_import(divisions, change.atlas), timezone.localdate(now)
        known_before = divisions.root.key in change.atlas.by_code
        if plan:
            carry_out(plan, change.atlas, on=today, begins=today if known_before else None)
            change.summary = {"added": len(plan.additions), "renamed": len(plan.renamings)}
        after = shelf.load() if plan else change.atlas
        if _serve(after.by_code[divisions.root.key], after):
            change.summary["root"] = divisions.root.code
    return ImportSummary(
        root=after.by_code[divisions.root.key],
        added=len(plan.additions),
        renamed=len(plan.renamings),
        unchanged=plan.unchanged,
        not_listed=_not_listed(divisions, after),
        per_level=per_level([row.level for row in divisions.rows]),
    )


def _serve(root: AreaPicture, atlas: Atlas) -> bool:
    """The first division imported is the one this cell serves; importing the city around it widens the cell."""
    if atlas.root == root.id or (atlas.root and not atlas.is_under(atlas.root, root.id)):
        return False
    Cell.objects.update_or_create(only=True, defaults={"root_id": root.id})
    return True


def _not_listed(divisions: DivisionList, atlas: Atlas) -> tuple[str, ...]:
    """The areas we have under this root that the list has not; only a change list ends an area."""
    listed, root = {row.key for row in divisions.rows}, atlas.by_code[divisions.root.key]
    return tuple(
        f"{area.code} {area.name}"
        for area in atlas.current
        if area.level is not Level.GRID
        and (area.level, area.code) not in listed
        and atlas.is_under(area.id, root.id)
    )
