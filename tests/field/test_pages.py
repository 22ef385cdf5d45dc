"""The phone's pages: what is mine, one-tap steps, reports, messages; and what is never there."""

import io
import json
import re
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

import gongzhi
from gongzhi.accounts.types import Role
from gongzhi.cases.models import CaseRecord
from tests.field.conftest import give, last_area_id, ledger, own_organisation

JSON = {"Accept": "application/json"}
NEW = "018f4c3e-5a10-7c3a-9d2e-3b1f00000102"


def photo(name: str = "result.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of a page's first sending form."""
    form = html.split("data-send", 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'<input type="hidden" name="(task|since|client_id)" value="([^"]*)"', form))


def test_my_tasks_are_there_with_their_one_obvious_button(phone, handlers_case):
    html = phone("handler").get("/field/").content.decode()
    assert f"/field/cases/{handlers_case}/" in html
    assert f'action="/field/cases/{handlers_case}/arrive/"' in html
    assert html.index('class="group"') < html.index("河边步道")


def test_a_grid_worker_has_what_was_given_to_the_township_centre(phone, workers_case):
    assert workers_case in phone("gridworker").get("/field/").content.decode()
    assert workers_case not in phone("gridworker2").get("/field/").content.decode()


def test_an_empty_page_says_how_something_comes(phone):
    assert 'class="empty"' in phone("gridworker").get("/field/").content.decode()


def test_arriving_and_starting_take_one_tap_each(phone, handlers_case):
    client = phone("handler")
    for step in ("arrive", "start"):
        fields = hidden(client.get("/field/").content.decode())
        answer = client.post(f"/field/cases/{handlers_case}/{step}/", fields)
        assert answer.status_code == 302
    assert ledger(handlers_case)[-2:] == ["arrived", "started"]


def test_resolving_takes_words_and_a_photo_but_needs_neither(phone, handlers_case):
    client = phone("handler")
    page = client.get(f"/field/cases/{handlers_case}/resolve/").content.decode()
    fields = {**hidden(page), "words": "盖好了", "photos": photo()}
    assert client.post(f"/field/cases/{handlers_case}/resolve/", fields).url == "/field/"
    assert ledger(handlers_case)[-1] == "resolved"


def test_the_same_sending_twice_does_it_once(phone, handlers_case):
    client = phone("handler")
    for step, words in (("arrive", ""), ("note", "盖子在河里")):
        fields = {
            **hidden(client.get(f"/field/cases/{handlers_case}/{step}/").content.decode()),
            "words": words,
        }
        for _try in range(2):
            answer = client.post(f"/field/cases/{handlers_case}/{step}/", fields, headers=JSON)
            assert json.loads(answer.content)["next"]
    assert ledger(handlers_case).count("arrived") == 1
    assert ledger(handlers_case).count("noted") == 1


def test_not_ours_wants_a_ground(phone, handlers_case):
    client = phone("handler")
    address = f"/field/cases/{handlers_case}/return/"
    fields = hidden(client.get(address).content.decode())
    bare = client.post(address, fields)
    assert bare.status_code == 422
    assert 'aria-invalid="true"' in bare.content.decode()
    assert client.post(address, {**fields, "words": "属于住建"}).status_code == 302
    assert ledger(handlers_case)[-1] == "returned"


def test_a_refusal_keeps_what_was_written(phone, handlers_case):
    client = phone("handler")
    address = f"/field/cases/{handlers_case}/resolve/"
    fields = {"since": timezone.now().isoformat(), "task": str(uuid.UUID(int=5)), "words": "盖好了"}
    answer = client.post(address, fields)
    assert answer.status_code == 422
    assert "盖好了" in answer.content.decode()
    script = client.post(address, fields, headers=JSON)
    assert json.loads(script.content)["errors"]["words"]


def test_a_bad_photo_is_named_and_nothing_is_kept(phone, handlers_case):
    client = phone("handler")
    address = f"/field/cases/{handlers_case}/resolve/"
    fields = hidden(client.get(address).content.decode())
    zipped = SimpleUploadedFile("a.jpg", b"PK\x03\x04", "image/jpeg")
    answer = client.post(address, {**fields, "words": "盖好了", "photos": zipped}, headers=JSON)
    assert set(json.loads(answer.content)["errors"]) == {"photos"}
    assert ledger(handlers_case)[-1] == "assigned"


def test_a_kind_that_needs_a_word_asks_for_it_by_name(phone, demo_cell):
    code = give(own_organisation("handler2", Role.HANDLER), kind="linkage.gas_smell")
    client = phone("handler2")
    address = f"/field/cases/{code}/resolve/"
    page = client.get(address).content.decode()
    assert "检测读数" in page
    assert client.post(address, hidden(page)).status_code == 422
    assert client.post(address, {**hidden(page), "words": "0%LEL"}).status_code == 302


def report_fields(**more: object) -> dict[str, object]:
    return {"client_id": NEW, "text": "路边的树倒了", "place_text": "村口", **more}


def test_a_grid_worker_reports_what_they_found(phone):
    client = phone("gridworker")
    answer = client.post("/field/report/", report_fields(lon="119.685", lat="29.795", photos=photo()))
    record = CaseRecord.objects.get(client_id=NEW)
    assert answer.url == f"/field/report/{record.code}/"
    assert record.source == "grid_worker"
    assert (record.lon_e7, record.lat_e7) == (1196850000, 297950000)
    assert client.get(answer.url).status_code == 200


def test_without_a_point_it_lies_in_the_workers_own_grid_if_they_say_so(phone):
    phone("gridworker").post("/field/report/", report_fields(in_grid=str(last_area_id())))
    assert CaseRecord.objects.get(client_id=NEW).grid == last_area_id()


def test_nobody_reports_into_a_grid_that_is_not_theirs(phone):
    phone("gridworker2").post("/field/report/", report_fields(in_grid=str(last_area_id())))
    assert CaseRecord.objects.get(client_id=NEW).grid is None


def test_a_report_sent_again_with_its_photo_is_one_report(phone):
    client = phone("gridworker")
    first = client.post("/field/report/", report_fields(photos=photo()), headers=JSON)
    again = client.post("/field/report/", report_fields(photos=photo()), headers=JSON)
    assert first.content == again.content
    assert CaseRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "树" * 2001}, "text"),
        ({"text": "树\x00"}, "text"),
        ({"lon": "116.4", "lat": "39.9"}, "place"),
        ({"kind": "no.such"}, "kind"),
        ({"contact": "1" * 121}, "contact"),
    ],
)
def test_a_bad_report_says_what_is_wrong_at_its_place(phone, bad, field):
    answer = phone("gridworker").post("/field/report/", report_fields(**bad), headers=JSON)
    assert answer.status_code == 422
    assert set(json.loads(answer.content)["errors"]) == {field}
    assert CaseRecord.objects.count() == 0


def test_the_kinds_questions_are_asked_in_the_field_and_shown_on_the_case(phone):
    sent = {"kind": "linkage.noise", "form.linkage.noise.source": "square", "secret": "1"}
    client = phone("gridworker")
    assert 'data-questions="linkage.noise" hidden' in client.get("/field/report/").content.decode()
    client.post("/field/report/", report_fields(in_grid=str(last_area_id()), **sent))
    html = client.get(f"/field/cases/{CaseRecord.objects.get().code}/").content.decode()
    assert "声音从哪来" in html and "广场、公园" in html and "请为上报人保密" in html


def test_a_wrong_answer_in_the_field_is_named_at_its_question(phone):
    sent = report_fields(kind="linkage.noise", **{"form.linkage.noise.source": "moon"})
    answer = phone("gridworker").post("/field/report/", sent, headers=JSON)
    assert set(json.loads(answer.content)["errors"]) == {"form.linkage.noise.source"}


def test_what_the_kind_asks_is_read_before_the_work_is_called_done(phone, handlers_case):
    client = phone("handler")
    done = client.get(f"/field/cases/{handlers_case}/resolve/").content.decode()
    assert "井盖装好、与路面平" in done and "最好有：整改后的照片" in done
    assert "井盖装好" not in client.get(f"/field/cases/{handlers_case}/note/").content.decode()


def test_words_about_the_app_become_a_matter_with_a_code(phone):
    client = phone("gridworker")
    client_id = hidden(client.get("/field/app/").content.decode())["client_id"]
    answer = client.post("/field/app/", {"client_id": client_id, "text": "按钮太小"})
    assert answer.url.startswith("/field/report/")
    assert CaseRecord.objects.count() == 1


def test_messages_show_what_was_given_and_count_as_seen(phone, handlers_case):
    client = phone("handler")
    assert 'class="count"' in client.get("/field/").content.decode()
    html = client.get("/field/messages/").content.decode()
    assert f"/field/cases/{handlers_case}/" in html
    assert 'class="count"' not in client.get("/field/").content.decode()


@pytest.mark.parametrize("username", ["dispatcher", "verifier", "sysadmin"])
def test_others_are_told_where_their_pages_are(phone, username):
    assert phone(username).get("/field/").status_code == 403


def test_strangers_are_asked_to_sign_in(client, demo_cell):
    assert client.get("/field/").url.startswith("/sign-in/")


def test_a_case_of_others_is_as_if_it_did_not_exist(phone, handlers_case):
    assert phone("handler2").get(f"/field/cases/{handlers_case}/").status_code == 404


def test_a_photo_is_for_those_who_see_the_case(phone, handlers_case):
    client = phone("handler")
    fields = hidden(client.get(f"/field/cases/{handlers_case}/note/").content.decode())
    client.post(f"/field/cases/{handlers_case}/note/", {**fields, "words": "", "photos": photo()})
    html = client.get(f"/field/cases/{handlers_case}/").content.decode()
    address = re.search(r'src="(/field/cases/[^"]+/thumbnail/)"', html)
    assert address is not None
    assert client.get(address[1])["Content-Type"] == "image/jpeg"
    assert phone("handler2").get(address[1]).status_code == 404


def test_the_phones_position_is_sent_only_as_the_place_of_a_matter():
    script = (Path(gongzhi.__file__).parent / "field/static/field/field.js").read_text(encoding="utf-8")
    assert script.count("getCurrentPosition") == 1
    assert "watchPosition" not in script
    assert script.count("fetch(") == 1  # the one that sends a form


def test_a_step_nobody_knows_is_not_found(phone, handlers_case):
    assert phone("handler").get(f"/field/cases/{handlers_case}/dance/").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(("page", "queries"), [("/field/", 25), ("/field/messages/", 12)])
def test_a_page_costs_the_same_for_one_matter_as_for_three(
    phone, many, page, queries, django_assert_num_queries
):
    for number in range(many):
        give(own_organisation("handler", Role.HANDLER), client_id=uuid.UUID(int=number + 1, version=4))
    client = phone("handler")
    client.get(page)
    with django_assert_num_queries(queries):
        client.get(page)
