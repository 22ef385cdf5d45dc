"""Requests about one's own data: asked with a receipt, answered with reasons, carried out, proved."""

import uuid
from datetime import timedelta

import pytest

from gongzhi.base.actor import RESIDENT
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.cases import operations, queries
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep
from gongzhi.cases.receipts import receipt_code
from gongzhi.cases.types import Receipt, Right
from gongzhi.cases.verification import rebuild_all, verify_all
from gongzhi.trust.models import AuditRow, Content
from tests.cases.conftest import MINUTE, NOW, Town

LATER = NOW + timedelta(days=2)


def receipt_of(code: str) -> str:
    return receipt_code(CaseRecord.objects.get(code=code).client_id)


def ask(code: str, right: Right, text: str = "", receipt: str = "") -> Receipt:
    return operations.ask_right(
        client_id=uuid.uuid4(),
        right=right,
        about=code,
        receipt=receipt or receipt_of(code),
        text=text,
        by=RESIDENT,
        now=LATER,
    )


def answer(town: Town, request: str, *, granted: bool = True, law: str = "") -> None:
    operations.answer_right(
        case=request,
        granted=granted,
        reply="照你说的办了" if granted else "还要留作证据",
        law=law,
        by=town.people.dispatcher,
        now=LATER + MINUTE,
    )


def held(code: str) -> set[str]:
    subject = f"case:{CaseRecord.objects.get(code=code).id}"
    return set(Content.objects.filter(subject=subject, sealed__isnull=False).values_list("name", flat=True))


def test_the_clock_is_the_countys_own_fifteen_working_days(town: Town):
    request = ask(town.closed(), Right.COPY)
    [clock] = CaseClock.objects.filter(case__code=request.case_code)
    assert (clock.name, clock.status) == ("answer", "running")
    assert clock.due_at is not None and (clock.due_at - LATER).days == 21


def test_a_wrong_receipt_asks_for_nothing(town: Town):
    code = town.closed()
    with pytest.raises(NotAllowed):
        ask(code, Right.DELETE, receipt="000000000000")
    assert CaseRecord.objects.filter(kind="personal-data.rights_request").count() == 0


def test_deleting_erases_what_the_reporter_gave_and_proves_it_without_its_words(town: Town):
    code = town.closed(contact="13800000001")
    given = held(code)
    assert {"text", "place_text", "contact"} <= given
    request = ask(code, Right.DELETE)
    answer(town, request.case_code)
    assert held(code) == given - {"text", "place_text", "contact"}
    [step] = CaseStep.objects.filter(case__code=request.case_code, kind="right_answered")
    assert {name for name, _content in step.data["done"]} == {"text", "place_text", "contact"}
    tombstones = Content.objects.filter(id__in=[content for _name, content in step.data["done"]])
    assert all(row.erased_at is not None and row.sealed is None for row in tombstones)
    assert CaseRecord.objects.get(code=code).place_text == ""
    assert verify_all().clean and rebuild_all().clean


def test_words_needed_for_a_matter_still_open_stay_until_it_ends(town: Town):
    code = town.accepted(contact="13800000001")
    request = ask(code, Right.DELETE)
    with pytest.raises(Refused) as refused:
        answer(town, request.case_code)
    assert refused.value.code == "still_open"
    assert "text" in held(code)


def test_a_refusal_needs_its_reason_and_its_article(town: Town):
    request = ask(town.accepted(), Right.DELETE)
    with pytest.raises(Refused) as refused:
        answer(town, request.case_code, granted=False)
    assert refused.value.field == "law"
    answer(town, request.case_code, granted=False, law="个人信息保护法第四十七条")
    picture = queries.public_picture(request.case_code, request.receipt_code, LATER + MINUTE)
    assert "还要留作证据" in [step.words for step in picture.steps]
    assert CaseRecord.objects.get(code=request.case_code).outcome == "refused"


def test_only_the_one_who_asked_reads_the_request(town: Town):
    request = ask(town.closed(), Right.EXPLAIN, "为什么要留三年？")
    picture = queries.public_picture(request.case_code, "", LATER)
    assert picture.locked and not picture.steps and picture.right is None
    mine = queries.public_picture(request.case_code, request.receipt_code, LATER)
    assert mine.right is not None and mine.right.right == "explain"


def test_a_correction_goes_on_the_file_it_corrects(town: Town):
    code = town.closed()
    request = ask(code, Right.CORRECT, "是二号门，不是三号门")
    answer(town, request.case_code)
    copy = queries.own_copy(code, receipt_of(code))
    assert "是二号门，不是三号门" in [given["words"] for given in copy["given"]]


def test_the_contact_goes_at_once_while_the_matter_goes_on(town: Town):
    code = town.accepted(contact="13800000001")
    receipt = receipt_of(code)
    assert queries.public_picture(code, receipt, LATER).has_contact
    assert operations.withdraw_contact(case=code, receipt=receipt, now=LATER) == 1
    assert operations.withdraw_contact(case=code, receipt=receipt, now=LATER) == 0
    assert "contact" not in held(code) and "text" in held(code)
    assert not queries.public_picture(code, receipt, LATER).has_contact
    with pytest.raises(NotAllowed):
        operations.withdraw_contact(case=code, receipt="000000000000", now=LATER)


def test_a_copy_holds_what_was_given_and_what_was_answered(town: Town):
    code = town.closed(contact="13800000001")
    copy = queries.own_copy(code, receipt_of(code))
    words = [given["words"] for given in copy["given"]]
    assert {"路口被堵住了", "文化路口", "13800000001"} <= set(words)
    assert "办好了" in [step["words"] for step in copy["steps"]]
    operations.note_copy_taken(case=code, receipt=receipt_of(code), now=LATER)
    assert AuditRow.objects.filter(kind="exported", purpose="copy").count() == 1


def test_asking_and_answering_stand_in_the_audit_log(town: Town):
    answer(town, ask(town.closed(), Right.KNOW).case_code)
    rows = AuditRow.objects.filter(kind="rights_request").order_by("seq").values_list("purpose", flat=True)
    assert list(rows) == ["know", "know: granted"]


def test_only_the_centre_answers(town: Town):
    request = ask(town.closed(), Right.KNOW).case_code
    for by in (town.people.handler, town.people.verifier, town.people.gridworker):
        with pytest.raises((NotAllowed, NotFound)):  # not theirs, or nothing they know of
            operations.answer_right(case=request, granted=True, reply="好", by=by, now=LATER)


def test_an_ordinary_case_is_not_closed_by_this_back_door(town: Town):
    code = town.accepted()
    with pytest.raises(Refused) as refused:
        operations.answer_right(
            case=code, granted=True, reply="好", by=town.people.dispatcher, now=NOW + MINUTE
        )
    assert refused.value.code == "not_this_kind"
