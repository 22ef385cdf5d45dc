"""How well “very likely the same matter” does on requests whose duplicates an office has marked."""

import csv
import gzip
import math
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from gongzhi.cases.rules.likeness import likely_same, plain, same_words

FOOT = 0.3048
TUNED_ON = 0.6  # of the days; what is claimed is claimed of the others
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("changed", "likely"),
    [
        ({}, True),
        ({"distance_m": 1.5}, False),
        ({"earlier": date(2026, 2, 28)}, False),
        ({"earlier": date(2026, 3, 1)}, True),
        ({"same_kind": False}, False),
        ({"still_open": False}, False),
        ({"distance_m": 200, "same_kind": False, "same_words": True}, True),
        ({"still_open": False, "same_words": True}, False),
    ],
)
def test_the_same_place_and_kind_within_a_day_and_not_yet_done(changed: dict, likely: bool) -> None:
    told = {"distance_m": 0.5, "reported": TODAY, "earlier": TODAY, "same_kind": True, "still_open": True}
    assert likely_same(**{**told, **changed}) is likely  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("小区东门的路灯坏了三天没人修", "小区东门的路灯 坏了三天\n没人修", True),
        ("小区东门ＡＢＣ的路灯坏了三天", "小区东门ABC的路灯坏了三天", True),
        ("小区东门的路灯坏了三天没人修", "小区西门的路灯坏了三天没人修", False),
        ("路灯不亮", "路灯不亮", False),
    ],
)
def test_words_are_the_same_but_for_blanks_and_width_if_there_are_enough(
    one: str, other: str, same: bool
) -> None:
    assert same_words(one, other) is same


@pytest.mark.shared
def test_every_group_of_exact_duplicates_is_found(shared_data: Path) -> None:
    """Only counts may be told of these: they are residents' own messages."""
    path = shared_data / "messages" / "hot_topic_messages.csv.gz"
    marked, forms = defaultdict(list), defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            forms[plain(row["body"])].append(row["id"])
            if row["dup_group_exact_body"]:
                marked[row["dup_group_exact_body"]].append((row["id"], row["body"]))
    assert len(marked) > 50
    for group in marked.values():
        ids, (first, *others) = {one for one, _body in group}, [body for _one, body in group]
        if not (all(same_words(first, other) for other in others) and ids <= set(forms[plain(first)])):
            pytest.fail("a group of exact duplicates was not found")


@pytest.mark.shared
def test_of_ten_named_eight_are_duplicates_and_of_ten_duplicates_seven_are_named(
    shared_data: Path, capsys
) -> None:
    requests = list(chicago(shared_data))
    days = sorted({request[0] for request in requests})
    first = days[int(len(days) * TUNED_ON)]
    named = marked = both = 0
    for request, earlier in with_neighbours(requests):
        if request[0] >= first:
            likely = any(is_likely(request, other) for other in earlier)
            named, marked, both = named + likely, marked + request[3], both + (likely and request[3])
    with capsys.disabled():
        print(f"\nlikeness: precision {both / named:.3f}, recall {both / marked:.3f} of {marked} marked")
    assert both / named >= 0.80
    assert both / marked >= 0.70


def is_likely(request: tuple, other: tuple) -> bool:
    return likely_same(
        distance_m=math.dist(request[1], other[1]),
        reported=request[0],
        earlier=other[0],
        same_kind=True,  # all are sanitation code violations
        still_open=other[2] is None or other[2] >= request[0],
    )


def chicago(shared_data: Path):
    """Day, place in metres, day of completion, marked as a duplicate; those without a place are left out."""
    path = shared_data / "service_requests" / "chicago_sanitation.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["X_Coordinate"] and row["Y_Coordinate"]:
                place = float(row["X_Coordinate"]) * FOOT, float(row["Y_Coordinate"]) * FOOT
                ended = date.fromisoformat(row["Completion_Date"][:10]) if row["Completion_Date"] else None
                day = date.fromisoformat(row["Creation_Date"][:10])
                yield day, place, ended, "dup" in row["Status"].lower()


def with_neighbours(requests: list[tuple]):
    """Each request with the earlier ones in the squares of two metres around it."""
    squares: dict[tuple[int, int], list[tuple]] = defaultdict(list)
    for request in sorted(requests, key=lambda one: one[0]):
        east, north = (int(edge // 2) for edge in request[1])
        around = [(east + i, north + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        yield request, [other for square in around for other in squares[square]]
        squares[east, north].append(request)
