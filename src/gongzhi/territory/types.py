"""Words of the territory that other parts may hold: points, areas, chains and what an import did."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongzhi.territory.names import short_name


class CRS(StrEnum):
    """A coordinate system by name: raw GPS, the offset one of most Chinese web maps, and Baidu's."""

    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


class Level(StrEnum):
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    GRID = "grid"

    @property
    def depth(self) -> int:
        """0 for a province, 5 for a grid."""
        return LEVELS.index(self)


LEVELS = tuple(Level)


class Scheme(StrEnum):
    """Who gives out a code: the national statistics bureau, or the county itself (grids have no national code)."""

    NBS = "nbs"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on earth, always WGS84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class AreaPicture:
    """An area as others see it; `code` is the 12-digit division code, or a grid's local code of 15 digits."""

    id: uuid.UUID
    name: str
    level: Level
    code: str
    parent_id: uuid.UUID | None
    path_names: tuple[str, ...]
    pinyin: str = ""
    ended: bool = False

    @property
    def short_name(self) -> str:
        """The place without its committee: 旧县村村委会 is 旧县村 to its neighbours."""
        return short_name(self.name)


@dataclass(frozen=True, slots=True)
class Chain:
    """The areas a place belongs to, from the county down; a level nobody knows is None."""

    county: uuid.UUID | None = None
    township: uuid.UUID | None = None
    community: uuid.UUID | None = None
    grid: uuid.UUID | None = None

    @property
    def deepest(self) -> uuid.UUID | None:
        return self.grid or self.community or self.township or self.county


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point is: its smallest area, or the nearest one when it lies just over the border."""

    area: AreaPicture | None
    chain: Chain
    cross_border: bool
    distance_m: int


@dataclass(frozen=True, slots=True)
class NewGrid:
    """A grid to be added; the boundary, if there is one, is a GeoJSON geometry in WGS84."""

    community_code: str
    number: int
    name: str
    geometry: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import of divisions did; `not_listed` are areas we have and the list has not."""

    root: AreaPicture
    added: int
    renamed: int
    unchanged: int
    not_listed: tuple[str, ...]
    per_level: Mapping[Level, int]


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """What a year's change list did; `unknown` are removed codes we never had."""

    renamed: int = 0
    added: int = 0
    removed: int = 0
    recoded: int = 0
    unchanged: int = 0
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundarySummary:
    """What an import of boundaries did, which coordinate system the file really has and how we know."""

    stored: int
    unchanged: int
    crs: CRS
    crs_from: str  # declared · file · detected
    unmatched: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())
