"""Snap and report without JavaScript: what is taken in, what is refused, what a retry gets."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi.cases.models import CaseRecord, CaseStep
from tests.portal.conftest import INSIDE, photos_of, upload


def cases() -> int:
    return CaseRecord.objects.count()


def test_it_offers_the_kinds_residents_may_report(resident):
    page = resident.see("/report/")
    assert 'value="hazards.blocked_exit"' in page
    assert "intake.unsorted" not in page


def test_it_takes_in_a_report_of_nothing_but_words(resident):
    answer = resident.send(text="路灯坏了")
    assert (answer.status_code, answer["Location"]) == (302, "/receipt/")
    assert cases() == 1


def test_it_takes_in_a_report_of_nothing_but_a_photo(resident):
    assert resident.send(photos=[upload()]).status_code == 302
    code, receipt = resident.receipt()
    assert (len(code), len(receipt)) == (13, 12)


def test_it_gives_the_same_receipt_when_the_page_is_sent_twice(resident):
    fields = resident.fill_in(text="井盖没了", seen="1")
    first = resident.client.post("/report/", {**fields, "photos": [upload()]})
    code = resident.receipt()
    again = resident.client.post("/report/", {**fields, "photos": [upload()]})
    assert (first.status_code, again.status_code) == (302, 302)
    assert resident.receipt() == code
    assert cases() == 1


def test_it_asks_to_start_anew_when_the_same_id_comes_with_other_words(resident):
    fields = resident.fill_in(text="井盖没了")
    resident.client.post("/report/", fields)
    answer = resident.client.post("/report/", {**fields, "text": "路灯坏了"})
    assert answer.status_code == 422
    assert fields["client_id"] not in answer.content.decode()
    assert cases() == 1


def test_it_keeps_the_codes_out_of_the_address(resident):
    answer = resident.send(text="路灯坏了")
    code, receipt = resident.receipt()
    assert code not in answer["Location"] and receipt not in answer["Location"]


NOISE = {"text": "半夜还在唱歌", "kind": "linkage.noise"}


def test_the_questions_of_a_kind_are_hidden_until_it_is_chosen(resident):
    assert 'data-questions="linkage.noise" hidden' in resident.see("/report/")
    assert 'data-questions="linkage.noise"><legend>' in resident.see("/report/?kind=linkage.noise")


def test_answers_are_taken_in_and_shown_to_the_reporter(resident):
    resident.send(**NOISE, **{"form.linkage.noise.source": "square", "form.linkage.noise.now": "yes"})
    page = resident.see(f"/c/{resident.receipt()[0]}/")
    assert "声音从哪来" in page and "广场、公园" in page


def test_no_question_has_to_be_answered(resident):
    assert resident.send(**NOISE).status_code == 302


def test_answers_to_another_kind_are_left_out(resident):
    assert resident.send(text="路灯坏了", **{"form.linkage.noise.source": "moon"}).status_code == 302


def test_an_answer_that_does_not_fit_is_named(resident):
    answer = resident.send(**NOISE, **{"form.linkage.noise.source": "moon"})
    assert answer.status_code == 422
    assert "“声音从哪来”请从给出的答案里选一个。" in answer.content.decode()
    assert cases() == 0


def test_wishes_stand_in_the_first_step(resident):
    resident.send(text="路灯坏了", no_reply="1", secret="1")
    data = CaseStep.objects.get(seq=1).data
    assert data["no_reply"] is True and data["secret"] is True


REFUSED = [
    ({"text": ""}, "text"),
    ({"text": " \n "}, "text"),
    ({"text": "井\x00盖"}, "text"),
    ({"text": "字" * 2001}, "text"),
    ({"text": "井盖", "place_text": "处" * 201}, "place_text"),
    ({"text": "井盖", "contact": "1" * 121}, "contact"),
    ({"text": "井盖", "kind": "no.such.kind"}, "kind"),
    ({"text": "井盖", "lon": "116.39", "lat": "39.90"}, "place"),
]


@pytest.mark.parametrize(("fields", "named"), REFUSED)
def test_it_says_at_the_field_what_is_wrong_and_keeps_nothing(resident, fields, named):
    answer = resident.send(**fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    line = page.split(f'data-error-for="{named}"', 1)[1].split("</p>", 1)[0]
    assert not line.lstrip().startswith("hidden")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in line), line
    assert cases() == 0


def test_it_keeps_what_was_typed_when_something_is_wrong(resident):
    page = resident.send(text="三号楼<b>二层</b>", contact="1" * 121).content.decode()
    assert "三号楼&lt;b&gt;二层&lt;/b&gt;" in page


def a_zip() -> SimpleUploadedFile:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "not a photo")
    return SimpleUploadedFile("photo.jpg", out.getvalue(), content_type="image/jpeg")


def test_it_names_the_photo_that_is_none_and_keeps_the_good_one(resident):
    answer = resident.send(text="井盖没了", photos=[upload(), a_zip()])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "photo.jpg" in page
    assert page.count('name="kept"') == 1
    assert cases() == 0


def test_it_takes_the_kept_photo_when_the_page_is_sent_again(resident):
    fields = resident.fill_in(contact="1" * 121)
    page = resident.client.post("/report/", {**fields, "photos": [upload()]}).content.decode()
    token = page.split('name="kept" value="', 1)[1].split('"', 1)[0]
    answer = resident.client.post("/report/", {**fields, "contact": "", "kept": token})
    assert answer.status_code == 302
    assert len(photos_of(*resident.receipt())) == 1


def test_it_ignores_a_photo_that_was_kept_for_another_report(resident, client_id):
    fields = resident.fill_in(contact="1" * 121)
    page = resident.client.post("/report/", {**fields, "photos": [upload()]}).content.decode()
    token = page.split('name="kept" value="', 1)[1].split('"', 1)[0]
    answer = resident.client.post("/report/", {"client_id": client_id, "text": "井盖", "kept": token})
    assert answer.status_code == 302
    assert photos_of(*resident.receipt()) == []


def test_it_refuses_more_photos_than_it_takes(resident):
    answer = resident.send(text="井盖", photos=[upload(f"{n}.jpg") for n in range(7)])
    assert answer.status_code == 422
    assert cases() == 0


def test_it_shows_a_report_from_nearby_once_before_taking_in_the_same_again(resident):
    resident.report()
    fields = resident.fill_in(text="楼道堆满纸箱，消防门打不开", kind="hazards.blocked_exit", **INSIDE)
    asked = resident.client.post("/report/", fields)
    assert asked.status_code == 200
    page = asked.content.decode()
    assert 'name="link_to"' in page
    assert cases() == 1
    answer = resident.client.post("/report/", {**fields, "seen": "1"})
    assert answer.status_code == 302
    assert cases() == 2


def test_it_adds_a_report_to_the_one_it_is_about(resident, stranger):
    first, _receipt = resident.report()
    second, _receipt = stranger.report(text="还是那堆纸箱", link_to=first)
    page = stranger.see(f"/c/{second}/")
    assert first in page


def test_it_keeps_a_photo_chosen_twice_once(resident):
    assert resident.send(text="井盖", photos=[upload("a.jpg"), upload("b.jpg")]).status_code == 302
    assert len(photos_of(*resident.receipt())) == 1
