"""What a list means for the areas we have, found out before anything is written."""

from datetime import date

import pytest

from gongzhi.base.errors import Refused
from gongzhi.territory.atlas import Named, Period
from gongzhi.territory.reading.changes import ChangeKind, ChangeRow
from gongzhi.territory.reading.divisions import DivisionList, DivisionRow
from gongzhi.territory.reading.tables import Where
from gongzhi.territory.rules import plan_changes, plan_grids, plan_import
from gongzhi.territory.types import Level, NewGrid
from tests.territory import lists

C, T, V, G = Level.COUNTY, Level.TOWNSHIP, Level.COMMUNITY, Level.GRID
KNOWN = (
    (C, "330122000000", "桐庐县"),
    (T, "330122003000", "桐君街道"),
    (T, "330122101000", "富春江镇"),
    (V, "330122003001", "迎春社区居委会"),
    (V, "330122003002", "东门社区居委会"),
    (V, "330122101201", "芦茨村村委会"),
    (G, "330122003001001", "迎春社区第一网格"),
)
ON = date(2026, 1, 1)


def row(kind: str, level: Level, code: str, old: str = "", new: str = "", line: int = 2) -> ChangeRow:
    return ChangeRow(ChangeKind(kind), level, code, old, new, Where("changes.csv", line))


def listed(*divisions: tuple[Level, str, str]) -> DivisionList:
    rows = tuple(
        DivisionRow(code, name, level, Where("list.csv", n))
        for n, (level, code, name) in enumerate(divisions)
    )
    return DivisionList(rows[0], rows)


def id_of(atlas, code):
    return next(area.id for area in atlas.areas.values() if area.code == code)


def test_importing_what_is_known_plans_nothing():
    plan = plan_import(listed(*KNOWN[:6]), lists.atlas_of(KNOWN))
    assert not plan
    assert plan.unchanged == 6


def test_a_new_code_is_added_under_its_parent_and_another_name_renames():
    atlas = lists.atlas_of(KNOWN)
    changed = [*KNOWN[:5], (V, "330122101201", "芦茨新村村委会"), (V, "330122101202", "茆坪村村委会")]
    plan = plan_import(listed(*changed), atlas)
    assert [(new.name, new.parent) for new in plan.additions] == [
        ("茆坪村村委会", id_of(atlas, "330122101000"))
    ]
    assert [one.name for one in plan.renamings] == ["芦茨新村村委会"]


def test_it_refuses_a_list_with_a_code_that_has_ended():
    atlas = lists.atlas_of(KNOWN, former_codes={(V, "330122003009"): "330122003002"})
    with pytest.raises(Refused, match="330122003009"):
        plan_import(listed(*KNOWN[:6], (V, "330122003009", "东门社区居委会")), atlas)


def test_it_refuses_a_list_with_a_former_name():
    was = Named("城东社区居委会", Period(None, date(2025, 1, 1)))
    atlas = lists.atlas_of(KNOWN, former_names={"330122003002": was})
    with pytest.raises(Refused, match="城东社区居委会"):
        plan_import(listed(*KNOWN[:4], (V, "330122003002", "城东社区居委会")), atlas)


def test_removed_and_added_under_one_name_is_the_same_area_with_another_code():
    atlas = lists.atlas_of(KNOWN)
    plan = plan_changes(
        [
            row("removed", V, "330122003002", old="东门社区居委会"),
            row("added", V, "330122003012", new="东门社区居民委员会"),
        ],
        atlas,
        ON,
    )
    assert [(one.area, one.code) for one in plan.recodings] == [
        (id_of(atlas, "330122003002"), "330122003012")
    ]
    assert [one.name for one in plan.renamings] == ["东门社区居民委员会"]
    assert not plan.endings
    assert not plan.additions


def test_the_villages_of_a_recoded_township_move_along():
    atlas = lists.atlas_of(KNOWN)
    plan = plan_changes(
        [
            row("removed", T, "330122101000", old="富春江镇"),
            row("added", T, "330122110000", new="富春江镇"),
            row("removed", V, "330122101201", old="芦茨村村委会"),
            row("added", V, "330122110201", new="芦茨村村委会"),
        ],
        atlas,
        ON,
    )
    assert {one.code for one in plan.recodings} == {"330122110000", "330122110201"}
    assert not plan.endings


def test_the_same_name_under_another_township_is_another_area():
    plan = plan_changes(
        [
            row("removed", V, "330122101201", old="芦茨村村委会"),
            row("added", V, "330122003201", new="芦茨村村委会"),
        ],
        lists.atlas_of(KNOWN),
        ON,
    )
    assert not plan.recodings
    assert (len(plan.endings), len(plan.additions)) == (1, 1)


def test_of_two_new_ones_of_the_same_name_neither_is_taken_for_the_old_one():
    plan = plan_changes(
        [
            row("removed", V, "330122003002", old="东门社区居委会"),
            row("added", V, "330122003012", new="东门社区居委会"),
            row("added", V, "330122003013", new="东门社区居民委员会"),
        ],
        lists.atlas_of(KNOWN),
        ON,
    )
    assert (len(plan.recodings), len(plan.endings), len(plan.additions)) == (0, 1, 2)


def test_a_grid_ends_with_its_community():
    atlas = lists.atlas_of(KNOWN)
    plan = plan_changes([row("removed", V, "330122003001", old="迎春社区居委会")], atlas, ON)
    assert set(plan.endings) == {id_of(atlas, "330122003001"), id_of(atlas, "330122003001001")}


def test_a_new_township_takes_its_villages_in_the_same_list():
    plan = plan_changes(
        [
            row("added", T, "330122102000", new="横村镇"),
            row("added", V, "330122102201", new="阳山畈村村委会"),
        ],
        lists.atlas_of(KNOWN),
        ON,
    )
    town, village = plan.additions
    assert village.parent == town.id


def test_a_list_applied_before_changes_nothing():
    now_called = [
        (V, "330122003002", "东门口社区居委会") if one[1] == "330122003002" else one for one in KNOWN
    ]
    plan = plan_changes(
        [
            row("renamed", V, "330122003002", "东门社区居委会", "东门口社区居委会"),
            row("added", V, "330122101201", new="芦茨村村委会"),
        ],
        lists.atlas_of(now_called),
        ON,
    )
    assert not plan
    assert plan.unchanged == 2


def test_a_removed_code_we_never_had_is_told_and_does_no_harm():
    plan = plan_changes([row("removed", V, "330122003099", old="某社区居委会")], lists.atlas_of(KNOWN), ON)
    assert not plan
    assert plan.unknown == ["330122003099"]


@pytest.mark.parametrize(
    "change",
    [
        row("renamed", V, "330122003099", "某社区居委会", "某某社区居委会", line=7),
        row("renamed", V, "330122003002", "西门社区居委会", "南门社区居委会", line=7),
        row("removed", V, "330122003002", old="西门社区居委会", line=7),
        row("added", V, "330122003002", new="西门社区居委会", line=7),
        row("added", V, "330122109201", new="无镇村村委会", line=7),
        row("removed", T, "330122101000", old="富春江镇", line=7),
        row("removed", C, "330122000000", old="桐庐县", line=7),
    ],
    ids=[
        "unknown",
        "other name",
        "ends another",
        "code taken",
        "no township",
        "leaves villages",
        "the county itself",
    ],
)
def test_it_refuses_what_cannot_be_and_names_the_line(change):
    with pytest.raises(Refused) as refusal:
        plan_changes([change], lists.atlas_of(KNOWN), ON)
    assert refusal.value.params["line"] == 7


def test_it_refuses_a_list_older_than_the_last_change():
    was = Named("城东社区居委会", Period(None, date(2026, 3, 1)))
    atlas = lists.atlas_of(KNOWN, former_names={"330122003002": was})
    with pytest.raises(Refused, match="2026-03-01"):
        plan_changes([row("removed", V, "330122003002", old="东门社区居委会")], atlas, ON)


def test_a_grid_gets_the_code_of_its_community_and_three_digits():
    plan = plan_grids([NewGrid("330122101201", 2, "芦茨村第二网格")], lists.atlas_of(KNOWN))
    assert [new.code for new in plan.additions] == ["330122101201002"]


@pytest.mark.parametrize(
    ("grids", "code"),
    [
        ([NewGrid("330122101299", 1, "某网格")], "unknown_community"),
        ([NewGrid("330122101201", 0, "某网格")], "bad_grid"),
        ([NewGrid("330122101201", 1000, "某网格")], "bad_grid"),
        ([NewGrid("330122101201", 1, "一网格"), NewGrid("330122101201", 1, "另一网格")], "doubled_grid"),
    ],
)
def test_it_refuses_a_grid_that_cannot_be(grids, code):
    with pytest.raises(Refused) as refusal:
        plan_grids(grids, lists.atlas_of(KNOWN))
    assert refusal.value.code == code
