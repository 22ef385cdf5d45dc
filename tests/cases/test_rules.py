"""The lifecycle and its clocks, decided without a database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.cases import rules
from gongzhi.cases.rules import Hand
from gongzhi.cases.types import CaseState, CaseStatus, ClockStatus, Step, StepKind, Verdict
from gongzhi.programs.types import Evidence, Verification
from tests.cases.laws import (
    DISPATCHER,
    EVERY_HAND,
    FIGHT,
    FIRE,
    HANDLER,
    LAWS,
    NOW,
    POLICE,
    SYSTEM,
    UNSORTED,
    VERIFIER,
    clock_of,
    given,
    reported,
    step,
    text,
)

K = StepKind
MINUTE = timedelta(minutes=1)


def story(*steps: Step, first: Step | None = None) -> CaseState:
    """The state after a report and these steps, each checked."""
    state = rules.apply(None, first or reported(), LAWS)
    for taken in steps:
        state = rules.next_state(state, taken, LAWS, EVERY_HAND)
    return state


def assigned(*more: Step) -> CaseState:
    return story(
        step(K.ACCEPTED, NOW + MINUTE / 2),
        step(K.ASSIGNED, NOW + MINUTE, tasks=[given("t1", POLICE), given("t2", FIRE, "supporting")]),
        *more,
    )


def resolved(*more: Step) -> CaseState:
    return assigned(
        step(K.STARTED, NOW + 2 * MINUTE, HANDLER, task="t1"),
        step(K.RESOLVED, NOW + 20 * MINUTE, HANDLER, task="t1"),
        step(K.RESOLVED, NOW + 21 * MINUTE, HANDLER, task="t2"),
        *more,
    )


def test_a_report_goes_all_the_way_round() -> None:
    state = resolved(
        step(K.FED_BACK, NOW + 22 * MINUTE),
        step(K.VERIFIED, NOW + 25 * MINUTE, VERIFIER),
        step(K.CLOSED, NOW + 26 * MINUTE, DISPATCHER, outcome="fixed"),
    )
    assert state.status is CaseStatus.CLOSED
    assert {c.name: c.verdict for c in state.clocks if not c.task} == {
        "respond": Verdict.MET,
        "start": Verdict.MET,
        "feed_back": Verdict.MET,
    }
    assert all(c.status is ClockStatus.STOPPED for c in state.clocks)


def test_the_resolver_never_verifies() -> None:
    with pytest.raises(NotAllowed, match=r".") as refused:
        resolved(step(K.VERIFIED, NOW + 25 * MINUTE, HANDLER))
    assert refused.value.code == "own_work"


def test_a_case_does_not_close_over_open_tasks() -> None:
    state = assigned(step(K.STARTED, NOW, HANDLER, task="t1"), step(K.RESOLVED, NOW, HANDLER, task="t1"))
    with pytest.raises(Refused) as refused:
        rules.check(state, step(K.VERIFIED, NOW, VERIFIER), EVERY_HAND, FIGHT)
    assert refused.value.code == "open_tasks"


def test_the_second_return_goes_to_a_ruling_that_binds() -> None:
    once = assigned(
        step(K.TASK_WITHDRAWN, NOW + MINUTE, task="t2"),
        step(K.RETURNED, NOW + 2 * MINUTE, HANDLER, task="t1"),
    )
    assert once.status is CaseStatus.RETURNED
    again = rules.next_state(
        once, step(K.ASSIGNED, NOW + 3 * MINUTE, tasks=[given("t3", FIRE)]), LAWS, EVERY_HAND
    )
    twice = rules.next_state(again, step(K.RETURNED, NOW + 4 * MINUTE, HANDLER, task="t3"), LAWS, EVERY_HAND)
    assert twice.status is CaseStatus.AWAITING_RULING
    ruled = rules.next_state(
        twice, step(K.RULED, NOW + 5 * MINUTE, tasks=[given("t4", POLICE)]), LAWS, EVERY_HAND
    )
    with pytest.raises(Refused) as refused:
        rules.check(ruled, step(K.RETURNED, NOW + 6 * MINUTE, HANDLER, task="t4"), EVERY_HAND, FIGHT)
    assert refused.value.code == "ruling_binds"


def test_the_response_clock_is_not_stopped_by_a_return() -> None:
    state = assigned(step(K.RETURNED, NOW + 2 * MINUTE, HANDLER, task="t1"))
    assert clock_of(state, "start").status is ClockStatus.RUNNING  # type: ignore[attr-defined]


def test_a_late_step_breaches_and_one_on_the_second_is_met() -> None:
    on_time = story(step(K.ACCEPTED, NOW + MINUTE))
    late = story(step(K.ACCEPTED, NOW + MINUTE + timedelta(microseconds=1)))
    assert clock_of(on_time, "respond").verdict is Verdict.MET  # type: ignore[attr-defined]
    assert clock_of(late, "respond").verdict is Verdict.BREACHED  # type: ignore[attr-defined]


def test_times_that_contradict_each_other_are_unknown() -> None:
    state = story(step(K.ACCEPTED, NOW - MINUTE))
    assert clock_of(state, "respond").verdict is Verdict.UNKNOWN  # type: ignore[attr-defined]


def test_a_clock_whose_step_never_came_is_unknown_when_the_case_closes() -> None:
    state = resolved(
        step(K.VERIFIED, NOW + 25 * MINUTE, VERIFIER), step(K.CLOSED, NOW + 26 * MINUTE, outcome="fixed")
    )
    assert clock_of(state, "feed_back").verdict is Verdict.UNKNOWN  # type: ignore[attr-defined]


def test_declining_answers_the_reporter_and_stops_the_response_clock() -> None:
    state = story(step(K.DECLINED, NOW + MINUTE / 2, door="110"))
    assert clock_of(state, "respond").verdict is Verdict.MET  # type: ignore[attr-defined]
    assert all(c.status is ClockStatus.STOPPED for c in state.clocks)


def test_sorting_keeps_the_response_clock_running_and_starts_the_others_at_the_report() -> None:
    at = NOW + MINUTE / 2
    sort = step(K.SORTED, at, kind=FIGHT.key, definition=FIGHT.sha256, severity="normal")
    state = story(sort, first=reported(UNSORTED))
    assert [c.name for c in state.clocks] == ["respond", "start", "feed_back"]
    assert {c.started_at for c in state.clocks} == {NOW}
    assert clock_of(state, "respond").due_at == NOW + MINUTE  # type: ignore[attr-defined]


def test_a_suspension_pauses_the_clocks_that_may_pause() -> None:
    until = (NOW + timedelta(days=1)).isoformat()
    paused = assigned(step(K.SUSPENDED, NOW + 2 * MINUTE, until=until))
    assert clock_of(paused, "start").status is ClockStatus.PAUSED  # type: ignore[attr-defined]
    assert clock_of(paused, "feed_back").due_at == NOW + 30 * MINUTE  # type: ignore[attr-defined]
    resumed = rules.next_state(paused, step(K.RESUMED, NOW + 12 * MINUTE), LAWS, EVERY_HAND)
    assert clock_of(resumed, "start").due_at == NOW + 15 * MINUTE  # type: ignore[attr-defined]
    assert resumed.status is CaseStatus.ASSIGNED


def test_an_extension_moves_the_due_time_only_when_it_is_approved() -> None:
    ask = {"task": "t1", "clock": "rectify", "value": 1, "unit": "working_days"}
    asked = assigned(step(K.EXTENSION_ASKED, NOW + 2 * MINUTE, HANDLER, **ask))
    before = clock_of(asked, "rectify", "t1").due_at  # type: ignore[attr-defined]
    granted = rules.next_state(asked, step(K.EXTENSION_APPROVED, NOW + 3 * MINUTE, **ask), LAWS, EVERY_HAND)
    assert clock_of(granted, "rectify", "t1").due_at - before == timedelta(days=1)  # type: ignore[attr-defined]
    assert clock_of(granted, "rectify", "t2").due_at == before  # type: ignore[attr-defined]


def test_a_failed_check_sends_it_back_to_work_with_a_new_clock() -> None:
    state = resolved(step(K.REWORK_ORDERED, NOW + 25 * MINUTE, VERIFIER))
    assert state.status is CaseStatus.UNDER_WAY
    assert [c.round for c in state.clocks if c.name == "rectify" and c.task == "t1"] == [1, 2]


def test_a_verdict_of_not_solved_reopens() -> None:
    state = resolved(
        step(K.VERIFIED, NOW + 25 * MINUTE, VERIFIER),
        step(K.CLOSED, NOW + 26 * MINUTE, outcome="fixed"),
        step(K.VERDICT_GIVEN, NOW + 30 * MINUTE, "resident", solved=False),
        step(K.REOPENED, NOW + 30 * MINUTE, SYSTEM),
    )
    assert state.status is CaseStatus.REOPENED
    assert clock_of(state, "respond").round == 2  # type: ignore[attr-defined]


def test_a_serious_case_has_the_limit_of_a_serious_one() -> None:
    state = story(step(K.ACCEPTED, NOW, severity="serious"))
    assert clock_of(state, "feed_back").due_at == NOW + MINUTE  # type: ignore[attr-defined]


def test_warnings_come_at_a_share_of_the_counted_time() -> None:
    state = story()
    assert clock_of(state, "respond").warn_ats == (NOW + MINUTE / 2,)  # type: ignore[attr-defined]


def test_a_supporting_return_leaves_the_case_with_its_lead() -> None:
    state = assigned(step(K.RETURNED, NOW + 2 * MINUTE, HANDLER, task="t2"))
    assert state.status is CaseStatus.ASSIGNED
    assert state.returns == 0


@pytest.mark.parametrize("arrow", rules.ARROWS, ids=lambda a: a.step)
def test_every_arrow_says_why_and_who(arrow: rules.Arrow) -> None:
    assert arrow.reason and arrow.hands


def test_evidence_the_kind_requires_is_asked_for() -> None:
    asked = Evidence("reading", text("读数"), "note", "resolved", required=True)
    kind = replace(FIGHT, evidence=(asked,))
    done = step(K.RESOLVED, NOW + 20 * MINUTE, HANDLER, task="t1")
    with pytest.raises(Refused) as refused:
        rules.check(assigned(), done, EVERY_HAND, kind)
    assert refused.value.code == "no_evidence"
    rules.check(assigned(), replace(done, contents=(("note", "", ""),)), EVERY_HAND, kind)


def test_only_a_verifier_checks_what_its_kind_says_a_verifier_checks() -> None:
    centre = frozenset({Hand.CENTRE})
    check = step(K.VERIFIED, NOW + 25 * MINUTE, VERIFIER)
    with pytest.raises(NotAllowed):
        rules.check(resolved(), check, centre, FIGHT)
    rules.check(
        resolved(), check, centre, replace(FIGHT, verification=Verification("dispatcher", "call_back"))
    )


def test_a_stranger_may_do_nothing() -> None:
    with pytest.raises(NotAllowed):
        rules.check(story(), step(K.ACCEPTED, NOW), frozenset({Hand.REPORTER}), FIGHT)
