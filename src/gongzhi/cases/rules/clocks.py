"""Clocks: which steps start, pause and stop them, when they are due, and how they were kept.

Verdicts come from the times of steps alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from gongzhi.base.calendar import Due, WorkingCalendar, due_at, share_at
from gongzhi.cases.types import (
    CaseState,
    CaseStatus,
    ClockState,
    ClockStatus,
    Step,
    StepKind,
    TaskRole,
    Verdict,
)
from gongzhi.programs.types import CaseKind, ClockProfile, ClockScope, Limit

Kinds = Callable[[str], CaseKind]

ENDINGS = (CaseStatus.CLOSED, CaseStatus.DECLINED, CaseStatus.LINKED)
# Declining a report or joining it to another answers it: it stops what an acceptance would stop.
ANSWERS = {StepKind.DECLINED, StepKind.LINKED}
ANSWERED_BY = {StepKind.ACCEPTED, StepKind.RESPONDED}
NOT_KEPT = {StepKind.RESOLVED, StepKind.CLOSED}  # ended without the step that was promised: nobody can tell


def advance(
    before: CaseState | None, after: CaseState, step: Step, kinds: Kinds, calendar: WorkingCalendar
) -> CaseState:
    """The state with its clocks moved on by one step."""
    kind = kinds(after.definition)
    clocks = after.clocks
    clocks = tuple(_stopped(c, step, kinds) for c in clocks)
    clocks = tuple(_ended(c, after, step) for c in clocks)
    clocks = tuple(_paused(c, step, kinds) for c in clocks)
    clocks = clocks + tuple(_opened(before, after, step, kind, clocks))
    clocks = tuple(_bookkept(c, step) for c in clocks)
    state = replace(after, clocks=clocks)
    if _moves_due_times(before, state, step):
        state = replace(state, clocks=tuple(_timed(c, state, kinds, calendar) for c in state.clocks))
    return state


def profile_of(clock: ClockState, kinds: Kinds) -> ClockProfile:
    """The profile a clock runs under, in the definition it was started from."""
    return next(p for p in kinds(clock.definition).clocks if p.name == clock.name)


def limit_of(profile: ClockProfile, severity: str, area_codes: tuple[str, ...]) -> Limit:
    """The first limit of a profile that fits the severity and any of the area's codes."""
    for rule in profile.limits:
        fits_area = rule.area_code is None or any(code.startswith(rule.area_code) for code in area_codes)
        if rule.severity in (None, severity) and fits_area:
            return rule.limit
    return profile.limits[-1].limit


def working(clock: ClockState, state: CaseState, kinds: Kinds, calendar: WorkingCalendar) -> Due:
    """When a clock is due and the working behind it, line by line."""
    limit = limit_of(profile_of(clock, kinds), state.severity, state.area_codes)
    pauses = tuple((start, end) for start, end in clock.pauses if end is not None)
    return due_at(
        clock.started_at, limit.value, limit.unit, calendar, pauses=pauses, extensions=clock.extensions
    )


def judge(started_at: datetime, stopped_at: datetime, due: datetime | None) -> Verdict:
    """Met, breached, or unknown when the times contradict each other."""
    if due is None or stopped_at < started_at:
        return Verdict.UNKNOWN
    return Verdict.MET if stopped_at <= due else Verdict.BREACHED


def _live(clock: ClockState) -> bool:
    return clock.status is not ClockStatus.STOPPED


def _stopped(clock: ClockState, step: Step, kinds: Kinds) -> ClockState:
    if not _live(clock) or not _touches(clock, step):
        return clock
    stops = profile_of(clock, kinds).stops
    answered = step.kind in ANSWERS and bool(ANSWERED_BY.intersection(stops))
    if step.kind not in stops and not answered:
        return clock
    return replace(
        clock,
        status=ClockStatus.STOPPED,
        stopped_at=step.happened_at,
        stopped_by=step.kind,
        verdict=judge(clock.started_at, step.happened_at, clock.due_at),
    )


def _touches(clock: ClockState, step: Step) -> bool:
    return not clock.task or step.data.get("task") in (None, clock.task)


def _ended(clock: ClockState, after: CaseState, step: Step) -> ClockState:
    """A clock whose task or case ended without the step it waits for: unknown if the work was claimed done."""
    task = after.task(clock.task) if clock.task else None
    over = after.status in ENDINGS or (task is not None and not task.open)
    if not _live(clock) or not over:
        return clock
    verdict = Verdict.UNKNOWN if step.kind in NOT_KEPT else None
    return replace(
        clock, status=ClockStatus.STOPPED, stopped_at=step.happened_at, stopped_by="ended", verdict=verdict
    )


def _paused(clock: ClockState, step: Step, kinds: Kinds) -> ClockState:
    if (
        step.kind is StepKind.SUSPENDED
        and clock.status is ClockStatus.RUNNING
        and profile_of(clock, kinds).pauses
    ):
        pauses = (*clock.pauses, (step.happened_at, None))
        return replace(clock, status=ClockStatus.PAUSED, due_at=None, warn_ats=(), pauses=pauses)
    if step.kind is StepKind.RESUMED and clock.status is ClockStatus.PAUSED:
        pauses = (*clock.pauses[:-1], (clock.pauses[-1][0], step.happened_at))
        return replace(clock, status=ClockStatus.RUNNING, pauses=pauses)
    return clock


def _opened(
    before: CaseState | None, after: CaseState, step: Step, kind: CaseKind, clocks: tuple[ClockState, ...]
) -> Iterator[ClockState]:
    for profile in kind.clocks:
        for task, started_at in _starts(profile, before, after, step):
            rounds = [c for c in clocks if c.name == profile.name and c.task == task]
            if rounds and (_live(rounds[-1]) or step.kind is StepKind.SORTED):
                continue
            yield ClockState(
                name=profile.name,
                definition=kind.sha256,
                task=task,
                round=len(rounds) + 1,
                started_at=started_at,
                due_at=None,
                status=ClockStatus.RUNNING,
            )


def _starts(
    profile: ClockProfile, before: CaseState | None, after: CaseState, step: Step
) -> Iterator[tuple[str, datetime]]:
    """The (task, start) pairs this step begins counting for a profile."""
    if after.status in ENDINGS:
        return
    newly_sorted = step.kind is StepKind.SORTED or (
        before is not None and before.definition != after.definition
    )
    if profile.scope is ClockScope.CASE:
        if step.kind in profile.starts and not _of_a_supporter(after, step):
            yield "", step.happened_at
        elif newly_sorted and StepKind.REPORTED in profile.starts:
            yield "", after.reported_at
        return
    for entry in step.data.get("tasks", ()):
        if StepKind.REPORTED in profile.starts:
            yield entry["task"], after.reported_at
        elif StepKind.ASSIGNED in profile.starts:
            yield entry["task"], step.happened_at
    yield from _task_restarts(profile, after, step)


def _of_a_supporter(state: CaseState, step: Step) -> bool:
    """A supporting agency's step starts no clock of the case: the lead's does."""
    task = state.task(str(step.data.get("task", "")))
    return task is not None and task.role is TaskRole.SUPPORTING


def _task_restarts(profile: ClockProfile, after: CaseState, step: Step) -> Iterator[tuple[str, datetime]]:
    if step.kind not in profile.starts or "tasks" in step.data or step.kind is StepKind.REPORTED:
        return
    lead = after.lead_task
    task = step.data.get("task") or (lead.id if lead else "")
    if task:
        yield task, step.happened_at


def _bookkept(clock: ClockState, step: Step) -> ClockState:
    named = step.data.get("clock") == clock.name and step.data.get("round", clock.round) == clock.round
    other_task = clock.task and step.data.get("task") not in (None, "", clock.task)
    if not named or other_task or not _live(clock):
        return clock
    if step.kind is StepKind.CLOCK_WARNED:
        return replace(clock, warned=clock.warned + 1)
    if step.kind is StepKind.CLOCK_BREACHED:
        return replace(clock, breach_recorded=True, warned=len(clock.warn_ats))
    if step.kind is StepKind.EXTENSION_APPROVED:
        extensions = (*clock.extensions, (step.data["value"], step.data["unit"]))
        return replace(clock, extensions=extensions, breach_recorded=False, warned=0)
    return clock


def _moves_due_times(before: CaseState | None, after: CaseState, step: Step) -> bool:
    if before is None or step.kind in (StepKind.RESUMED, StepKind.RECALCULATED, StepKind.EXTENSION_APPROVED):
        return True
    changed = (before.severity, before.area_codes) != (after.severity, after.area_codes)
    return changed or len(before.clocks) != len(after.clocks)


def _timed(clock: ClockState, state: CaseState, kinds: Kinds, calendar: WorkingCalendar) -> ClockState:
    if clock.status is not ClockStatus.RUNNING:
        return clock
    profile = profile_of(clock, kinds)
    limit = limit_of(profile, state.severity, state.area_codes)
    counted = (calendar, _ended_pauses(clock), clock.extensions)
    warn_ats = tuple(
        share_at(clock.started_at, limit.value, limit.unit, share, *counted) for share in profile.warn_at
    )
    return replace(
        clock, due_at=due_at(clock.started_at, limit.value, limit.unit, *counted).at, warn_ats=warn_ats
    )


def _ended_pauses(clock: ClockState) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((start, end) for start, end in clock.pauses if end is not None)
