"""Plays recorded calls: every step at its own time, by the operations themselves, as the engine."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import Actor, person
from gongzhi.cases import operations as cases
from gongzhi.cases import queries
from gongzhi.cases.pictures import CasePicture, ClockPicture
from gongzhi.cases.types import Verdict
from gongzhi.exchange.replay.calls import CLOCKS, Call, Judged, Unit
from gongzhi.programs.types import Source

NAMESPACE = uuid.UUID("0f6d1c52-8e0b-5a37-8d1f-4a3b6f2c9d10")
KIND, LEAD = "sf_calls.call", "fire"
STAGES = ("assigned", "started", "arrived", "resolved")


@dataclass(frozen=True, slots=True)
class Moment:
    """A unit's step: when it was noted (never before the unit's step before), and when it says it happened."""

    noted_at: datetime
    order: int
    stage: str
    unit: Unit
    happened_at: datetime


class Station:
    """The people who take the call and send the units."""

    def __init__(self) -> None:
        self.fire = _organisation(LEAD)
        self.dispatcher, self.crew = _person("dispatcher"), _person("handler2")
        assert self.dispatcher.person_id is not None
        self.eyes = self.dispatcher.person_id

    def play(self, call: Call) -> list[Judged]:
        """One call from the first ring to the last unit back, and how its clocks judge."""
        code = self._open(call)
        tasks: dict[str, str] = {}
        now = call.entered
        for step in moments(call):
            now = max(now, step.noted_at)
            self._take(code, step, tasks, now)
        scope = accounts.scope_of(self.eyes, now.date())
        return list(judged(call, queries.case_picture(scope, code, now), tasks))

    def _open(self, call: Call) -> str:
        receipt = cases.report_case(
            client_id=uuid.uuid5(NAMESPACE, call.number),
            kind=KIND,
            text=call.kind,
            source=Source.HOTLINE,
            by=self.dispatcher,
            now=call.received,
        )
        cases.accept_case(case=receipt.case_code, by=self.dispatcher, now=call.entered)
        return receipt.case_code

    def _take(self, code: str, step: Moment, tasks: dict[str, str], now: datetime) -> None:
        name = step.unit.name
        if step.stage == "assigned":
            tasks[name] = self._send(code, step, now, first=not tasks)
            return
        operation = {"started": cases.start_task, "resolved": cases.resolve_task}.get(step.stage)
        if operation is not None:
            operation(case=code, task=tasks[name], by=self.crew, now=now, happened_at=step.happened_at)
        else:
            cases.mark_milestone(
                case=code,
                milestone="arrive",
                task=tasks[name],
                by=self.crew,
                now=now,
                happened_at=step.happened_at,
            )

    def _send(self, code: str, step: Moment, now: datetime, *, first: bool) -> str:
        by, at, unit = self.dispatcher, step.happened_at, step.unit.name
        if first:
            return cases.assign_case(case=code, lead=self.fire, teams=[unit], by=by, now=now, happened_at=at)[
                0
            ]
        return cases.add_task(case=code, organisation=self.fire, team=unit, by=by, now=now, happened_at=at)


def moments(call: Call) -> list[Moment]:
    """Every step of every unit in the order it is noted; a time that runs backwards is noted late, as it stands."""
    return sorted(
        (moment for unit in call.units for moment in _of_unit(unit)),
        key=lambda m: (m.noted_at, m.order, m.unit.name),
    )


def _of_unit(unit: Unit) -> Iterator[Moment]:
    noted_at = unit.dispatched
    times = (unit.dispatched, unit.responded, unit.arrived, unit.available)
    for order, (stage, at) in enumerate(zip(STAGES, times, strict=True)):
        if at is not None:
            noted_at = max(noted_at, at)
            yield Moment(noted_at, order, stage, unit, at)


def judged(call: Call, picture: CasePicture, tasks: dict[str, str]) -> Iterator[Judged]:
    """What the case says of each clock of each unit."""
    by_task = {task.id: {clock.name: clock for clock in task.clocks} for task in picture.tasks}
    for unit in call.units:
        for name in CLOCKS:
            clock = by_task[tasks[unit.name]].get(name)
            yield Judged(call.number, unit.name, name, *_reading(clock))


def _reading(clock: ClockPicture | None) -> tuple[int | None, str]:
    """Seconds and verdict; a clock that never started, or never stopped, tells nothing."""
    if clock is None or clock.stopped_at is None or clock.verdict in (None, Verdict.UNKNOWN):
        return None, Verdict.UNKNOWN.value
    return round((clock.stopped_at - clock.started_at).total_seconds()), str(clock.verdict)


def _organisation(code: str) -> uuid.UUID:
    found = accounts.organisation_by_code(code)
    if found is None:
        raise LookupError(f"the demo has no agency {code}")
    return found.id


def _person(username: str) -> Actor:
    found = accounts.person_by_username(username)
    if found is None:
        raise LookupError(f"the demo has nobody called {username}")
    return person(found.id)
