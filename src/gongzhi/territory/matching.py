"""Which area each outline of a file belongs to, by a property that holds its code or its name (pure)."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongzhi.territory.atlas import Atlas
from gongzhi.territory.codes import DIGITS, padded
from gongzhi.territory.names import short_name
from gongzhi.territory.reading.boundaries import Feature
from gongzhi.territory.types import AreaPicture, Level

_COUNTRY = "156"  # 天地图 writes 156330122: the country's number before the division's
_ENDINGS = ("街道", "镇", "乡", "县", "区", "市", "社区")


@dataclass(frozen=True, slots=True)
class Matched:
    """The outlines of each area, by the property that fitted best, and the features nobody claimed."""

    by: str
    outlines: dict[uuid.UUID, list[Feature]]
    unmatched: tuple[Feature, ...]


def match(features: Sequence[Feature], atlas: Atlas, level: Level, match_by: str | None) -> Matched:
    """Match by the property asked for, or by the one that tells most areas apart."""
    names = [match_by] if match_by else sorted({name for feature in features for name in feature.properties})
    known = _Known(area for area in atlas.current if area.level is level)
    attempts = [_match_by(name, features, known) for name in names]
    return max(attempts, key=lambda matched: len(matched.outlines), default=Matched("", {}, tuple(features)))


def _match_by(name: str, features: Sequence[Feature], known: "_Known") -> Matched:
    outlines: dict[uuid.UUID, list[Feature]] = {}
    unmatched = []
    for feature in features:
        area = known.find(feature.properties.get(name, ""))
        if area is None:
            unmatched.append(feature)
        else:
            outlines.setdefault(area.id, []).append(feature)
    return Matched(name, outlines, tuple(unmatched))


class _Known:
    """The areas of one level under every way a file may name them."""

    def __init__(self, areas: Iterable[AreaPicture]) -> None:
        areas = list(areas)
        self.codes = {code: area for area in areas for code in _ways_to_write(area)}
        self.names = _unambiguous([(area.name, area) for area in areas])
        self.stems = _unambiguous([(_stem(area.name), area) for area in areas])

    def find(self, value: str) -> AreaPicture | None:
        """By code, by name, or by a bare name; 福田区 is not taken for 福田街道."""
        name = value.removesuffix("办事处")
        return self.codes.get(value) or self.names.get(name) or self.stems.get(value)


def _ways_to_write(area: AreaPicture) -> tuple[str, ...]:
    if area.level is Level.GRID:
        return (area.code,)
    trimmed = area.code[: DIGITS[area.level]]
    return (trimmed, padded(trimmed), _COUNTRY + trimmed)


def _unambiguous(pairs: Sequence[tuple[str, AreaPicture]]) -> dict[str, AreaPicture]:
    often = Counter(name for name, _area in pairs)
    return {name: area for name, area in pairs if name and often[name] == 1}


def _stem(name: str) -> str:
    name = short_name(name)
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
