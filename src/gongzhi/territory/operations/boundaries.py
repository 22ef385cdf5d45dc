"""Take in the outlines of areas from a GeoJSON file, whatever coordinate system it is in."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import shapely
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor
from gongzhi.base.errors import Refused
from gongzhi.territory.atlas import Atlas
from gongzhi.territory.datums import convert, detect_crs
from gongzhi.territory.matching import Matched, match
from gongzhi.territory.models import Boundary
from gongzhi.territory.operations.writing import end_boundaries, writing
from gongzhi.territory.reading.boundaries import BoundaryFile, polygons_of, read_boundaries
from gongzhi.territory.types import CRS, BoundarySummary, Level
from gongzhi.territory.words import level_word

_DECIMALS = 9  # a tenth of a millimetre: the same outline has the same bytes whatever way it came
_MOST_NAMED = 20


def import_boundaries(
    *,
    file: Path,
    crs: CRS | None,
    level: Level,
    match_by: str | None,
    by: Actor,
    now: datetime,
    illustrative: bool = False,
    source: str = "",
) -> BoundarySummary:
    """Store the outlines of one level; with no system declared it is detected against outlines we trust."""
    content = read_boundaries(file)
    with writing("import_boundaries", by=by, now=now, source=source or content.name) as change:
        matched = match(content.features, change.atlas, level, match_by)
        if not matched.outlines:
            _refuse_unmatched(content, level, match_by)
        system, known_from, warnings = _system(content, matched, crs, change.atlas)
        stored = store_outlines(
            _joined(matched, system), system, source or content.name, illustrative, timezone.localdate(now)
        )
        if stored:
            change.summary = {"stored": stored, "level": level, "crs": system, "crs_from": known_from}
    return BoundarySummary(
        stored=stored,
        unchanged=len(matched.outlines) - stored,
        crs=system,
        crs_from=known_from,
        unmatched=_named(matched),
        warnings=warnings,
    )


def store_outlines(
    outlines: Mapping[uuid.UUID, shapely.Geometry], crs: CRS, source: str, illustrative: bool, today: date
) -> int:
    """Write the outlines (WGS84) that differ from the current ones, which end; returns how many."""
    fresh = {area: _bytes(outline) for area, outline in outlines.items()}
    current = Boundary.objects.filter(area__in=fresh, valid_to__isnull=True)
    before = {row.area_id: (bytes(row.geometry), row.illustrative) for row in current}
    changed = {area: wkb for area, wkb in fresh.items() if before.get(area) != (wkb, illustrative)}
    end_boundaries(changed, today)
    Boundary.objects.bulk_create(
        Boundary(
            area_id=area,
            geometry=wkb,
            source_crs=crs,
            source=source[:200],
            illustrative=illustrative,
            valid_from=today if area in before else None,
        )
        for area, wkb in changed.items()
    )
    return len(changed)


def _bytes(outline: shapely.Geometry) -> bytes:
    exact = shapely.transform(outline, lambda pairs: np.round(pairs, _DECIMALS))
    return bytes(shapely.to_wkb(shapely.normalize(exact)))


def _joined(matched: Matched, crs: CRS) -> dict[uuid.UUID, shapely.Geometry]:
    """One outline in WGS84 per area; some files cut an area into several features."""
    joined = {}
    for area, features in matched.outlines.items():
        parts = convert([feature.geometry for feature in features], crs)
        joined[area] = polygons_of(shapely.union_all(parts) if len(parts) > 1 else parts[0])
    return joined


def _system(
    content: BoundaryFile, matched: Matched, declared: CRS | None, atlas: Atlas
) -> tuple[CRS, str, tuple[str, ...]]:
    """The system to read the file in, how we know it, and what the user should be told about it."""
    outlines = [feature.geometry for features in matched.outlines.values() for feature in features]
    detected = detect_crs(outlines, _reference(matched.outlines, atlas))
    if declared:
        return declared, "declared", _doubt(declared, detected)
    if detected:
        return detected, "detected", _lie(content.claims, detected)
    if content.claims:
        word = _("There are no outlines to compare it with, so the file is taken at its word: %s.")
        return content.claims, "file", (word % content.claims,)
    raise Refused(
        _(
            "%s does not say its coordinate system, and there are no outlines to compare it with: declare WGS84, GCJ02 or BD09."
        )
        % content.name,
        code="unknown_crs",
        field="crs",
    )


def _doubt(declared: CRS, detected: CRS | None) -> tuple[str, ...]:
    if detected in (None, declared):
        return ()
    words = {"fits": detected, "declared": declared}
    return (_("The outlines fit %(fits)s better than the declared %(declared)s.") % words,)


def _lie(claims: CRS | None, detected: CRS) -> tuple[str, ...]:
    if claims in (None, detected):
        return ()
    words = {"claims": claims, "fits": detected}
    return (_("The file says %(claims)s, and its outlines are in %(fits)s.") % words,)


def _reference(areas: Mapping[uuid.UUID, object], atlas: Atlas) -> list[shapely.Geometry]:
    """The real outlines of the areas above; else those that these areas have already."""
    above = {other.id for area in areas for other in atlas.upwards(area) if other.id not in areas}
    trusted = [drawn for drawn in atlas.drawn if not drawn.illustrative]
    counties = [drawn for drawn in trusted if drawn.area in above]
    return [drawn.geometry for drawn in counties or [drawn for drawn in trusted if drawn.area in areas]]


def _refuse_unmatched(content: BoundaryFile, level: Level, match_by: str | None) -> None:
    properties: Sequence[str] = sorted({name for feature in content.features for name in feature.properties})
    if match_by and match_by not in properties:
        reason = _("%(file)s has no property %(asked)s; it has %(found)s.")
        words = {"file": content.name, "asked": match_by, "found": ", ".join(properties) or "—"}
        raise Refused(reason % words, code="no_such_property", field="match_by")
    reason = _("None of the outlines in %(file)s belongs to a %(level)s we have.")
    raise Refused(
        reason % {"file": content.name, "level": level_word(level)}, code="nothing_matched", field="level"
    )


def _named(matched: Matched) -> tuple[str, ...]:
    """The features nobody claimed, by name; a national file has thousands, so not all of them."""
    names = [_name(feature.properties, matched.by) or f"#{feature.number}" for feature in matched.unmatched]
    return tuple(names[:_MOST_NAMED]) + (("…",) if len(names) > _MOST_NAMED else ())


def _name(properties: Mapping[str, str], matched_by: str) -> str:
    return " ".join(dict.fromkeys(filter(None, (properties.get("name"), properties.get(matched_by)))))
