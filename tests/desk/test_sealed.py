"""At the desk a contact is masked on every page, and opens on one, once, with a purpose."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gongzhi.accounts import operations as accounts
from gongzhi.base.actor import SYSTEM
from gongzhi.cases.models import CaseStep
from gongzhi.files import operations as files
from gongzhi.notices import operations as notices
from gongzhi.notices.models import Delivery
from gongzhi.trust.models import AuditRow, Content
from tests.desk.conftest import HTMX
from tests.files.pictures_made import jpeg

PHONE = "13800005678"
HOUR = timedelta(hours=1)


def openings(code: str) -> int:
    return CaseStep.objects.filter(case__code=code, kind="contact_revealed").count()


def reveal(staff, code: str, fragment: bool = False, **fields: str):
    sent = {"version": "1", "field": "contact", "purpose": "ask", "note": "", **fields}
    headers = HTMX if fragment else {}
    return staff.client.post(f"/desk/cases/{code}/contact/", sent, headers=headers)


@pytest.fixture
def undelivered(matters) -> str:
    """A case whose reporter left a phone number, so that a notice could not be sent."""
    code = matters.accepted(contact=PHONE)
    for delivery in Delivery.objects.filter(channel="email", state="waiting"):
        notices.deliver(delivery=delivery.uuid, now=timezone.now())
    return code


def test_no_page_list_export_or_api_answer_shows_the_contact(undelivered, dispatcher, staff):
    code = undelivered
    head, verifier = staff("head"), staff("verifier")
    pages = [
        person.see(address)
        for person in (dispatcher, head, verifier)
        for address in (
            "/desk/?tab=all",
            f"/desk/cases/{code}/",
            f"/desk/cases/{code}/contact/",
            "/desk/inbox/",
        )
    ]
    pages += [dispatcher.see("/desk/undelivered/"), dispatcher.see("/desk/supervision/")]
    pages.append(head.see(f"/desk/cases/{code}/erase/"))
    exported = b"".join(dispatcher.open("/desk/queue.csv", tab="all").streaming_content).decode()
    assert len(list(csv.reader(io.StringIO(exported)))) > 1
    now = timezone.now()
    own = {"person": dispatcher.person_id, "by": dispatcher.actor, "now": now, "expires": now + HOUR}
    key = accounts.issue_token(name="test", **own)
    answer = dispatcher.client.get(f"/api/v1/cases/{code}/steps", headers={"Authorization": f"Bearer {key}"})
    assert json.loads(answer.content)["contact"] == "138****78"
    for page in (*pages, exported, answer.content.decode()):
        assert PHONE not in page
    assert openings(code) == 0 and not AuditRow.objects.filter(kind="revealed").exists()


def test_the_contact_opens_for_sixty_seconds_and_is_kept_nowhere(dispatcher, matters):
    code = matters.accepted(contact=PHONE)
    answer = reveal(dispatcher, code, purpose="tell", note="说一声")
    page = answer.content.decode()
    assert answer.status_code == 200 and f'href="tel:{PHONE}"' in page
    assert "no-store" in answer["Cache-Control"]
    assert f'<meta http-equiv="refresh" content="60;url=/desk/cases/{code}/">' in page
    assert 'data-reveal="60"' in page and openings(code) == 1
    case = dispatcher.see(f"/desk/cases/{code}/")
    assert "打开了联系方式：说明进展或结果" in case and "说一声" in case and PHONE not in case


def test_with_htmx_the_value_alone_comes_back(dispatcher, matters):
    code = matters.accepted(contact=PHONE)
    page = reveal(dispatcher, code, fragment=True).content.decode()
    assert page.lstrip().startswith("<section") and PHONE in page


def test_reading_the_address_opens_nothing(dispatcher, matters):
    code = matters.accepted(contact=PHONE)
    for _again in range(2):
        assert PHONE not in dispatcher.see(f"/desk/cases/{code}/contact/", purpose="ask", field="contact")
    assert openings(code) == 0


@pytest.mark.parametrize("wrong", [{"purpose": ""}, {"purpose": "curiosity"}, {"field": "text"}])
def test_without_a_declared_purpose_nothing_opens(dispatcher, matters, wrong: dict[str, str]):
    code = matters.accepted(contact=PHONE)
    answer = reveal(dispatcher, code, **wrong)
    assert answer.status_code == 422 and PHONE not in answer.content.decode()
    assert openings(code) == 0


def test_whose_task_is_over_is_refused_in_a_sentence(handler, matters):
    code = matters.resolved(contact=PHONE)
    answer = reveal(handler, code)
    assert answer.status_code == 403 and "在这件事上有任务的人能打开" in answer.content.decode()
    assert "联系方式" in handler.see(f"/desk/cases/{code}/") and openings(code) == 0
    assert f"/desk/cases/{code}/contact/" not in handler.see(f"/desk/cases/{code}/")


def test_for_an_outsider_there_is_no_such_case(outsider, matters):
    code, _task = matters.assigned(contact=PHONE)
    assert reveal(outsider, code).status_code == 404
    assert outsider.open(f"/desk/cases/{code}/contact/").status_code == 404


def test_a_reporter_to_be_called_leads_from_the_list_to_the_contact(undelivered, dispatcher):
    page = dispatcher.see("/desk/undelivered/")
    [link] = re.findall(r'href="(/desk/cases/\d+/contact/\?purpose=undelivered)"', page)
    assert undelivered in link and f'href="/desk/cases/{undelivered}/"' in page
    form = dispatcher.see(link)
    assert re.search(r'value="undelivered"[^>]*checked', form)


def test_the_head_holds_and_erases_and_the_case_says_so(dispatcher, staff, matters):
    code, head = matters.accepted(contact=PHONE), staff("head")
    content = Content.objects.get(name="contact").id
    assert "永久删除" in head.see(f"/desk/cases/{code}/")
    assert "永久删除" not in dispatcher.see(f"/desk/cases/{code}/")
    refused = dispatcher.take(code, "erase", content=str(content), reason="asked")
    assert Content.objects.get(id=content).erased_at is None and refused.status_code in (403, 422)
    head.take(code, "hold", until="2099-01-01", ground="事故调查")
    assert "留作证据，保留到" in head.see(f"/desk/cases/{code}/")
    held = head.take(code, "erase", content=str(content), reason="asked")
    assert "已作为证据保留到 2099-01-01" in held.content.decode()
    assert Content.objects.get(id=content).erased_at is None


def test_the_head_erases_for_a_declared_reason(staff, matters):
    code, head = matters.accepted(contact=PHONE), staff("head")
    content = str(Content.objects.get(name="contact").id)
    assert head.take(code, "erase", content=content, reason="because").status_code == 422
    assert head.take(code, "erase", content=content, reason="asked").status_code == 302
    page = head.see(f"/desk/cases/{code}/")
    assert "已删除：联系方式（本人要求）" in page and "138****78" not in page


def originals_opened() -> list[bool]:
    """Of every audit row about opening an original: whether it succeeded."""
    return list(AuditRow.objects.filter(kind="original_opened").values_list("succeeded", flat=True))


def photographed(matters) -> tuple[str, str]:
    photo = files.keep_photo(data=jpeg(orientation=6), by=SYSTEM, now=timezone.now())
    return matters.accepted(photos=[photo]), str(photo)


def test_the_original_of_a_photo_opens_for_a_reason_and_leaves_a_mark(staff, matters):
    code, photo = photographed(matters)
    head = staff("head")
    assert f"/desk/cases/{code}/original/?photo={photo}" in head.see(f"/desk/cases/{code}/")
    asked = {"version": "1", "photo": photo}
    assert head.client.post(f"/desk/cases/{code}/original/", {**asked, "reason": " "}).status_code == 422
    answer = head.client.post(f"/desk/cases/{code}/original/", {**asked, "reason": "核对拍摄时间"})
    assert answer.content == jpeg(orientation=6) and answer["Content-Type"] == "image/jpeg"
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    assert "打开了一张照片的原件" in head.see(f"/desk/cases/{code}/")
    assert originals_opened() == [True]


def test_a_dispatcher_can_not_open_an_original_and_the_attempt_is_seen(dispatcher, matters):
    code, photo = photographed(matters)
    asked = {"version": "1", "photo": photo, "reason": "看看"}
    answer = dispatcher.client.post(f"/desk/cases/{code}/original/", asked)
    assert answer.status_code == 403
    assert "/original/" not in dispatcher.see(f"/desk/cases/{code}/")
    assert originals_opened() == [False]


def test_a_photo_of_another_case_is_not_opened_through_this_one(staff, matters):
    _code, photo = photographed(matters)
    other = matters.accepted()
    asked = {"version": "1", "photo": photo, "reason": "看看"}
    answer = staff("head").client.post(f"/desk/cases/{other}/original/", asked)
    assert answer.status_code == 404 and originals_opened() == []
