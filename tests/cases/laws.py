"""A small law book for the pure tests: one kind with every sort of clock, one without, one calendar."""

from datetime import UTC, date, datetime, time

from gongzhi.base.calendar import WorkingCalendar
from gongzhi.cases.rules import Hand, Laws
from gongzhi.cases.types import CaseState, Step, StepKind
from gongzhi.programs.types import (
    CaseKind,
    ClockProfile,
    ClockScope,
    DispatchRule,
    Limit,
    LimitRule,
    LimitUnit,
    Severity,
    Source,
    Subject,
    Text,
    Verification,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
CALENDAR = WorkingCalendar("test.1", frozenset(), frozenset(), ((time(9), time(12)), (time(14), time(18))))

RESIDENT = "resident"
DISPATCHER = "person:01900000-0000-7000-8000-000000000001"
HANDLER = "person:01900000-0000-7000-8000-000000000002"
VERIFIER = "person:01900000-0000-7000-8000-000000000003"
SYSTEM = "system"
POLICE = "01900000-0000-7000-8000-0000000000a1"
FIRE = "01900000-0000-7000-8000-0000000000a2"
EVERY_HAND = frozenset(Hand)


def text(words: str) -> Text:
    return Text({"zh-hans": words})


def clock(name: str, starts: str, stops: str, value: int, unit: LimitUnit, **more: object) -> ClockProfile:
    return ClockProfile(
        name=name,
        title=text(name),
        scope=more.pop("scope", ClockScope.CASE),  # type: ignore[arg-type]
        starts=tuple(starts.split()),
        stops=tuple(stops.split()),
        limits=(LimitRule(Limit(1, LimitUnit.MINUTES), severity="serious"), LimitRule(Limit(value, unit))),
        **more,  # type: ignore[arg-type]
    )


FIGHT = CaseKind(
    key="linkage.fight",
    program="linkage",
    version="1",
    effective_from=date(2026, 1, 1),
    title=text("打架"),
    subject=Subject.PUBLIC_SAFETY,
    sources=tuple(Source),
    clocks=(
        clock("respond", "reported reopened", "accepted responded", 1, LimitUnit.MINUTES, warn_at=(50,)),
        clock("start", "reported", "started arrived", 5, LimitUnit.MINUTES),
        clock("feed_back", "reported", "fed_back", 30, LimitUnit.MINUTES, pauses=False),
        clock(
            "rectify",
            "assigned rework_ordered",
            "resolved",
            2,
            LimitUnit.WORKING_DAYS,
            scope=ClockScope.TASK,
            warn_at=(50, 80),
            extendable=True,
        ),
    ),
    dispatch=(DispatchRule("police", text("公安牵头")),),
    verification=Verification("verifier", "call_back"),
    severities=(Severity("normal", text("一般")), Severity("serious", text("严重"))),
    sha256="a" * 64,
)
UNSORTED = CaseKind(
    key="intake.unsorted",
    program="intake",
    version="1",
    effective_from=date(2026, 1, 1),
    title=text("未分类"),
    subject=Subject.SERVICE,
    sources=tuple(Source),
    clocks=(clock("respond", "reported", "accepted responded", 1, LimitUnit.MINUTES),),
    dispatch=(),
    verification=Verification("verifier", "call_back"),
    severities=(Severity("normal", text("一般")),),
    sha256="b" * 64,
)

LAWS = Laws({k.sha256: k for k in (FIGHT, UNSORTED)}.__getitem__, {"test.1": CALENDAR}.__getitem__)


def reported(kind: CaseKind = FIGHT, at: datetime = NOW) -> Step:
    data = {
        "client_id": "01900000-0000-7000-8000-0000000000c1",
        "kind": kind.key,
        "definition": kind.sha256,
        "severity": "normal",
        "calendar": "test.1",
        "source": "resident",
        "area": "",
        "area_codes": [],
        "place": [1196900000, 297900000],
        "cross_border": False,
        "drill": False,
    }
    return Step(StepKind.REPORTED, RESIDENT, at, at, data, (), 1)


def step(what: StepKind, /, at: datetime, actor: str = DISPATCHER, seq: int = 0, **data: object) -> Step:
    return Step(what, actor, at, at, data, (), seq)


def given(task: str, organisation: str, role: str = "lead") -> dict[str, str]:
    return {"task": task, "organisation": organisation, "role": role}


def clock_of(state: CaseState, name: str, task: str = "") -> object:
    return next(c for c in reversed(state.clocks) if c.name == name and c.task == task)
