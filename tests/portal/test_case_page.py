"""The public page of a case: what a stranger sees, what the receipt opens, how guessing ends."""

from django.test import Client
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import person
from gongzhi.cases import operations
from gongzhi.cases.models import CaseStep
from gongzhi.cases.types import RevealPurpose
from tests.portal.conftest import photos_of, upload

TEXT = "二层楼道堆满纸箱，消防门打不开。"


def test_it_finds_a_case_however_its_code_was_typed(resident):
    code, _receipt = resident.report()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    for typed in (code, f"{code[:4]} {code[4:8]}-{code[8:12]} {code[12]}", wide):
        answer = resident.open("/c/", code=typed)
        assert (answer.status_code, answer["Location"]) == (302, f"/c/{code}/")


def test_it_says_what_is_wrong_with_a_code(resident):
    code, _receipt = resident.report()
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert resident.open("/c/", code="123").status_code == 422
    assert resident.open("/c/", code=wrong).status_code == 422
    assert resident.open(f"/c/{wrong}/").status_code == 404
    assert resident.open("/c/0000000000001/").status_code == 404
    assert resident.open("/c/").status_code == 200


def test_it_shows_a_stranger_the_state_and_not_the_words(resident, stranger):
    code, _receipt = resident.report(text=f"{TEXT}我叫李四。", contact="13800000000")
    page = stranger.see(f"/c/{code}/")
    assert "李四" not in page and "13800000000" not in page
    assert 'aria-current="step"' in page


def test_it_opens_the_rest_with_the_receipt_typed_once(resident, stranger):
    code, receipt = resident.report()
    answer = stranger.client.post(
        f"/c/{code}/receipt/", {"receipt": f"{receipt[:4]} {receipt[4:8]} {receipt[8:]}"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/c/{code}/")
    assert TEXT in stranger.see(f"/c/{code}/")
    assert TEXT in stranger.see(f"/c/{code}/")


def test_what_a_stranger_showed_is_forgotten_after_twelve_hours(resident):
    resident.report()
    assert resident.client.cookies["sessionid"]["max-age"] == 12 * 3600


def test_it_refuses_a_wrong_receipt_and_in_the_end_any(resident, stranger):
    code, receipt = resident.report()
    for _time in range(10):
        assert stranger.client.post(f"/c/{code}/receipt/", {"receipt": "1"}).status_code == 422
    assert stranger.client.post(f"/c/{code}/receipt/", {"receipt": receipt}).status_code == 429


def test_it_slows_down_those_who_guess_codes(stranger):
    for _time in range(30):
        assert stranger.open("/c/0000000000001/").status_code == 404
    valid_but_unknown = "0000000000005"
    answers = {stranger.open(f"/c/{valid_but_unknown}/").status_code for _time in range(40)}
    assert answers <= {404, 429}


def test_it_shows_markup_in_a_report_as_text(resident):
    code, _receipt = resident.report(text="<script>alert(1)</script> & <b>井盖</b>")
    page = resident.see(f"/c/{code}/")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;井盖&lt;/b&gt;" in page


def test_it_takes_more_facts_from_the_holder_of_the_receipt(resident):
    code, _receipt = resident.report()
    answer = resident.client.post(f"/c/{code}/more/", {"text": "又多了两箱", "photos": [upload()]})
    assert answer.status_code == 302
    assert 'role="status"' in resident.see(f"/c/{code}/")
    assert CaseStep.objects.filter(case__code=code, kind="information_added").count() == 1


def test_it_takes_no_facts_from_anybody_else(resident, stranger):
    code, _receipt = resident.report()
    assert stranger.client.post(f"/c/{code}/more/", {"text": "x"}).status_code == 422
    assert CaseStep.objects.filter(case__code=code, kind="information_added").count() == 0


def test_it_keeps_what_was_typed_when_more_facts_are_too_long(resident):
    code, _receipt = resident.report()
    answer = resident.client.post(f"/c/{code}/more/", {"text": "字" * 2001})
    assert answer.status_code == 422
    assert "字" * 2001 in answer.content.decode()


def test_it_asks_why_when_it_is_not_solved(resident):
    code, _receipt = resident.report()
    answer = resident.client.post(f"/c/{code}/verdict/", {"solved": "no", "why": " "})
    assert answer.status_code == 422


def test_it_takes_no_verdict_before_the_end(resident):
    code, _receipt = resident.report()
    answer = resident.client.post(f"/c/{code}/verdict/", {"solved": "yes"})
    assert answer.status_code == 422
    assert not CaseStep.objects.filter(case__code=code, kind="verdict_given").exists()


def test_it_refuses_a_form_from_another_site(resident):
    code, _receipt = resident.report()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/c/{code}/receipt/", {"receipt": "1"}).status_code == 403


def test_it_shows_a_photo_to_the_holder_and_to_nobody_else(resident, stranger):
    code, receipt = resident.report(photos=[upload()], kind="linkage.quarrel")
    photo = photos_of(code, receipt)[0]
    assert resident.open(f"/photos/{photo}/thumbnail/")["Content-Type"] == "image/jpeg"
    assert stranger.open(f"/photos/{photo}/thumbnail/").status_code == 404
    assert resident.open(f"/photos/{photo}/original/").status_code == 404


def test_it_has_no_receipt_for_those_who_sent_nothing(stranger):
    answer = stranger.open("/receipt/")
    assert answer.status_code == 404
    assert "/report/" in answer.content.decode()


def test_the_reporter_sees_that_the_contact_was_opened_and_a_stranger_does_not(resident, stranger):
    code, _receipt = resident.report(contact="13800005678")
    found = accounts.person_by_username("dispatcher")
    assert found is not None
    operations.reveal_contact(case=code, purpose=RevealPurpose.ASK, by=person(found.id), now=timezone.now())
    page = resident.see(f"/c/{code}/")
    assert "谁打开过你的联系方式" in page and "了解情况" in page and found.organisation_name in page
    assert found.display_name not in page and "13800005678" not in page
    assert "谁打开过" not in stranger.see(f"/c/{code}/")
