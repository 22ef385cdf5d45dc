"""Draws the demo county's files once; they are kept in data/demo, so nobody needs to run this to use them.

    python -m gongzhi.territory.draw_demo DIVISIONS_FOLDER COUNTY_POLYGONS.geojson[.gz]

Real: the divisions and the county's outline. Drawn: the borders of townships, communities and grids, as cells
around fixed random places. The same input gives the same files.
"""

import csv
import gzip
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from gongzhi.territory.demo_files import DATA, DEMO_COUNTY
from gongzhi.territory.names import short_name

# About where each township's seat lies, so that the drawn map is not upside down.
SEATS = {
    "330122002": (119.735, 29.845),
    "330122003": (119.690, 29.805),
    "330122004": (119.665, 29.765),
    "330122005": (119.770, 29.785),
    "330122101": (119.630, 29.715),
    "330122102": (119.565, 29.845),
    "330122109": (119.435, 29.925),
    "330122110": (119.580, 29.925),
    "330122112": (119.345, 29.870),
    "330122113": (119.830, 29.840),
    "330122201": (119.610, 29.800),
    "330122202": (119.480, 29.800),
    "330122204": (119.850, 29.720),
    "330122210": (119.290, 29.950),
}
GRID_SIZE = 1e-6
STRETCH, BEND, FULL_BEND_FROM = 0.003, 0.0007, 0.015  # degrees
COLUMNS = {
    "provinces": ("code", "name"),
    "cities": ("code", "name", "provinceCode"),
    "areas": ("code", "name", "cityCode", "provinceCode"),
    "streets": ("code", "name", "areaCode", "cityCode", "provinceCode"),
    "villages": ("code", "name", "streetCode", "areaCode", "cityCode", "provinceCode"),
}
NUMERALS = "一二三"

Cells = dict[str, shapely.Geometry]


def main(divisions: Path, polygons: Path) -> None:
    """Write the extract of the divisions and the four GeoJSON files."""
    lists = {stem: list(_extract(divisions, stem)) for stem in COLUMNS}
    for stem, rows in lists.items():
        _write_csv(DATA / "divisions" / f"{stem}.csv", COLUMNS[stem], rows)
    county = shapely.set_precision(_county(polygons), GRID_SIZE)
    grids = _draw_grids(county, [row["code"] for row in lists["villages"]])
    communities = _joined(grids, 12)
    names = {row["code"]: row["name"] for rows in lists.values() for row in rows}
    _write_cells("county", {DEMO_COUNTY: shapely.union_all(list(communities.values()))}, names, drawn=False)
    _write_cells("township", _joined(communities, 9), names)
    _write_cells("community", communities, names)
    _write_grids(grids, names)


def _extract(folder: Path, stem: str) -> Iterator[dict[str, str]]:
    path = next(folder.glob(f"{stem}.csv*"))
    with (
        gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    ) as file:
        for row in csv.DictReader(file):
            if row["code"].startswith(DEMO_COUNTY) or DEMO_COUNTY.startswith(row["code"]):
                yield {column: row[column] for column in COLUMNS[stem]}


def _write_csv(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _county(path: Path) -> shapely.Geometry:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    features = json.loads(data)["features"]
    return shapely.union_all(
        [shape(f["geometry"]) for f in features if f["properties"]["gb"].endswith(DEMO_COUNTY)]
    )


def _draw_grids(county: shapely.Geometry, villages: Sequence[str]) -> Cells:
    """The cells of all grids, keyed by community code and grid number, without gaps or overlaps."""
    grids: Cells = {}
    for town, cell in _cells(county, SEATS).items():
        codes = [code for code in villages if code.startswith(town)]
        for community, place in _cells(cell, _scattered(cell, codes)).items():
            numbers = [f"{community}{n:03}" for n in range(1, _chance(community).choice((1, 2, 2, 3)) + 1)]
            grids |= _cells(place, _scattered(place, numbers))
    return _bent(_noded(grids), county.boundary)


def _scattered(cell: shapely.Geometry, keys: Sequence[str]) -> dict[str, tuple[float, float]]:
    """A place for every key, spread by moving each a few times to the middle of its surroundings."""
    chance = _chance("".join(keys))
    places = {key: _somewhere(cell, chance) for key in keys}
    for _round in range(6):
        places = {key: (c.centroid.x, c.centroid.y) for key, c in _cells(cell, places).items()}
    return places


def _chance(key: str) -> random.Random:
    """The same throws of the dice for the same key, on every machine."""
    return random.Random(key)  # noqa: S311


def _somewhere(cell: shapely.Geometry, chance: random.Random) -> tuple[float, float]:
    west, south, east, north = cell.bounds
    while True:
        spot = chance.uniform(west, east), chance.uniform(south, north)
        if cell.contains(shapely.Point(spot)):
            return spot


def _cells(within: shapely.Geometry, places: Mapping[str, tuple[float, float]]) -> Cells:
    """The part of an area that is nearest to each place."""
    if len(places) == 1:
        return dict.fromkeys(places, within)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(list(places.values())), extend_to=within)
    )
    tree = shapely.STRtree(cells)
    return {
        key: cells[tree.query(shapely.Point(spot), predicate="intersects")[0]].intersection(within)
        for key, spot in places.items()
    }


def _noded(cells: Cells) -> Cells:
    """The same cells on a grid of six decimals, every border shared point by point."""
    lines = shapely.union_all([cell.boundary for cell in cells.values()], grid_size=GRID_SIZE)
    tree, keys = shapely.STRtree(list(cells.values())), list(cells)
    parts: dict[str, list[shapely.Geometry]] = {}
    for piece in shapely.get_parts(shapely.polygonize([lines])):
        owners = tree.query(piece.representative_point(), predicate="intersects")
        if len(owners):
            parts.setdefault(keys[owners[0]], []).append(piece)
    return {key: shapely.union_all(parts[key]) for key in keys}


def _bent(cells: Cells, border: shapely.Geometry) -> Cells:
    """The same cells with borders that wander as real ones do; the county's own border stays where it is."""

    def bend(pairs: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> object:
        calm = np.minimum(1.0, shapely.distance(shapely.points(pairs), border) / FULL_BEND_FROM)
        x, y = pairs[:, 0] * 1000, pairs[:, 1] * 1000
        east = np.sin(y / 2.9 + 1.0) + np.sin(y / 6.1 + x / 9.7) + 0.5 * np.sin(y / 1.3 + x / 3.1)
        north = np.sin(x / 3.3 + 2.0) + np.sin(x / 7.3 - y / 8.9) + 0.5 * np.sin(x / 1.1 - y / 2.7)
        return np.round(pairs + BEND * calm[:, None] * np.column_stack((east, north)), 6)

    return {key: shapely.transform(shapely.segmentize(cell, STRETCH), bend) for key, cell in cells.items()}


def _joined(cells: Cells, digits: int) -> Cells:
    groups: dict[str, list[shapely.Geometry]] = {}
    for key, cell in cells.items():
        groups.setdefault(key[:digits], []).append(cell)
    return {key: shapely.union_all(group) for key, group in groups.items()}


def _write_cells(level: str, cells: Cells, names: Mapping[str, str], *, drawn: bool = True) -> None:
    words = [
        ({"code": code, "name": names[code], "illustrative": drawn}, cell) for code, cell in cells.items()
    ]
    _write_geojson(level, words)


def _write_grids(cells: Cells, names: Mapping[str, str]) -> None:
    words = []
    for code, cell in cells.items():
        community, number = code[:12], int(code[12:])
        name = f"{short_name(names[community])}第{NUMERALS[number - 1]}网格"
        words.append(({"community": community, "number": number, "name": name, "illustrative": True}, cell))
    _write_geojson("grid", words)


def _write_geojson(level: str, cells: Sequence[tuple[dict[str, object], shapely.Geometry]]) -> None:
    features = [{"type": "Feature", "properties": words, "geometry": mapping(cell)} for words, cell in cells]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    (DATA / f"{level}.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
