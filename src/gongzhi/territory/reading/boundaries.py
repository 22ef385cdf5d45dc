"""A GeoJSON file of outlines, plain or gzipped, read whole; what is wrong is said with the number of the feature."""

import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import shape

from gongzhi.base.errors import Refused
from gongzhi.territory.coordinates import looks_swapped
from gongzhi.territory.types import CRS

# What files call the systems; CGCS2000 (4490) is WGS84 to within centimetres.
_CRS_NAMES = {
    "CRS84": CRS.WGS84,
    "4326": CRS.WGS84,
    "WGS84": CRS.WGS84,
    "4490": CRS.WGS84,
    "CGCS2000": CRS.WGS84,
    "GCJ02": CRS.GCJ02,
    "BD09": CRS.BD09,
    "BD09LL": CRS.BD09,
}
_ACCEPTED = ("Polygon", "MultiPolygon")
_DECORATION = ("Point", "MultiPoint", "LineString", "MultiLineString")


@dataclass(frozen=True, slots=True)
class Feature:
    """One outline as published, in the coordinates of its file."""

    number: int
    properties: Mapping[str, str]
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """The outlines of a file and the coordinate system it claims, if it claims one."""

    name: str
    claims: CRS | None
    features: tuple[Feature, ...]


def read_boundaries(path: Path) -> BoundaryFile:
    """All outlines of a file, or a refusal naming the feature and the reason."""
    content = _json(path)
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        _refuse(path, _("this is not a GeoJSON FeatureCollection."))
    numbered = enumerate(content["features"], start=1)
    features = tuple(_feature(path, number, item) for number, item in numbered if not _is_decoration(item))
    if not features:
        _refuse(path, _("it holds no outlines."))
    return BoundaryFile(path.name, _claimed(path, content.get("crs")), features)


def polygons_of(geometry: shapely.Geometry) -> shapely.Geometry:
    """A valid outline: crossings mended, stray lines and points dropped."""
    mended = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(mended).tolist() if part.geom_type in _ACCEPTED]
    return shapely.union_all(parts)


def _json(path: Path) -> Any:
    try:
        data = path.read_bytes()
        return json.loads((gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        _refuse(path, _("line %(line)s is not JSON.") % {"line": error.lineno})
    except (UnicodeDecodeError, RecursionError):
        _refuse(path, _("this is not UTF-8 text of JSON."))
    except (EOFError, gzip.BadGzipFile):
        _refuse(path, _("the gzip file is damaged or cut short."))
    except OSError as error:
        _refuse(path, _("the file can't be read: %s.") % error.strerror)


def _is_decoration(item: Any) -> bool:
    """Maps carry lines (境界线) and labels among their areas; they are not ours to judge."""
    geometry = item.get("geometry") if isinstance(item, dict) else None
    return isinstance(item, dict) and (
        geometry is None or (isinstance(geometry, dict) and geometry.get("type") in _DECORATION)
    )


def _feature(path: Path, number: int, item: Any) -> Feature:
    geometry = item.get("geometry") if isinstance(item, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") not in _ACCEPTED:
        _refuse(path, _("it is not a polygon."), number)
    try:
        outline = shapely.force_2d(shape(geometry))
    except (TypeError, ValueError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError):
        _refuse(path, _("its coordinates are not numbers in closed rings."), number)
    if outline.is_empty:
        _refuse(path, _("it is empty."), number)
    _refuse_impossible(path, number, outline)
    properties = {
        str(key): str(value) for key, value in (item.get("properties") or {}).items() if value is not None
    }
    return Feature(number, properties, outline)


def _refuse_impossible(path: Path, number: int, outline: shapely.Geometry) -> None:
    west, south, east, north = outline.bounds
    if not all(map(math.isfinite, (west, south, east, north))):
        _refuse(path, _("its coordinates are not numbers in closed rings."), number)
    if looks_swapped(west, south) and looks_swapped(east, north):
        _refuse(path, _("longitude and latitude have changed places."), number)
    if west < -180 or east > 180 or south < -90 or north > 90:
        _refuse(path, _("its coordinates are not degrees of longitude and latitude."), number)


def _claimed(path: Path, member: Any) -> CRS | None:
    if not isinstance(member, dict) or not isinstance(member.get("properties"), dict):
        return None
    name = str(member["properties"].get("name", ""))
    last = name.upper().split(":")[-1].replace("-", "").replace("_", "").replace(" ", "")
    if last not in _CRS_NAMES:
        reason = _("its coordinate system %(name)s is not one of %(known)s.")
        _refuse(path, reason % {"name": name, "known": ", ".join(CRS)})
    return _CRS_NAMES[last]


def _refuse(path: Path, reason: str, feature: int | None = None) -> NoReturn:
    words = {"file": path.name, "feature": feature, "reason": reason}
    if feature is None:
        message = _("%(file)s: %(reason)s") % words
    else:
        message = _("%(file)s, feature %(feature)s: %(reason)s") % words
    raise Refused(message, code="bad_file", file=path.name, feature=feature)
