"""Whatever people press, in whatever order: the loop holds."""

import random
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gongzhi.base.errors import Refused
from gongzhi.cases import rules
from gongzhi.cases.types import CaseState, CaseStatus, ClockStatus, StepKind
from tests.cases.laws import (
    DISPATCHER,
    EVERY_HAND,
    FIGHT,
    FIRE,
    HANDLER,
    LAWS,
    NOW,
    POLICE,
    UNSORTED,
    VERIFIER,
    reported,
    step,
)

K = StepKind
ACTORS = st.sampled_from([DISPATCHER, HANDLER, VERIFIER])
Press = tuple[int, str, int, int, bool]


def pressings(seed: int, length: int) -> list[Press]:
    """A run of key presses: which button, whose hand, which task, minutes since the last one, a coin."""
    dice = random.Random(seed)
    people = (DISPATCHER, HANDLER, VERIFIER)
    return [
        (
            dice.randrange(10_000),
            dice.choice(people),
            dice.randrange(6),
            dice.randint(-30, 400),
            dice.random() < 0.5,
        )
        for _ in range(length)
    ]


PRESSES = st.builds(pressings, st.integers(0, 2**32), st.integers(5, 80))


def data_of(kind: StepKind, number: int, yes: bool, state: CaseState) -> dict[str, Any]:
    tasks = [t.id for t in state.tasks] or ["none"]
    fresh = f"t{len(state.tasks)}"
    lead = {"task": fresh, "organisation": POLICE if yes else FIRE, "role": "lead"}
    extra = {"task": fresh + "s", "organisation": FIRE if yes else POLICE, "role": "supporting"}
    clocks = [c.name for c in state.clocks]
    return {
        K.ASSIGNED: {"tasks": [lead, extra] if number % 2 else [lead]},
        K.RULED: {"tasks": [lead]},
        K.TASK_ADDED: {"tasks": [extra]},
        K.SORTED: {"kind": FIGHT.key, "definition": FIGHT.sha256, "severity": "normal"},
        K.RELOCATED: {"area": "", "area_codes": [], "place": None, "cross_border": yes},
        K.DECLINED: {"door": "court"},
        K.LINKED: {"lead_case": "01900000-0000-7000-8000-0000000000ff"},
        K.CLOSED: {"outcome": "fixed"},
        K.VERDICT_GIVEN: {"solved": yes},
        K.SUSPENDED: {"until": "2030-01-01T00:00:00+00:00"},
        K.CONTENTS_HELD: {"until": "2030-01-01T00:00:00+00:00"},
        K.EXTENSION_ASKED: {
            "task": tasks[number % len(tasks)],
            "clock": "rectify",
            "value": 1,
            "unit": "hours",
        },
        K.EXTENSION_APPROVED: {"clock": "rectify", "value": 1, "unit": "hours"},
        K.CLOCK_WARNED: {"clock": clocks[number % len(clocks)]},
        K.CLOCK_BREACHED: {"clock": clocks[number % len(clocks)]},
        K.RECALCULATED: {"calendar": "test.1"},
    }.get(kind, {"task": tasks[number % len(tasks)]})


def pressed(button: int, state: CaseState) -> StepKind:
    """A step the state offers, one time in ten any step at all."""
    offered = [a.step for a in rules.ARROWS if state.status in a.start]
    moving = [a.step for a in rules.ARROWS if state.status in a.start and a.end not in (None, state.status)]
    every = [k for k in K if k is not K.REPORTED]
    if button % 7:  # these end a case at once: press them seldom
        moving = [k for k in moving if k not in (K.DECLINED, K.LINKED)]
        offered = [k for k in offered if k not in (K.DECLINED, K.LINKED)]
    choices = every if button % 10 == 0 else moving if moving and button % 2 else offered
    return choices[button // 10 % len(choices)]


def play(presses: list[Press]) -> tuple[list[Any], CaseState]:
    """Press every button; what is refused changes nothing."""
    at, steps = NOW, [reported(UNSORTED)]
    state = rules.apply(None, steps[0], LAWS)
    for button, actor, number, minutes, yes in presses:
        kind = pressed(button, state)
        at += timedelta(minutes=minutes)
        taken = step(kind, at, actor, seq=len(steps) + 1, **data_of(kind, number, yes, state))
        try:
            after = rules.next_state(state, taken, LAWS, EVERY_HAND)
        except Refused:
            continue
        assert_sound(state, after, taken.actor)
        state = after
        steps.append(taken)
    return steps, state


def assert_sound(before: CaseState, after: CaseState, actor: str) -> None:
    if after.status in rules.ENDED:
        assert all(c.status is ClockStatus.STOPPED for c in after.clocks), "no clock runs on an ended case"
    if after.status is CaseStatus.CLOSED:
        assert not any(t.open for t in after.tasks), "no closing over open tasks"
        assert set(after.verifiers) - set(after.resolvers), "somebody else has verified"
    if before.status is CaseStatus.RESOLVED and after.status is CaseStatus.VERIFIED:
        assert actor not in after.resolvers
    if after.status in (CaseStatus.ASSIGNED, CaseStatus.UNDER_WAY):
        assert after.lead_task is not None and after.lead_task.open, "somebody leads"
    leads = [t for t in after.tasks if t.open and t.role == "lead"]
    assert len(leads) <= 1, "one lead"
    for clock in after.clocks:
        assert (clock.due_at is None) == (
            clock.status is ClockStatus.PAUSED
        ) or clock.status is ClockStatus.STOPPED
        assert not clock.task or after.task(clock.task) is not None


@settings(max_examples=400, deadline=None)
@given(PRESSES)
def test_no_order_of_steps_breaks_the_loop(presses: list[Press]) -> None:
    play(presses)


@settings(max_examples=100, deadline=None)
@given(PRESSES)
def test_a_rebuild_gives_the_state_that_was_reached_step_by_step(presses: list[Press]) -> None:
    steps, state = play(presses)
    assert rules.fold(steps, LAWS) == state


@settings(max_examples=100, deadline=None)
@given(PRESSES)
def test_from_every_open_state_there_is_a_way_on(presses: list[Press]) -> None:
    _steps, state = play(presses)
    if state.status in rules.OPEN:
        leaving = [a for a in rules.ARROWS if state.status in a.start and a.end not in (None, state.status)]
        assert leaving or state.status is CaseStatus.SUSPENDED  # a suspension ends by resuming
