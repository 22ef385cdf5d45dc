"""A support case: begun by consent, seen by its workers and the person alone, ended by the person at any moment."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.accounts import operations as accounts_operations
from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role, Scope
from gongzhi.base import actor
from gongzhi.base.actor import RESIDENT, Actor
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.cases import operations, queries
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations.support import end_due_support
from gongzhi.cases.receipts import receipt_code
from gongzhi.cases.types import AppointmentWay, Receipt
from gongzhi.cases.verification import rebuild_all, verify_all
from gongzhi.notices.models import Notice
from gongzhi.programs.types import Consenting, Source
from gongzhi.territory import queries as territory
from gongzhi.territory.types import Level
from gongzhi.trust.consent import consent_holds
from gongzhi.trust.models import AuditRow, Content
from gongzhi.trust.types import ConsentWay
from tests.cases.conftest import MINUTE, NOW, Town

DAY = timedelta(days=1)
WORDS = "出来以后想找人说说话，怕邻居知道"


def ask(number: int = 7, **more: object) -> Receipt:
    sent: dict[str, object] = {
        "client_id": uuid.UUID(int=number, version=4),
        "kind": "aftercare.somebody_to_talk_to",
        "text": WORDS,
        "contact": "13800000007",
        "giver": Consenting.PERSON,
        "way": ConsentWay.WEB,
        "source": Source.RESIDENT,
        "by": RESIDENT,
        "now": NOW,
    }
    return operations.open_support(**{**sent, **more})  # type: ignore[arg-type]


def somebody(username: str) -> Actor:
    found = accounts.person_by_username(username)
    assert found is not None
    return actor.person(found.id)


def scope(by: Actor) -> Scope:
    assert by.person_id is not None
    return accounts.scope_of(by.person_id, date(2026, 3, 2))


@pytest.fixture
def worker(town: Town) -> Actor:
    return somebody("socialworker")


@pytest.fixture
def colleague(worker: Actor) -> Actor:
    """Another handler of the same office."""
    office = accounts.organisation_by_code("justice")
    assert office is not None
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    person = accounts_operations.create_person(
        username="colleague", display_name="同事", by=actor.SYSTEM, now=long_ago
    )
    accounts_operations.grant_role(
        person=person,
        role=Role.HANDLER,
        organisation=office.id,
        area=territory.areas_at(Level.COUNTY)[0].id,
        valid_from=long_ago.date(),
        by=actor.SYSTEM,
        now=long_ago,
    )
    return actor.person(person)


def everybody_else(town: Town) -> list[Actor]:
    people = town.people
    outsiders = (people.dispatcher, people.head, people.verifier, people.handler, people.handler2)
    return [*outsiders, people.gridworker, somebody("deputy")]


def sees(by: Actor, code: str, at: datetime = NOW) -> bool:
    try:
        queries.case_picture(scope(by), code, at)
    except NotFound:
        return False
    return True


def test_nobody_outside_the_team_finds_it_whatever_their_area_or_rank(town: Town, worker: Actor):
    code = ask().case_code
    assert sees(worker, code)
    for outsider in everybody_else(town):
        assert not sees(outsider, code)
        page = queries.queue(scope(outsider), queries.QueueFilters(tab="all", text=code), NOW)
        assert (page.total, page.counts["all"]) == (0, 0)
        assert queries.row_of(scope(outsider), code, NOW) is None


def test_it_stands_in_no_queue_export_or_map_even_for_its_own_worker(town: Town, worker: Actor):
    code = ask().case_code
    everything = queries.QueueFilters(tab="all")
    assert queries.queue(scope(worker), everything, NOW).total == 0
    assert queries.all_rows(scope(worker), everything, NOW) == []
    assert queries.my_work(scope(worker), NOW) == []
    assert queries.public_map(NOW) == []
    assert [row.code for row in queries.my_support(scope(worker), NOW)] == [code]


def test_once_a_worker_has_taken_it_up_the_rest_of_the_team_is_outside(
    town: Town, worker: Actor, colleague: Actor
):
    code = ask().case_code
    assert sees(colleague, code)
    operations.take_up_support(case=code, by=worker, now=NOW)
    assert not sees(colleague, code)
    assert queries.my_support(scope(colleague), NOW) == []
    with pytest.raises(NotFound):
        operations.add_note(case=code, note="看看", by=colleague, now=NOW)


def test_the_centre_can_take_no_step_on_it(town: Town):
    code = ask().case_code
    for by in (town.people.dispatcher, town.people.head, town.people.verifier):
        for step in (
            lambda by=by: operations.add_note(case=code, note="看看", by=by, now=NOW),
            lambda by=by: operations.supervise_case(case=code, order="快点", by=by, now=NOW),
            lambda by=by: operations.accept_case(case=code, by=by, now=NOW),
            lambda by=by: operations.end_support(case=code, by=by, now=NOW),
        ):
            with pytest.raises(Refused):
                step()


def test_without_consent_there_is_no_case(town: Town):
    with pytest.raises(Refused) as refused:
        town.report(9, kind="aftercare.somebody_to_talk_to")
    assert refused.value.code == "needs_consent"
    assert CaseRecord.objects.filter(assigned_only=True).count() == 0


def test_nobody_is_sorted_into_support_by_the_centre(town: Town):
    code = town.accepted(11, kind=None)
    with pytest.raises(Refused) as refused:
        operations.sort_case(
            case=code, kind="aftercare.referral", by=town.people.dispatcher, now=NOW + MINUTE
        )
    assert refused.value.code == "needs_consent"


def test_a_child_needs_the_guardian(town: Town):
    with pytest.raises(Refused) as refused:
        ask(kind="youth.support_team", giver=Consenting.PERSON)
    assert refused.value.code == "wrong_giver"
    receipt = ask(kind="youth.support_team", giver=Consenting.GUARDIAN)
    assert consent_holds(f"case:{receipt.case_id}", "support", NOW)


def test_asked_twice_with_the_same_id_it_is_one_case_with_one_consent(town: Town):
    first, again = ask(), ask()
    assert (first.case_code, again.created) == (again.case_code, False)
    assert AuditRow.objects.filter(kind="consent_given").count() == 1


def test_a_visit_is_agreed_held_and_read_by_the_person(town: Town, worker: Actor):
    receipt = ask()
    code = receipt.case_code
    operations.take_up_support(case=code, by=worker, now=NOW + MINUTE)
    visit = operations.agree_appointment(
        case=code, way=AppointmentWay.VISIT, at=NOW + DAY, by=worker, now=NOW + 2 * MINUTE, note="在驿站见"
    )
    operations.hold_appointment(case=code, appointment=visit, by=worker, now=NOW + DAY, note="聊了一小时")
    picture = queries.public_picture(code, receipt.receipt_code, NOW + DAY)
    words = [step.words for step in picture.steps]
    assert "在驿站见" in words and "聊了一小时" in words
    assert picture.support is not None
    assert [(a.held_at, a.cancelled) for a in picture.support.appointments] == [(NOW + DAY, False)]
    with pytest.raises(Refused):
        operations.hold_appointment(case=code, appointment=visit, by=worker, now=NOW + DAY)


def test_the_person_calls_an_appointment_off_without_a_reason_and_a_stranger_does_not(
    town: Town, worker: Actor
):
    receipt = ask()
    visit = operations.agree_appointment(
        case=receipt.case_code, way=AppointmentWay.CALL, at=NOW + DAY, by=worker, now=NOW
    )
    call_off = {"case": receipt.case_code, "appointment": visit, "by": RESIDENT, "now": NOW + MINUTE}
    with pytest.raises(NotAllowed):
        operations.cancel_appointment(**call_off, receipt="000000000000")
    operations.cancel_appointment(**call_off, receipt=receipt.receipt_code)
    [told] = Notice.objects.filter(template="appointment_cancelled")
    assert told.recipient_ref == worker.person_id


def test_withdrawing_ends_it_at_the_very_next_read_and_erases_every_word(town: Town, worker: Actor):
    receipt = ask()
    code = receipt.case_code
    operations.take_up_support(case=code, by=worker, now=NOW)
    operations.add_note(case=code, note="他想学烘焙", by=worker, now=NOW + MINUTE)
    at = NOW + 2 * MINUTE
    assert operations.withdraw_support(case=code, receipt=receipt.receipt_code, now=at) == 3
    assert not sees(worker, code, at)
    assert queries.my_support(scope(worker), at) == []
    with pytest.raises(Refused):
        operations.add_note(case=code, note="再写一句", by=worker, now=at)
    record = CaseRecord.objects.get(code=code)
    assert (record.status, record.outcome) == ("closed", "ended")
    assert not Content.objects.filter(subject=f"case:{record.id}", sealed__isnull=False).exists()
    assert record.clocks.exclude(status="stopped").count() == 0
    assert verify_all().clean


def test_a_wrong_receipt_withdraws_nothing(town: Town):
    receipt = ask()
    with pytest.raises(NotAllowed):
        operations.withdraw_support(case=receipt.case_code, receipt="000000000000", now=NOW)
    assert consent_holds(f"case:{receipt.case_id}", "support", NOW)


def test_the_worker_is_shut_out_on_the_day_the_consent_is_over_even_before_the_loop_comes_round(
    town: Town, worker: Actor
):
    code = ask().case_code
    operations.take_up_support(case=code, by=worker, now=NOW)
    until = CaseRecord.objects.get(code=code).support_until
    assert until is not None and until.date() == date(2026, 9, 2)
    assert sees(worker, code, until - MINUTE)
    assert not sees(worker, code, until)
    with pytest.raises(NotFound):
        operations.add_note(case=code, note="晚了", by=worker, now=until)


def test_it_ends_by_itself_when_the_agreed_time_is_over(town: Town, worker: Actor):
    code = ask().case_code
    until = CaseRecord.objects.get(code=code).support_until
    assert until is not None
    assert end_due_support(now=until - MINUTE) == 0
    assert end_due_support(now=until) == 1
    assert end_due_support(now=until) == 0
    record = CaseRecord.objects.get(code=code)
    assert (record.status, record.outcome) == ("closed", "ended")
    last = CaseStep.objects.filter(case=record).latest("seq")
    assert (last.kind, last.data["because"]) == ("support_ended", "consent_over")


def test_the_person_may_agree_to_go_on(town: Town, worker: Actor):
    receipt = ask()
    later = NOW + 30 * DAY
    operations.renew_support(
        case=receipt.case_code,
        giver=Consenting.PERSON,
        way=ConsentWay.WEB,
        by=RESIDENT,
        now=later,
        receipt=receipt.receipt_code,
    )
    record = CaseRecord.objects.get(code=receipt.case_code)
    assert record.support_until is not None and record.support_until > later + 180 * DAY
    assert end_due_support(now=NOW + 185 * DAY) == 0
    assert sees(worker, record.code, NOW + 185 * DAY)


def test_a_stranger_with_the_code_learns_nothing_but_where_to_put_the_receipt(town: Town):
    receipt = ask()
    picture = queries.public_picture(receipt.case_code, "", NOW)
    assert picture.locked and not picture.steps and not picture.holder and not picture.kind_title
    assert "帮" not in picture.title + picture.status_title + picture.what_next


def test_no_notice_says_what_the_person_is_helped_with_and_none_reaches_the_centre(town: Town, worker: Actor):
    ask()
    notices = list(Notice.objects.filter(subject__startswith="case:"))
    assert notices
    outsiders = {str(by.person_id) for by in everybody_else(town)}
    for notice in notices:
        said = f"{notice.__dict__}"
        assert "聊聊" not in said and "aftercare" not in said
        assert not any(person in said for person in outsiders)
        assert (
            notice.recipient_kind == "person"
        )  # what can't be delivered to a phone would land on the centre's desk


def test_the_words_are_held_for_support_alone(town: Town):
    receipt = ask()
    held = Content.objects.filter(subject=f"case:{receipt.case_id}").values_list("name", "purpose")
    assert set(held) == {("text", "support"), ("contact", "contact")}


def test_other_reports_can_not_be_joined_to_it(town: Town):
    code = ask().case_code
    other = town.accepted(12)
    with pytest.raises(Refused) as refused:
        operations.link_case(case=other, to=code, by=town.people.dispatcher, now=NOW + MINUTE)
    assert refused.value.code == "no_case"


def test_the_rows_can_be_made_again_from_the_ledger(town: Town, worker: Actor):
    code = ask().case_code
    operations.take_up_support(case=code, by=worker, now=NOW)
    assert rebuild_all().clean


def test_no_desk_is_woken_by_it(town: Town, worker: Actor):
    with CaptureQueriesContext(connection) as quiet:
        operations.take_up_support(case=ask().case_code, by=worker, now=NOW)
    with CaptureQueriesContext(connection) as loud:
        town.report(21)
    assert not [query for query in quiet if "'gongzhi_cases'" in query["sql"]]
    assert [query for query in loud if "'gongzhi_cases'" in query["sql"]]


def test_what_every_desk_hears_is_an_id_and_neither_code_nor_step(town: Town):
    with CaptureQueriesContext(connection) as heard:
        code = town.report(21).case_code
    (told,) = [query["sql"] for query in heard if "gongzhi_cases" in query["sql"]]
    assert code not in told
    assert "reported" not in told
    assert "step" not in told


def test_the_steps_of_support_touch_no_ordinary_case(town: Town):
    code = town.closed()
    record = town.record(code)
    held = Content.objects.filter(subject=f"case:{record.id}", sealed__isnull=False).count()
    with pytest.raises(Refused) as refused:
        operations.withdraw_support(case=code, receipt=receipt_code(record.client_id), now=NOW + DAY)
    assert refused.value.code == "not_this_kind"
    with pytest.raises(Refused):
        operations.take_up_support(case=code, by=town.people.handler, now=NOW + DAY)
    assert Content.objects.filter(subject=f"case:{record.id}", sealed__isnull=False).count() == held
