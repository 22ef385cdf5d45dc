"""Support at the desk: a worker's own list, the steps with the person, and nothing for anybody else; answering rights."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from gongzhi.base.actor import RESIDENT
from gongzhi.cases import operations
from gongzhi.cases import queries as cases
from gongzhi.cases.models import CaseRecord
from gongzhi.cases.receipts import receipt_code
from gongzhi.cases.types import Receipt, Right
from gongzhi.programs.types import Consenting, Source
from gongzhi.trust.types import ConsentWay
from tests.desk.conftest import Matters, Staff

OUTSIDERS = ("dispatcher", "head", "deputy", "handler", "handler2", "verifier")


@pytest.fixture
def asked(demo_cell: None) -> Receipt:
    return operations.open_support(
        client_id=uuid.uuid4(),
        kind="aftercare.somebody_to_talk_to",
        text="想有人陪我去办手续",
        contact="13800000008",
        giver=Consenting.PERSON,
        way=ConsentWay.WEB,
        source=Source.RESIDENT,
        by=RESIDENT,
        now=timezone.now() - timedelta(minutes=5),
    )


@pytest.fixture
def worker(staff) -> Staff:
    return staff("socialworker")


def test_no_address_of_the_desk_shows_it_to_anybody_else(staff, worker, asked):
    code = asked.case_code
    for username in OUTSIDERS:
        person = staff(username)
        for address in (
            f"/desk/cases/{code}/",
            f"/desk/cases/{code}/note/",
            f"/desk/cases/{code}/end_support/",
        ):
            assert person.open(address).status_code == 404, (username, address)
        for address in (
            "/desk/",
            "/desk/?tab=all",
            f"/desk/queue/?tab=all&text={code}",
            "/desk/queue.csv?tab=all",
        ):
            page = b"".join(person.open(address)).decode()
            assert not re.search(rf'(data-code="{code}"|陪我去办手续|想有人聊聊)', _without_filters(page))
        assert code not in person.see("/desk/support/")
    assert code in worker.see("/desk/support/")


def _without_filters(page: str) -> str:
    return re.sub(r"<select.*?</select>", "", page, flags=re.S)


def test_a_worker_takes_it_up_agrees_meets_and_ends_it(worker, asked):
    code = asked.case_code
    assert worker.take(code, "take_up_support").status_code == 302
    at = timezone.localtime(timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert worker.take(code, "agree_appointment", way="talk", at=at, note="在驿站").status_code == 302
    [agreed] = worker.picture(code).support.appointments
    assert timezone.localtime(agreed.at).strftime("%Y-%m-%dT%H:%M") == at
    page = worker.see(f"/desk/cases/{code}/")
    assert "在驿站" in page and "面谈" in page
    assert worker.take(code, "hold_appointment", appointment=agreed.id).status_code == 302
    worker.take(code, "end_support", note="以后有事随时来")
    assert worker.open(f"/desk/cases/{code}/").status_code == 404
    mine = cases.public_picture(code, asked.receipt_code, timezone.now())
    assert "以后有事随时来" in [step.words for step in mine.steps]


def test_the_buttons_are_those_of_support_and_no_others(worker, asked):
    worker.take(asked.case_code, "take_up_support")
    names = {step.step for step in worker.picture(asked.case_code).allowed}
    assert names == {"agree_appointment", "renew_support", "end_support", "note", "delegate", "feed_back"}


def test_a_withdrawn_case_is_gone_from_the_list_at_the_next_look(worker, asked):
    operations.withdraw_support(case=asked.case_code, receipt=asked.receipt_code, now=timezone.now())
    assert asked.case_code not in worker.see("/desk/support/")
    assert worker.open(f"/desk/cases/{asked.case_code}/").status_code == 404


def test_a_social_worker_records_a_wish_with_its_consent_and_hands_the_codes_over_once(worker):
    told = {
        "client_id": str(uuid.uuid4()),
        "kind": "mental-health.day_centre",
        "text": "想去做手工",
        "contact": "",
        "giver": "guardian",
        "way": "paper",
        "told": "on",
    }
    without = {name: value for name, value in told.items() if name != "told"}
    assert worker.client.post("/desk/support/begin/", without).status_code == 422
    answer = worker.client.post("/desk/support/begin/", told)
    code, receipt = re.findall(r'<span class="code[^"]*"[^>]*>([\d\s]+)</span>', answer.content.decode())[:2]
    code, receipt = (re.sub(r"\D", "", digits) for digits in (code, receipt))
    picture = cases.public_picture(code, receipt, timezone.now())
    assert picture.support is not None
    assert [(c.giver, c.way) for c in picture.support.consents] == [("guardian", "paper")]
    assert code not in worker.see(
        "/desk/support/"
    )  # it went to the health service, not to the one who wrote it


def test_the_centre_answers_a_request_and_it_is_carried_out(dispatcher: Staff, matters: Matters):
    code = matters.resolved(contact="13800000001")
    operations.verify_case(case=code, passed=True, by=matters.people("verifier").actor, now=timezone.now())
    operations.close_case(case=code, outcome="fixed", by=dispatcher.actor, now=timezone.now())

    receipt = receipt_code(CaseRecord.objects.get(code=code).client_id)
    request = operations.ask_right(
        client_id=uuid.uuid4(),
        right=Right.DELETE,
        about=code,
        receipt=receipt,
        by=RESIDENT,
        now=timezone.now(),
    )
    page = dispatcher.see(f"/desk/cases/{request.case_code}/")
    assert "删除" in page and f"/desk/cases/{code}/" in page
    refused = dispatcher.take(request.case_code, "answer_right", granted="no", reply="不行", law="")
    assert refused.status_code == 422
    dispatcher.take(request.case_code, "answer_right", granted="yes", reply="已经删了")
    assert cases.public_picture(code, receipt, timezone.now()).own_text == ""
    assert dispatcher.picture(request.case_code).outcome == "granted"


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_support_costs_the_same_for_one_case_as_for_three(
    worker, asked, many, django_assert_num_queries
):
    for _number in range(many - 1):
        operations.open_support(
            client_id=uuid.uuid4(),
            kind="aftercare.somebody_to_talk_to",
            text="想有人陪我去办手续",
            contact="13800000008",
            giver=Consenting.PERSON,
            way=ConsentWay.WEB,
            source=Source.RESIDENT,
            by=RESIDENT,
            now=timezone.now() - timedelta(minutes=5),
        )
    worker.see("/desk/support/")
    with django_assert_num_queries(11):
        worker.see("/desk/support/")
