"""A few fictional cases in the demo county, each at another point of the loop, written by the real operations."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, Actor
from gongzhi.base.bounds import passing
from gongzhi.cases import operations
from gongzhi.cases.models import CaseRecord, CaseTask
from gongzhi.cases.reach import subject
from gongzhi.cases.types import Outcome
from gongzhi.programs.types import Source
from gongzhi.territory.types import Point

NAMESPACE = uuid.UUID("6f1f3c1e-5a34-4e3c-9a55-6a3f6a1d7b10")


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A fictional report: what was said, where, how long ago, and how far it has come."""

    text: str
    kind: str | None
    place: Point
    place_text: str
    minutes_ago: int
    reaches: str = ""  # accepted · assigned · under_way · resolved · closed
    agency: str = "urban_management"
    title: str = ""


def load(*, now: datetime) -> None:
    """Report every demo case that is not there yet and take it as far as it goes."""
    staff = _staff()
    for number, demo in enumerate(CASES):
        client_id = uuid.uuid5(NAMESPACE, str(number))
        if not CaseRecord.objects.filter(client_id=client_id).exists():
            _play(demo, client_id, staff, now - timedelta(minutes=demo.minutes_ago))


def _play(demo: DemoCase, client_id: uuid.UUID, staff: dict[str, Actor], at: datetime) -> None:
    receipt = operations.report_case(
        client_id=client_id,
        kind=demo.kind,
        text=demo.text,
        place=demo.place,
        place_text=demo.place_text,
        source=Source.RESIDENT,
        by=RESIDENT,
        now=at,
    )
    with passing(subject(receipt.case_id)):
        _go_on(demo, receipt.case_code, staff, at)


def _go_on(demo: DemoCase, code: str, staff: dict[str, Actor], at: datetime) -> None:
    for name in STAGES[: STAGES.index(demo.reaches) + 1 if demo.reaches else 0]:
        at += STAGE_TAKES[name]
        _take(name, code, demo, staff, at)


def _take(name: str, code: str, demo: DemoCase, staff: dict[str, Actor], at: datetime) -> None:
    centre, handler = (
        staff["dispatcher"],
        staff["handler" if demo.agency == "urban_management" else "handler2"],
    )
    if name == "accepted":
        operations.accept_case(case=code, title=demo.title, by=centre, now=at)
        return
    if name == "assigned":
        agency = accounts.organisation_by_code(demo.agency)
        assert agency is not None
        operations.assign_case(case=code, lead=agency.id, by=centre, now=at)
        return
    task = str(CaseTask.objects.get(case__code=code).id)
    if name == "under_way":
        operations.start_task(case=code, task=task, by=handler, now=at)
    elif name == "resolved":
        operations.resolve_task(case=code, task=task, by=handler, now=at, note="已到现场处理完毕。")
    else:
        operations.verify_case(case=code, passed=True, by=staff["verifier"], now=at)
        operations.close_case(
            case=code,
            outcome=Outcome.FIXED,
            by=centre,
            now=at + timedelta(minutes=2),
            reply="已处理完毕，感谢提醒。",
        )


def _staff() -> dict[str, Actor]:
    people = {
        name: accounts.person_by_username(name) for name in ("dispatcher", "handler", "handler2", "verifier")
    }
    return {name: actor.person(person.id) for name, person in people.items() if person}


STAGES = ("accepted", "assigned", "under_way", "resolved", "closed")
STAGE_TAKES = {
    "accepted": timedelta(seconds=40),
    "assigned": timedelta(seconds=70),
    "under_way": timedelta(minutes=3),
    "resolved": timedelta(minutes=18),
    "closed": timedelta(minutes=25),
}

_U, _F, _P = "urban_management", "fire", "police"

CASES = (
    DemoCase(
        "3 号楼二层楼道堆满纸箱，消防门打不开。",
        "hazards.blocked_exit",
        Point(119.6861, 29.7921),
        "幸福里小区 3 号楼",
        1,
    ),
    DemoCase("广场音响开得太大，孩子没法写作业。", "linkage.noise", Point(119.6812, 29.8100), "江滨广场", 3),
    DemoCase(
        "路口有辆货车侧翻，把整条路堵住了。",
        "linkage.blocked_road",
        Point(119.7333, 29.8455),
        "",
        6,
        "accepted",
        _P,
        "货车侧翻堵住路口",
    ),
    DemoCase("好像闻到煤气味，不知道哪家的。", None, Point(119.6872, 29.7985), "春江路 12 号附近", 2),
    DemoCase(
        "菜市场东侧井盖不见了，昨晚有人绊倒。",
        "hazards.manhole",
        Point(119.6790, 29.7960),
        "东门菜市场",
        95,
        "assigned",
        _U,
        "菜市场东侧井盖缺失",
    ),
    DemoCase(
        "楼道里好几辆电动车在充电，线从窗户拉出来。",
        "hazards.ebike_charging",
        Point(119.6866, 29.7452),
        "南苑小区 7 幢",
        180,
        "under_way",
        _F,
        "楼道内电动车飞线充电",
    ),
    DemoCase(
        "河边护栏松了，一推就晃。",
        "hazards.open_water",
        Point(119.6726, 29.6751),
        "富春江镇沿江步道",
        1500,
        "resolved",
        _U,
        "沿江步道护栏松动",
    ),
    DemoCase(
        "南苑路路灯连着三晚不亮。",
        "hazards.street_light",
        Point(119.6880, 29.7430),
        "南苑路",
        2900,
        "resolved",
        _U,
        "南苑路路灯不亮",
    ),
    DemoCase(
        "小学门口堆了一大堆建筑垃圾。",
        "hazards.dumping_near_school",
        Point(119.5584, 29.8385),
        "横村镇小学东门",
        4400,
        "closed",
        _U,
        "小学东门建筑垃圾",
    ),
    DemoCase(
        "夜市收摊后满地油污，走路打滑。",
        "linkage.broken_facility",
        Point(119.6830, 29.7990),
        "迎春南路夜市",
        6000,
        "closed",
        _U,
        "夜市路面油污",
    ),
    DemoCase(
        "外墙瓷砖在往下掉，差点砸到人。",
        "hazards.dangerous_wall",
        Point(119.8316, 29.8293),
        "江南镇老供销社",
        240,
        "assigned",
        _U,
        "老供销社外墙瓷砖脱落",
    ),
    DemoCase(
        "消防栓没水，箱子里水带也不见了。",
        "hazards.fire_equipment",
        Point(119.7652, 29.7514),
        "凤川街道工业园 4 号厂房",
        60,
        "under_way",
        _F,
        "工业园消防栓无水",
    ),
)
