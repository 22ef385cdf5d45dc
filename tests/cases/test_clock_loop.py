"""The loop fires what is due, once, tells the right people, and says when it was blind."""

from datetime import timedelta

from gongzhi.cases import clock_loop, queries
from gongzhi.cases.models import CaseClock, CaseStep, LoopBeat
from gongzhi.notices import queries as notices
from tests.cases.conftest import MINUTE, NOW, Town


def kinds(code: str) -> list[str]:
    return list(CaseStep.objects.filter(case__code=code).order_by("seq").values_list("kind", flat=True))


def test_nothing_fires_before_its_time(town: Town) -> None:
    town.report()
    assert clock_loop.tick(NOW) == 0


def test_a_breach_is_recorded_once_at_the_time_it_was_due(town: Town) -> None:
    code = town.report().case_code
    late = NOW + 2 * MINUTE
    clock_loop.tick(late)
    assert clock_loop.tick(late) == 0
    breach = CaseStep.objects.get(case__code=code, kind="clock_breached")
    assert breach.happened_at == NOW + MINUTE
    assert breach.recorded_at == late
    assert breach.data["clock"] == "respond"


def test_a_breach_goes_to_the_head_of_the_area(town: Town) -> None:
    code = town.report().case_code
    clock_loop.tick(NOW + 2 * MINUTE)
    told = {n.to for n in notices.for_subject(f"case:{town.record(code).id}")}
    assert "李调度" in told
    assert len(told) >= 2


def test_accepting_in_time_leaves_nothing_to_fire_for_the_response(town: Town) -> None:
    code = town.accepted()
    clock_loop.tick(NOW + 2 * MINUTE)
    assert "clock_breached" not in kinds(code)


def test_a_closed_case_has_no_clock_running(town: Town) -> None:
    code = town.closed()
    assert not CaseClock.objects.filter(case__code=code, next_at__isnull=False).exists()
    assert clock_loop.tick(NOW + timedelta(days=30)) == 0


def test_a_suspension_ends_by_itself_on_its_date(town: Town) -> None:
    from gongzhi.cases import operations

    code = town.accepted()
    until = NOW + timedelta(days=2)
    operations.suspend_case(
        case=code, until=until, ground="等材料", by=town.people.dispatcher, now=NOW + MINUTE
    )
    clock_loop.chores(until - MINUTE)
    assert town.record(code).status == "suspended"
    clock_loop.chores(until)
    assert town.record(code).status == "accepted"


def test_time_without_a_loop_is_shown_and_changes_no_verdict(town: Town) -> None:
    code = town.accepted()
    clock_loop.beat(NOW)
    clock_loop.beat(NOW + 10 * MINUTE)
    scope = queries_scope(town)
    picture = queries.case_picture(scope, code, NOW + 11 * MINUTE)
    assert picture.blind_seconds == 600
    assert {c.name: c.verdict for c in picture.clocks}["respond"] == "met"
    assert LoopBeat.objects.get().beat_at == NOW + 10 * MINUTE


def queries_scope(town: Town):  # type: ignore[no-untyped-def]
    from gongzhi.accounts import queries as accounts

    person = town.people.dispatcher.person_id
    assert person is not None
    return accounts.scope_of(person, NOW.date())
