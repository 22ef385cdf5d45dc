"""Which rule dispatches, which limit fits, which kind a text speaks of."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from gongzhi.base.calendar import LOCAL
from gongzhi.programs import rules
from gongzhi.programs.loader import read_folder
from gongzhi.programs.reading.clocks import area_prefix
from gongzhi.programs.types import Limit, LimitUnit
from tests.programs.conftest import KIND, Write

LOADED = read_folder(Path(__file__).resolve().parents[2] / "programs")
KINDS = {kind.key: kind for kind in LOADED.kinds}
HERE = ("330122000000", "330122001000", "330122001003")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("at", "lead"),
    [
        ("2026-11-23 21:59", "urban_management"),
        ("2026-11-23 22:00", "police"),
        ("2026-11-24 03:00", "police"),
        ("2026-11-24 06:00", "urban_management"),
    ],
)
def test_noise_goes_to_the_police_at_night_and_to_urban_management_by_day(at: str, lead: str) -> None:
    rule = rules.dispatch(KINDS["linkage.noise"], HERE, "general", local(at))
    assert rule is not None and rule.lead == lead and str(rule.reason)


def test_severity_chooses_the_rule() -> None:
    rule = rules.dispatch(KINDS["linkage.water"], HERE, "urgent", local("2026-11-23 10:00"))
    assert rule is not None and rule.lead == "emergency_management"


def test_the_township_centre_is_filled_in_from_the_place() -> None:
    rule = rules.dispatch(KINDS["linkage.help_needed"], HERE, "general", local("2026-11-23 10:00"))
    assert rule is not None and rule.lead == "centre.330122001"


def test_without_a_known_township_the_next_rule_is_taken() -> None:
    kind = KINDS["linkage.help_needed"]
    rule = rules.dispatch(kind, ("330122000000",), "general", local("2026-11-23 10:00"))
    assert rule is not None and rule.lead == "civil_affairs"
    gas = rules.dispatch(KINDS["linkage.gas_smell"], (), "urgent", local("2026-11-23 10:00"))
    assert gas is not None and gas.supporting == ("housing", "police")


def test_a_township_is_filled_in_for_those_always_called_in() -> None:
    kind = KINDS["linkage.gas_smell"]
    rule = replace(kind.dispatch[0], must_support=("centre.{township}", "fire"))
    placed = rules.dispatch(replace(kind, dispatch=(rule,)), HERE, "urgent", local("2026-11-23 10:00"))
    assert placed is not None and placed.must_support == ("centre.330122001", "fire")


def test_a_rule_for_an_area_fits_everything_inside_it(write: Write) -> None:
    text = KIND.replace(
        "  - lead: water",
        '  - lead: housing\n    areas: ["330122001000"]\n    reason: 城区归住建。\n  - lead: water',
    )
    kind = read_folder(write(text)).kinds[0]
    noon = local("2026-11-23 12:00")
    inside, outside = ("330122001003",), ("330122002001",)
    assert [
        rule.lead for codes in (inside, outside) if (rule := rules.dispatch(kind, codes, "general", noon))
    ] == [
        "housing",
        "water",
    ]


def test_the_first_limit_that_fits_is_taken(write: Write) -> None:
    limits = (
        'limits: [{severity: grave, limit: 1 小时}, {area: "330122002", limit: 2 工作日}, {limit: 3 工作日}]'
    )
    clock = read_folder(write(KIND.replace("limit: 5 分钟", limits))).kinds[0].clocks[0]
    assert rules.limit_for(clock, "grave", HERE) == Limit(1, LimitUnit.HOURS)
    assert rules.limit_for(clock, "general", HERE) == Limit(3, LimitUnit.WORKING_DAYS)
    assert rules.limit_for(clock, "general", ("330122002005",)) == Limit(2, LimitUnit.WORKING_DAYS)


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("330122000000", "330122"),
        ("330122001000", "330122001"),
        ("330122001003", "330122001003"),
        ("330122100000", "330122100"),
        ("330100", "3301"),
        ("330000", "33"),
        ("330122", "330122"),
    ],
)
def test_a_division_code_is_cut_to_its_own_level(code: str, prefix: str) -> None:
    assert area_prefix(code) == prefix


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("楼下有人打架，快来", "linkage.quarrel"),
        ("三楼着火了，好大的浓烟", "emergency.fire_or_explosion"),
        ("人行道上井盖没了", "hazards.manhole"),
        ("电动车推进楼道充电，飞线充电", "hazards.ebike_charging"),
        ("路灯不亮好几天了", "hazards.street_light"),
        ("半夜施工噪音太吵", "linkage.noise"),
        ("厨房有燃气味", "linkage.gas_smell"),
        ("老人走失了，帮忙找找", "linkage.lost_or_found"),
        ("追尾了，有人受伤", "emergency.traffic_accident"),
    ],
)
def test_keywords_suggest_a_kind(text: str, key: str) -> None:
    kind = rules.suggest(text, LOADED.kinds)
    assert kind is not None and kind.key == key


def test_a_text_without_keywords_suggests_nothing() -> None:
    assert rules.suggest("你好，想问一下", LOADED.kinds) is None
