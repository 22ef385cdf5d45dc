"""What the centre, the agencies and the reporter may do, with the people of the demo county."""

import uuid
from datetime import timedelta

import pytest

from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.cases import operations
from gongzhi.cases.models import CaseClock, CaseStep
from gongzhi.notices import queries as notices
from gongzhi.territory.types import Point
from tests.cases.conftest import MINUTE, NOW, Town

SHANGHAI = Point(121.47, 31.23)


def test_a_grid_worker_may_not_accept(town: Town) -> None:
    code = town.report().case_code
    with pytest.raises(NotFound):  # it lies in another grid: for them it does not exist
        operations.accept_case(case=code, by=town.people.gridworker, now=NOW)


def test_for_a_handler_of_another_agency_the_case_does_not_exist(town: Town) -> None:
    code, task = town.assigned()
    with pytest.raises(NotFound):
        operations.start_task(case=code, task=task, by=town.people.handler2, now=NOW + 2 * MINUTE)


def test_the_handler_who_did_it_may_not_verify_it(town: Town) -> None:
    code = town.resolved()
    with pytest.raises(NotAllowed):
        operations.verify_case(case=code, passed=True, by=town.people.handler, now=NOW + 25 * MINUTE)


def test_two_returns_lead_to_a_ruling_that_cannot_be_returned(town: Town) -> None:
    code, task = town.assigned()
    operations.return_task(
        case=code, task=task, ground="属路政", by=town.people.handler, now=NOW + 2 * MINUTE
    )
    [task] = operations.assign_case(
        case=code, lead=town.organisation("fire"), by=town.people.dispatcher, now=NOW + 3 * MINUTE
    )
    operations.return_task(
        case=code, task=task, ground="不是火情", by=town.people.handler2, now=NOW + 4 * MINUTE
    )
    assert town.record(code).status == "awaiting_ruling"
    [task] = operations.rule_case(
        case=code,
        lead=town.organisation("urban_management"),
        ground="占道由城管处置",
        by=town.people.head,
        now=NOW + 5 * MINUTE,
    )
    with pytest.raises(Refused, match="裁定"):
        operations.return_task(
            case=code, task=task, ground="还是不归我", by=town.people.handler, now=NOW + 6 * MINUTE
        )


def test_a_return_without_a_ground_is_refused_and_leaves_nothing(town: Town) -> None:
    code, task = town.assigned()
    before = CaseStep.objects.count()
    with pytest.raises(Refused):
        operations.return_task(
            case=code, task=task, ground="  ", by=town.people.handler, now=NOW + 2 * MINUTE
        )
    assert CaseStep.objects.count() == before


def test_declining_names_the_right_door_and_tells_the_reporter(town: Town) -> None:
    code = town.report(contact="resident@example.org").case_code
    operations.decline_case(
        case=code, door="court", ground="请向法院起诉", by=town.people.dispatcher, now=NOW + MINUTE
    )
    assert town.record(code).door == "court"
    told = notices.for_subject(f"case:{town.record(code).id}")
    assert any(n.channel == "email" or "@" in n.to for n in told) or len(told) >= 2


def test_more_time_is_asked_and_granted(town: Town) -> None:
    code, task = town.assigned(kind="hazards.manhole")
    clock = (
        CaseClock.objects.filter(case__code=code, status="running")
        .exclude(due_at=None)
        .order_by("-due_at")
        .first()
    )
    assert clock is not None
    operations.ask_extension(
        case=code,
        task=task,
        clock=clock.name,
        value=2,
        unit="working_days",
        ground="等配件",
        by=town.people.handler,
        now=NOW + 2 * MINUTE,
    )
    operations.decide_extension(case=code, approve=True, by=town.people.dispatcher, now=NOW + 3 * MINUTE)
    after = CaseClock.objects.get(pk=clock.pk)
    assert after.due_at is not None and clock.due_at is not None
    assert after.due_at >= clock.due_at + timedelta(days=2)


def test_a_supervision_order_waits_for_its_answer(town: Town) -> None:
    code, _task = town.assigned()
    operations.supervise_case(case=code, order="请说明进度", by=town.people.head, now=NOW + 2 * MINUTE)
    assert town.record(code).supervised
    operations.answer_supervision(case=code, answer="下午清完", by=town.people.handler, now=NOW + 3 * MINUTE)
    assert not town.record(code).supervised


def test_a_step_in_the_future_is_refused(town: Town) -> None:
    code = town.report().case_code
    with pytest.raises(Refused) as refused:
        operations.accept_case(case=code, by=town.people.dispatcher, now=NOW, happened_at=NOW + MINUTE)
    assert refused.value.code == "future"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"text": "a\x00b"}, "bad_characters"),
        ({"text": "字" * 4001}, "too_long"),
        ({"text": "  "}, "empty"),
        ({"kind": "linkage.dragon"}, "unknown_kind"),
        ({"place": SHANGHAI}, "outside_county"),
        ({"photos": [uuid.UUID(int=9)]}, "bad_photo"),
        ({"form": {"mood": "calm"}}, "unknown_field"),
        ({"severity": "apocalyptic"}, "unknown_severity"),
    ],
)
def test_a_bad_report_is_refused_and_leaves_nothing(town: Town, sent: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        town.report(**sent)
    assert refused.value.code == code
    assert not CaseStep.objects.exists()


def test_an_unknown_code_and_a_mistyped_one_are_told_apart(town: Town) -> None:
    with pytest.raises(NotFound):
        operations.accept_case(case="0000000000000", by=town.people.dispatcher, now=NOW)


def test_joining_a_case_to_itself_is_refused(town: Town) -> None:
    code = town.report().case_code
    with pytest.raises(Refused):
        operations.link_case(case=code, to=code, by=town.people.dispatcher, now=NOW)


def test_the_same_report_from_two_phones_at_once_stays_one(town: Town) -> None:
    first = town.report()
    with pytest.raises(Conflict):
        town.report(place_text="别处")
    assert town.report().case_code == first.case_code


def test_moving_a_case_finds_its_new_area(town: Town) -> None:
    code = town.accepted()
    before = town.record(code).township
    operations.relocate_case(
        case=code, place=Point(119.4371, 29.9698), by=town.people.dispatcher, now=NOW + MINUTE
    )
    assert town.record(code).township != before
