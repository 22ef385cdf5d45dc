"""Small lists of divisions in the shape the national one is published in, and an atlas without a database."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from gongzhi.territory.atlas import Atlas, Named, Period
from gongzhi.territory.codes import parent_code, parent_level
from gongzhi.territory.types import AreaPicture, Level

NOW = datetime(2026, 6, 3, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
TODAY = date(2026, 6, 3)
COUNTY = "330122"

ROWS = {
    "provinces": ["code,name", "33,浙江省"],
    "cities": ["code,name,provinceCode", "3301,杭州市,33"],
    "areas": ["code,name,cityCode,provinceCode", "330122,桐庐县,3301,33", "330127,淳安县,3301,33"],
    "streets": [
        "code,name,areaCode,provinceCode,cityCode",
        "330122003,桐君街道,330122,33,3301",
        "330122101,富春江镇,330122,33,3301",
        "330127100,千岛湖镇,330127,33,3301",
    ],
    "villages": [
        "code,name,streetCode,areaCode,cityCode,provinceCode",
        "330122003001,迎春社区居委会,330122003,330122,3301,33",
        "330122003002,东门社区居委会,330122003,330122,3301,33",
        "330122101201,芦茨村村委会,330122101,330122,3301,33",
        "330127100001,梦姑社区居委会,330127100,330127,3301,33",
    ],
}


def folder(path: Path, **changed: Sequence[str] | bytes) -> Path:
    """Write the small list, with some files replaced by other lines (or by raw bytes)."""
    path.mkdir(exist_ok=True)
    for stem, lines in (ROWS | changed).items():
        data = lines if isinstance(lines, bytes) else "\n".join([*lines, ""]).encode()
        (path / f"{stem}.csv").write_bytes(data)
    return path


def with_line(stem: str, line: str) -> list[str]:
    """One of the files with a line added at its end."""
    return [*ROWS[stem], line]


def changes(path: Path, *lines: str) -> Path:
    """A change list of one year."""
    path.write_text("\n".join(["code,change,level,name_2024,name_2025", *lines, ""]), encoding="utf-8")
    return path


def atlas_of(
    divisions: Iterable[tuple[Level, str, str]],
    former_names: dict[str, Named] | None = None,
    former_codes: dict[tuple[Level, str], str] | None = None,
) -> Atlas:
    """An atlas of (level, code, name), larger areas first."""
    areas: dict[tuple[Level, str], AreaPicture] = {}
    for number, (level, code, name) in enumerate(divisions, start=1):
        key = code[:12] if level is Level.GRID else parent_code(code, level)
        above = areas.get((parent_level(level), key)) if key else None
        path = (*above.path_names, name) if above else (name,)
        areas[level, code] = AreaPicture(
            uuid.UUID(int=number), name, level, code, above.id if above else None, path
        )
    by_code = {area.code: area.id for area in areas.values()}
    return Atlas(
        revision=1,
        root=next((area.id for area in areas.values() if area.level is Level.COUNTY), None),
        areas={area.id: area for area in areas.values()},
        periods={area.id: Period(None, None) for area in areas.values()},
        code_since={},
        former_names={by_code[code]: (named,) for code, named in (former_names or {}).items()},
        former_codes={key: (by_code[code],) for key, code in (former_codes or {}).items()},
        drawn=(),
    )
