"""The loop fires what is due, once, tells the right people, and says when it was blind."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.base.steady import SteadyTime
from gongzhi.cases import clock_loop, operations, queries, verification
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep, LoopBeat
from gongzhi.cases.operations import firing
from gongzhi.cases.operations.ledger import as_step
from gongzhi.cases.types import Step
from gongzhi.notices import queries as notices
from tests.cases.conftest import MINUTE, NOW, Town

STATEMENTS = 17


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


def test_time_without_a_loop_stands_on_every_case_it_touched_and_on_no_other(town: Town) -> None:
    before = town.closed(1)
    touched = [town.accepted(2), town.accepted(3)]
    clock_loop.beat(NOW + 30 * MINUTE)
    clock_loop.beat(NOW + 40 * MINUTE)
    after = town.report(4, at=NOW + 41 * MINUTE, now=NOW + 41 * MINUTE).case_code
    scope, now = queries_scope(town), NOW + 42 * MINUTE
    shown = {code: queries.case_picture(scope, code, now).blind_seconds for code in (before, *touched, after)}
    assert shown == {before: 0, touched[0]: 600, touched[1]: 600, after: 0}


def test_the_reporter_reads_it_too(town: Town) -> None:
    code = town.accepted()
    clock_loop.beat(NOW + MINUTE)
    clock_loop.beat(NOW + 11 * MINUTE)
    assert queries.public_picture(code, None, NOW + 12 * MINUTE).blind_seconds == 600


def test_a_clock_nobody_watched_gets_the_verdict_of_the_steps_times(town: Town) -> None:
    """Done in time while the loop was down is met; done late is breached, though no breach was recorded."""
    in_time, late = town.report(1).case_code, town.report(2).case_code
    clock_loop.beat(NOW)
    by = town.people.dispatcher
    operations.accept_case(case=in_time, by=by, now=NOW + MINUTE / 2)
    operations.accept_case(case=late, by=by, now=NOW + 2 * MINUTE)
    clock_loop.beat(NOW + 10 * MINUTE)
    clock_loop.tick(NOW + 10 * MINUTE)
    verdicts = CaseClock.objects.filter(name="respond").values_list("case__code", "verdict")
    assert dict(verdicts) == {in_time: "met", late: "breached"}


@pytest.mark.parametrize("jumps", [(5, 0), (-5, 0), (5, -5, 0), (-5, 5, 0)])
def test_steps_of_the_machines_clock_fire_nothing_early_nothing_twice_and_lose_nothing(
    town: Town, jumps: tuple[int, ...]
) -> None:
    """Two clocks, a minute and three minutes away, while the machine's clock is set forth and back by five minutes."""
    codes = [town.report(1).case_code, town.report(2, at=NOW + 2 * MINUTE).case_code]
    seconds, wrong_by = [0.0], [timedelta(0)]
    clock = SteadyTime(lambda: NOW + timedelta(seconds=seconds[0]) + wrong_by[0], lambda: seconds[0])
    for jump in jumps:
        wrong_by[0] = jump * MINUTE
        for _look in range(12):
            seconds[0] += 10
            clock_loop.tick(clock())
            truth = NOW + timedelta(seconds=seconds[0])
            assert not CaseStep.objects.filter(kind__startswith="clock", happened_at__gt=truth).exists()
    clock_loop.tick(clock())
    breaches = CaseStep.objects.filter(kind="clock_breached", data__clock="respond")
    assert dict(breaches.values_list("case__code", "happened_at")) == {
        code: NOW + minutes * MINUTE for code, minutes in zip(codes, (1, 3), strict=True)
    }
    assert breaches.count() == 2


def test_a_clock_due_before_the_loop_would_wake_rings_and_another_does_not(town: Town) -> None:
    with CaptureQueriesContext(connection) as asked:
        town.report(1)
        town.report(2, at=NOW - MINUTE, now=NOW)
    assert sum("gongzhi_clocks" in str(query["sql"]) for query in asked) == 0
    with CaptureQueriesContext(connection) as asked:
        town.report(3, at=NOW, happened_at=NOW - MINUTE + MINUTE / 30)
    assert sum("gongzhi_clocks" in str(query["sql"]) for query in asked) == 1


def test_lateness_is_that_of_the_oldest_clock_not_fired(town: Town) -> None:
    town.report(1)
    assert queries.lateness(NOW + MINUTE / 3) == queries.Lateness(0, 0.0, 0)
    assert queries.lateness(NOW + 2 * MINUTE) == queries.Lateness(1, 90.0, 0)  # since its warning
    clock_loop.tick(NOW + 2 * MINUTE)
    assert queries.lateness(NOW + 2 * MINUTE).due == 0


def queries_scope(town: Town):  # type: ignore[no-untyped-def]
    from gongzhi.accounts import queries as accounts

    person = town.people.dispatcher.person_id
    assert person is not None
    return accounts.scope_of(person, NOW.date())


def two_minutes_late(town: Town, reports: int) -> int:
    """How many statements one look at the clocks of this many fresh reports takes."""
    for number in range(reports):
        town.report(number + 1)
    with CaptureQueriesContext(connection) as asked:
        assert firing.fire_due(now=NOW + 2 * MINUTE).steps == reports
    return len(asked)


def test_a_batch_takes_the_same_statements_for_one_clock_as_for_three(town: Town) -> None:
    assert two_minutes_late(town, 1) == STATEMENTS


def test_and_for_twelve(town: Town) -> None:
    assert two_minutes_late(town, 12) == STATEMENTS


def test_what_a_batch_wrote_is_what_the_ledger_says(town: Town) -> None:
    two_minutes_late(town, 5)
    assert verification.verify_all().problems == []
    assert verification.rebuild_all().problems == []


def test_a_clock_whose_rules_fail_is_set_aside_and_stops_no_other(town: Town, caplog) -> None:  # type: ignore[no-untyped-def]
    codes = [town.report(number).case_code for number in (1, 2, 3)]
    CaseClock.objects.filter(case__code=codes[1], name="respond").update(name="unheard_of")
    assert clock_loop.tick(NOW + 2 * MINUTE) == 2
    assert ["clock_breached" in kinds(code) for code in codes] == [True, False, True]
    assert codes[1] in caplog.text


def test_a_clock_that_was_set_aside_is_tried_again(town: Town) -> None:
    code = town.report().case_code
    CaseClock.objects.filter(case__code=code, name="respond").update(name="unheard_of")
    clock_loop.tick(NOW + 2 * MINUTE)
    CaseClock.objects.filter(case__code=code, name="unheard_of").update(name="respond")
    assert clock_loop.tick(NOW + 2 * MINUTE + MINUTE / 60) == 0
    assert clock_loop.tick(NOW + 2 * MINUTE + firing.RETRY_AFTER) >= 1
    assert CaseStep.objects.filter(kind="clock_breached", data__clock="respond").count() == 1
    assert not CaseClock.objects.filter(retry_at__isnull=False).exists()


def test_a_clock_that_the_database_refuses_spoils_only_itself(town: Town) -> None:
    """The row of its step is there already: writing all of the batch at once fails."""
    codes = [town.report(number).case_code for number in (1, 2, 3)]
    first = CaseStep.objects.get(case__code=codes[1], seq=1)
    CaseStep.objects.create(
        **{
            f.attname: getattr(first, f.attname)
            for f in CaseStep._meta.fields
            if f.name not in ("id", "seq", "kind")
        },
        seq=2,
        kind="noted",
    )
    CaseRecord.objects.filter(code=codes[1]).update(last_seq=1)
    with patch.object(firing, "_ledgers", only_the_first_step):
        assert clock_loop.tick(NOW + 2 * MINUTE) == 2
    assert ["clock_breached" in kinds(code) for code in codes] == [True, False, True]
    assert CaseClock.objects.get(case__code=codes[1], name="respond").retry_at is not None


def only_the_first_step(cases: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Step]]:
    rows = CaseStep.objects.filter(case__in=cases, seq=1)
    return {row.case_id: [as_step(row)] for row in rows}
