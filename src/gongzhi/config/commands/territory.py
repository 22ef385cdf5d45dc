"""`gongzhi territory`: the county's divisions, their yearly changes, their boundaries."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from gongzhi.base import postgres
from gongzhi.config import cell
from gongzhi.config.commands.adding import command, group
from gongzhi.config.commands.progress import progress
from gongzhi.config.words import gettext as _

LEVELS = ("province", "city", "county", "township", "community", "grid")
SYSTEMS = ("WGS84", "GCJ02", "BD09")


def add(choices: Any) -> None:
    """Put the commands on the command line."""
    own = group(choices, "territory", _("Import divisions, a year's changes, or boundaries."))
    listed = command(
        own, "import", _("Take in the national list of divisions for one county or city."), divisions
    )
    listed.add_argument(
        "files", type=Path, nargs="+", help=_("the folder, or the files, of the national list")
    )
    changed = command(own, "changes", _("Apply a year's change list: renamed, added, removed."), changes)
    changed.add_argument("file", type=Path, help=_("the change list (CSV)"))
    changed.add_argument(
        "--on", type=date.fromisoformat, help=_("the day it takes effect (today), as 2026-01-31")
    )
    for parser in (listed, changed):
        parser.add_argument(
            "--county", required=True, help=_("the county's code, six digits, or a city's, four")
        )
    drawn = command(
        own, "boundaries", _("Take in the outlines of one level from a GeoJSON file."), boundaries
    )
    drawn.add_argument("file", type=Path, help=_("the GeoJSON file"))
    drawn.add_argument("--level", required=True, choices=LEVELS, help=_("the level the outlines belong to"))
    drawn.add_argument("--crs", choices=SYSTEMS, help=_("the coordinate system; detected when left out"))
    drawn.add_argument("--match-by", help=_("the property that names the area; tried out when left out"))
    drawn.add_argument("--source", default="", help=_("where the outlines come from"))
    drawn.add_argument(
        "--illustrative", action="store_true", help=_("mark them as drawn for show, not surveyed")
    )
    ended = command(
        own, "end-grid", _("End one grid; its open cases go to the grid that follows it."), end_grid
    )
    ended.add_argument("code", help=_("the code of the grid that ends, fifteen digits"))
    ended.add_argument("--successor", required=True, help=_("the code of the grid that follows"))


def end_grid(asked: argparse.Namespace) -> int:
    """End a grid by hand."""
    with cell.opened(postgres.APP):
        from gongzhi.cases import operations

        moved = operations.end_grid(code=asked.code, successor=asked.successor, **_by_now())
    words = _("{code} has ended; {count} open cases went to {successor}")
    print(words.format(code=asked.code, count=moved, successor=asked.successor))
    return 0


def divisions(asked: argparse.Namespace) -> int:
    """Import the national list."""
    with cell.opened(postgres.APP), progress(_("reading divisions"), unit="B") as report:
        from gongzhi.territory import operations

        files = asked.files[0] if len(asked.files) == 1 else asked.files
        done = operations.import_divisions(
            folder_or_files=files, county_code=asked.county, progress=report, **_by_now()
        )
    words = _("{name}: {added} added, {renamed} renamed, {unchanged} unchanged, {missing} not in the list")
    print(
        words.format(
            name=done.root.name,
            added=done.added,
            renamed=done.renamed,
            unchanged=done.unchanged,
            missing=len(done.not_listed),
        )
    )
    return 0


def changes(asked: argparse.Namespace) -> int:
    """Apply a change list."""
    with cell.opened(postgres.APP):
        from django.utils import timezone

        from gongzhi.territory import operations

        on = asked.on or timezone.localdate()
        done = operations.apply_changes(file=asked.file, county_code=asked.county, on=on, **_by_now())
    words = _("{renamed} renamed, {added} added, {removed} removed, {recoded} recoded, {unchanged} unchanged")
    counts = ("renamed", "added", "removed", "recoded", "unchanged")
    print(words.format(**{name: getattr(done, name) for name in counts}))
    for code in done.unknown:
        print(_("removed in the list, never known here: {code}").format(code=code))
    return 0


def boundaries(asked: argparse.Namespace) -> int:
    """Import outlines."""
    with cell.opened(postgres.APP):
        from gongzhi.territory import operations
        from gongzhi.territory.types import CRS, Level

        done = operations.import_boundaries(
            file=asked.file,
            crs=CRS(asked.crs) if asked.crs else None,
            level=Level(asked.level),
            match_by=asked.match_by,
            illustrative=asked.illustrative,
            source=asked.source,
            **_by_now(),
        )
    words = _("{stored} outlines stored, {unchanged} unchanged, in {crs} ({known_from})")
    print(words.format(stored=done.stored, unchanged=done.unchanged, crs=done.crs, known_from=done.crs_from))
    for name in done.unmatched:
        print(_("belongs to no area we have: {name}").format(name=name))
    for warning in done.warnings:
        print(warning)
    return 0


def _by_now() -> dict[str, Any]:
    from django.utils import timezone

    from gongzhi.base.actor import SYSTEM

    return {"by": SYSTEM, "now": timezone.now()}
