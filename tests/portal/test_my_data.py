"""What a resident does with their own data: read the map, ask, take a copy, take the contact back, stop support."""

import csv
import io
import json
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.base import actor
from gongzhi.base.personal import declared
from gongzhi.cases import operations
from gongzhi.cases import queries as cases
from gongzhi.cases.types import AppointmentWay
from gongzhi.trust.purposes import PURPOSES
from tests.portal.conftest import Resident


def worker() -> actor.Actor:
    found = accounts.person_by_username("socialworker")
    assert found is not None
    return actor.person(found.id)


def ask_for_support(resident: Resident, **fields: str) -> tuple[str, str]:
    told = {
        "client_id": str(uuid.uuid4()),
        "kind": "aftercare.somebody_to_talk_to",
        "text": "想有人陪我去办手续",
        "contact": "13800000008",
        "giver": "person",
        "agreed": "1",
        **fields,
    }
    answer = resident.client.post("/support/", told)
    assert answer.status_code == 302, answer.content.decode()
    return resident.receipt()


def test_the_map_names_every_declaration_there_is(resident):
    lines = json.loads(resident.see("/data/map.json"))["lines"]
    sources = {line["source"] for line in lines}
    tables = {f"table:{label}.{name}" for label, name, _ in declared() if label != "trust.Content"}
    assert tables | {f"purpose:{key}" for key in PURPOSES} <= sources
    page = resident.see("/data/")
    assert all(line["purpose"] in page and line["retention"] in page for line in lines)


def test_the_map_goes_home_as_a_table(resident):
    text = resident.see("/data/map.csv").lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["source"] for row in rows} >= {"purpose:contact", "table:accounts.Person.email"}
    assert all(row["basis"] and row["retention"] for row in rows)


def test_the_contact_is_taken_back_with_one_button(resident, stranger):
    code, receipt = resident.report(contact="13800000001")
    assert f"/c/{code}/contact/withdraw/" in resident.see(f"/c/{code}/")
    assert f"/c/{code}/contact/withdraw/" not in stranger.see(f"/c/{code}/")
    answer = resident.client.post(f"/c/{code}/contact/withdraw/", follow=True)
    assert "已经删了" in answer.content.decode()
    assert not cases.public_picture(code, receipt, timezone.now()).has_contact
    assert f"/c/{code}/contact/withdraw/" not in resident.see(f"/c/{code}/")


@pytest.mark.parametrize("address", ["contact/withdraw/", "support/withdraw/", "support/renew/"])
def test_nobody_acts_on_a_case_without_its_receipt(resident, stranger, address):
    code, receipt = resident.report(contact="13800000001")
    assert stranger.client.post(f"/c/{code}/{address}").status_code == 422
    assert cases.public_picture(code, receipt, timezone.now()).has_contact


def test_a_copy_is_for_the_holder_of_the_receipt_alone(resident, stranger):
    code, _receipt = resident.report(contact="13800000001")
    copy = json.loads(resident.see(f"/c/{code}/copy.json"))
    assert "13800000001" in [line["words"] for line in copy["given"]]
    text = resident.see(f"/c/{code}/copy.txt")
    assert "13800000001" in text and "二层楼道" in text
    for ending in ("json", "txt"):
        answer = stranger.open(f"/c/{code}/copy.{ending}")
        assert answer.status_code == 422
        assert "13800000001" not in answer.content.decode()


def test_a_request_is_sent_with_two_codes_and_gets_two_of_its_own(resident):
    code, receipt = resident.report()
    told = {"client_id": uuid.uuid4(), "about": code, "receipt": receipt, "right": "delete"}
    assert resident.client.post("/data/request/", told).status_code == 302
    request, request_receipt = resident.receipt()
    assert request != code
    picture = cases.public_picture(request, request_receipt, timezone.now())
    assert picture.right is not None and (picture.right.right, picture.right.about) == ("delete", code)


def test_sent_twice_it_is_one_request(resident):
    code, receipt = resident.report()
    told = {"client_id": uuid.uuid4(), "about": code, "receipt": receipt, "right": "copy"}
    resident.client.post("/data/request/", told)
    first = resident.receipt()
    resident.client.post("/data/request/", told)
    assert resident.receipt() == first


def test_guessing_receipts_is_stopped_and_counted_together_with_the_page_of_the_case(resident, stranger):
    code, receipt = resident.report()
    told = {"client_id": uuid.uuid4(), "about": code, "receipt": "000000000000", "right": "know"}
    for turn in range(10):
        if turn % 2:
            answer = stranger.client.post("/data/request/", told)
        else:
            answer = stranger.client.post(f"/c/{code}/receipt/", {"receipt": "000000000000"})
        assert answer.status_code == 422
    assert stranger.client.post("/data/request/", {**told, "receipt": receipt}).status_code == 429


def test_what_is_missing_is_said_beside_its_field(resident):
    page = resident.client.post("/data/request/", {"client_id": uuid.uuid4()}).content.decode()
    for field in ("about", "receipt", "right"):
        assert f'id="{field}-error"' in page


def test_without_the_tick_no_support_begins(resident):
    told = {"client_id": uuid.uuid4(), "kind": "aftercare.referral", "text": "想申请补助", "contact": "1"}
    answer = resident.client.post("/support/", {**told, "giver": "person"})
    assert answer.status_code == 422
    assert 'id="agreed-error"' in answer.content.decode()


def test_support_is_shut_to_whoever_has_only_the_code(resident, stranger):
    code, receipt = ask_for_support(resident)
    page = stranger.see(f"/c/{code}/")
    assert "回执码" in page
    for hidden in ("聊聊", "帮扶人员", "司法", "陪我去", "13800000008", 'class="stages"'):
        assert hidden not in re.sub(r"<(header|footer).*?</\1>", "", page, flags=re.S)
    assert stranger.client.post(f"/c/{code}/receipt/", {"receipt": receipt}).status_code == 302
    assert "陪我去办手续" in stranger.see(f"/c/{code}/")


def test_the_person_reads_the_appointment_and_calls_it_off(resident):
    code, _receipt = ask_for_support(resident)
    now = timezone.now()
    visit = operations.agree_appointment(
        case=code,
        way=AppointmentWay.TALK,
        at=now + timedelta(days=1),
        by=worker(),
        now=now,
        note="在驿站门口见",
    )
    assert "在驿站门口见" in resident.see(f"/c/{code}/")
    resident.client.post(f"/c/{code}/support/{visit}/cancel/")
    page = resident.see(f"/c/{code}/")
    assert "取消了" in page and f"/support/{visit}/cancel/" not in page


def test_stopping_works_at_once_and_leaves_no_word(resident):
    code, _receipt = ask_for_support(resident)
    assert "停止并撤回同意" in resident.see(f"/c/{code}/")
    page = resident.client.post(f"/c/{code}/support/withdraw/", follow=True).content.decode()
    assert "陪我去办手续" not in page and "停止并撤回同意" not in page
    assert "陪我去办手续" not in resident.see(f"/c/{code}/copy.txt")


def test_agreeing_to_go_on_counts_anew(resident):
    code, receipt = ask_for_support(resident)
    resident.client.post(f"/c/{code}/support/renew/")
    picture = cases.public_picture(code, receipt, timezone.now())
    assert picture.support is not None and len(picture.support.consents) == 2
