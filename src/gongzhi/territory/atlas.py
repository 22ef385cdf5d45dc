"""The whole territory in memory: areas, codes, names through time, outlines; replaced, never changed (pure)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import shapely

from gongzhi.territory.codes import padded
from gongzhi.territory.locate import BoundaryIndex, Outline
from gongzhi.territory.types import LEVELS, AreaPicture, Chain, Level


@dataclass(frozen=True, slots=True)
class Period:
    """From one day until before another; None is open."""

    start: date | None
    end: date | None

    def holds(self, on: date) -> bool:
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)


@dataclass(frozen=True, slots=True)
class Named:
    """A name an area had in a period that is over."""

    name: str
    period: Period


@dataclass(frozen=True, slots=True)
class Drawn:
    """The current boundary of an area."""

    area: uuid.UUID
    geometry: shapely.Geometry
    illustrative: bool


@dataclass(frozen=True)
class Atlas:
    """One revision of the territory; every read is answered from here."""

    revision: int
    root: uuid.UUID | None
    areas: Mapping[uuid.UUID, AreaPicture]
    periods: Mapping[uuid.UUID, Period]
    code_since: Mapping[uuid.UUID, date]
    former_names: Mapping[uuid.UUID, tuple[Named, ...]]
    former_codes: Mapping[tuple[Level, str], tuple[uuid.UUID, ...]]
    drawn: tuple[Drawn, ...]
    maps: dict[tuple[Level, uuid.UUID | None], str] = field(default_factory=dict)
    """Simplified maps already made from this revision."""

    @cached_property
    def current(self) -> tuple[AreaPicture, ...]:
        """The areas that are not ended, from the province down, each level by pinyin."""
        living = (area for area in self.areas.values() if not area.ended)
        return tuple(sorted(living, key=lambda area: (area.level.depth, area.pinyin, area.code)))

    @cached_property
    def by_code(self) -> Mapping[tuple[Level, str], AreaPicture]:
        return {(area.level, area.code): area for area in self.current}

    @cached_property
    def children(self) -> Mapping[uuid.UUID, tuple[AreaPicture, ...]]:
        found: dict[uuid.UUID, list[AreaPicture]] = defaultdict(list)
        for area in self.current:
            if area.parent_id:
                found[area.parent_id].append(area)
        return {parent: tuple(areas) for parent, areas in found.items()}

    @cached_property
    def index(self) -> BoundaryIndex:
        return BoundaryIndex(self._outline(drawn) for drawn in self.drawn)

    def find(self, code: str) -> AreaPicture | None:
        """The smallest current area with a code, however many zeros it was written with."""
        for level in reversed(LEVELS):
            area = self.by_code.get((level, padded(code)))
            if area:
                return area
        return None

    def on(self, day: date) -> list[AreaPicture]:
        """The areas that held on a day, under the names they had then."""
        held = [area for area in self.areas.values() if self.periods[area.id].holds(day)]
        return sorted((self._as_named(area, day) for area in held), key=lambda area: (area.pinyin, area.code))

    def _as_named(self, area: AreaPicture, day: date) -> AreaPicture:
        then = [former.name for former in self.former_names.get(area.id, ()) if former.period.holds(day)]
        return replace(area, name=then[0], path_names=(*area.path_names[:-1], then[0])) if then else area

    def upwards(self, area_id: uuid.UUID) -> Iterable[AreaPicture]:
        """An area and all those above it."""
        at: uuid.UUID | None = area_id
        while at:
            area = self.areas[at]
            yield area
            at = area.parent_id

    def is_under(self, area_id: uuid.UUID, above: uuid.UUID) -> bool:
        """True for the area above itself and everything in it."""
        return any(area.id == above for area in self.upwards(area_id))

    def chain(self, area_id: uuid.UUID) -> Chain:
        """The areas an area belongs to, itself among them."""
        found = {area.level: area.id for area in self.upwards(area_id)}
        return Chain(
            county=found.get(Level.COUNTY),
            township=found.get(Level.TOWNSHIP),
            community=found.get(Level.COMMUNITY),
            grid=found.get(Level.GRID),
        )

    def last_change(self, area_id: uuid.UUID) -> date | None:
        """The latest day on which an area began, or was renamed or given another code."""
        days = [self.periods[area_id].start, self.code_since.get(area_id)]
        days += [former.period.end for former in self.former_names.get(area_id, ())]
        return max((day for day in days if day), default=None)

    def _outline(self, drawn: Drawn) -> Outline:
        area = self.areas[drawn.area]
        above = frozenset(other.id for other in self.upwards(area.id) if other.id != area.id)
        return Outline(area.id, area.level, area.code, above, drawn.geometry)
