"""Tells a story to the rules of cases: each line becomes a step, and what must be refused is refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from gongzhi.base import calendars
from gongzhi.base.errors import Refused
from gongzhi.cases import rules
from gongzhi.cases.rules import Hand, Laws
from gongzhi.cases.types import CaseState, CaseStatus, ClockState, ClockStatus, Step, StepKind, TaskState
from gongzhi.programs.situations import Happening, Situation
from gongzhi.programs.types import CaseKind

HANDS: Mapping[str, set[Hand]] = {
    "resident": {Hand.REPORTER},
    "grid_worker": {Hand.HANDLER},
    "dispatcher": {Hand.CENTRE},
    "handler": {Hand.HANDLER, Hand.VERIFIER},  # may hold both roles; the rules keep them apart on one case
    "supporter": {Hand.HANDLER},
    "verifier": {Hand.VERIFIER},
    "centre_head": {Hand.CENTRE, Hand.HEAD},
    "system": {Hand.SYSTEM},
}
GIVES_TASKS = ("assigned", "task_added", "ruled")
NEEDS_TASK = ("delegated", "returned", "started", "arrived", "resolved", "task_withdrawn", "extension_asked")


def tell(story: Situation, kinds: Mapping[str, CaseKind]) -> CaseState:
    """The case at the end of the story."""
    by_digest = {kind.sha256: kind for kind in kinds.values()}
    calendar = calendars.shipped().calendar
    laws = Laws(kind=by_digest.__getitem__, calendar=lambda version: calendar)
    state = rules.apply(None, _report(story, kinds[story.kind], calendar.version), laws)
    for seq, happening in enumerate(story.when, 2):
        step = _step(happening, state, kinds, seq)
        state = _take(state, step, laws, happening)
    return state


def holder(state: CaseState) -> str:
    """Who has to move next."""
    if state.status is CaseStatus.RESOLVED:
        return "verifier"
    lead = state.lead_task
    return lead.organisation if lead is not None and lead.open else "centre"


def clock(state: CaseState, name: str, organisation: str) -> ClockState:
    """The latest round of a clock, of the case or of an organisation's task."""
    tasks = {task.id for task in state.tasks if not organisation or task.organisation == organisation}
    found = [c for c in state.clocks if c.name == name and (not c.task or c.task in tasks)]
    assert found, f"no clock {name} runs; there are {sorted({c.name for c in state.clocks})}"
    return found[-1]


def outcome(state: ClockState) -> str:
    """met, breached, unknown, running, paused, or ended without the step it waited for."""
    if state.status is not ClockStatus.STOPPED:
        return str(state.status)
    return str(state.verdict) if state.verdict else "ended"


def _take(state: CaseState, step: Step, laws: Laws, happening: Happening) -> CaseState:
    hands = frozenset(HANDS[happening.by])
    if happening.refused:
        with pytest.raises(Refused):
            rules.next_state(state, step, laws, hands)
        return state
    return rules.next_state(state, step, laws, hands)


def _report(story: Situation, kind: CaseKind, calendar: str) -> Step:
    data = {
        "client_id": "story",
        "kind": kind.key,
        "definition": kind.sha256,
        "severity": story.given.severity or kind.severities[0].key,
        "calendar": calendar,
        "source": story.given.source,
        "area_codes": list(story.given.areas),
    }
    return Step(StepKind.REPORTED, "resident", story.given.reported_at, story.given.reported_at, data, seq=1)


# A story is about times and hands: the evidence a kind requires is taken to be there.
EVIDENCE = (("note", "", ""), ("photo", "", ""))


def _step(happening: Happening, state: CaseState, kinds: Mapping[str, CaseKind], seq: int) -> Step:
    data = {**_said(happening, state, kinds), **_tasks(happening, seq)}
    return Step(
        StepKind(happening.step), f"person:{happening.by}", happening.at, happening.at, data, EVIDENCE, seq
    )


def _tasks(happening: Happening, seq: int) -> dict[str, Any]:
    if happening.step not in GIVES_TASKS:
        return {}
    named = [("lead", happening.to)] if happening.to else []
    named += [("supporting", code) for code in happening.supporting]
    return {"tasks": [{"task": f"{seq}.{code}", "role": role, "organisation": code} for role, code in named]}


def _task(happening: Happening, state: CaseState) -> TaskState | None:
    mine = [task for task in state.tasks if task.organisation == happening.task]
    return mine[-1] if mine else state.lead_task


def _said(happening: Happening, state: CaseState, kinds: Mapping[str, CaseKind]) -> dict[str, Any]:
    data: dict[str, Any] = dict(happening.said)
    if "kind" in data:
        data["definition"] = kinds[data["kind"]].sha256
    if "solved" in data:
        data["solved"] = data["solved"] in ("yes", "true")
    if happening.until is not None:
        data["until"] = happening.until.isoformat()
    if happening.step.startswith("appointment"):
        data |= {"appointment": "a1", "way": "visit", "at": data.pop("until", "")}
    if happening.step == "right_answered":
        data["granted"] = data.pop("solved", True)
    if happening.extension is not None:
        data |= {"value": happening.extension.value, "unit": happening.extension.unit.value}
    if happening.clock:
        data["clock"] = happening.clock
    if happening.step in NEEDS_TASK and (task := _task(happening, state)) is not None:
        data["task"] = task.id
    return data
