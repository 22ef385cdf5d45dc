"""What the report page's script relies on: photos first, then the words, each safe to repeat."""

import json
import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi.cases.models import CaseRecord
from tests.portal.conftest import INSIDE, upload

JSON = {"Accept": "application/json"}


def keep(resident, client_id, file=None):
    return resident.client.post("/report/photo", {"client_id": client_id, "photo": file or upload()})


def send(resident, client_id, **fields):
    return resident.client.post("/report/", {"client_id": client_id, "seen": "1", **fields}, headers=JSON)


def test_it_keeps_a_photo_once_however_often_it_is_sent(resident, client_id):
    first, again = keep(resident, client_id), keep(resident, client_id)
    assert first.status_code == 201
    token, same = json.loads(first.content)["token"], json.loads(again.content)["token"]
    sent = send(resident, client_id, text="井盖", kept=token)
    repeated = send(resident, client_id, text="井盖", kept=same)
    assert (sent.status_code, repeated.status_code) == (201, 200)
    assert CaseRecord.objects.count() == 1


def test_it_says_what_is_wrong_with_a_photo(resident, client_id):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    answer = keep(resident, client_id, SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg"))
    assert answer.status_code == 422
    assert json.loads(answer.content)["error"]


def test_it_refuses_an_upload_without_a_photo_or_an_id(resident, client_id):
    assert resident.client.post("/report/photo", {"client_id": client_id}).status_code == 422
    assert resident.client.post("/report/photo", {"client_id": "x", "photo": upload()}).status_code == 422


def test_it_answers_the_script_with_the_errors_by_field(resident, client_id):
    answer = send(resident, client_id, text="", contact="1" * 121)
    assert answer.status_code == 422
    assert set(json.loads(answer.content)["errors"]) == {"contact"}


def test_it_answers_a_conflict_with_a_new_id(resident, client_id):
    send(resident, client_id, text="井盖")
    answer = send(resident, client_id, text="路灯")
    assert answer.status_code == 409
    assert json.loads(answer.content)["client_id"] != client_id


def test_it_shows_similar_reports_as_a_choice(resident, stranger, client_id):
    code, _receipt = resident.report()
    asked = {"client_id": client_id, "text": "楼道堆满纸箱", "kind": "hazards.blocked_exit", **INSIDE}
    page = stranger.client.post("/report/similar", asked).content.decode()
    assert f'name="link_to" value="{code}"' in page


def test_it_finds_nothing_similar_while_there_is_too_little_to_go_by(resident, client_id):
    answer = resident.client.post("/report/similar", {"client_id": client_id, "text": "井"})
    assert answer.content.decode().strip() == ""


def test_it_names_the_place_under_a_finger(resident):
    page = resident.see("/report/place", **INSIDE)
    assert "map-pin" in page


def test_it_says_when_a_place_is_too_far_away(resident):
    page = resident.see("/report/place", lon="116.39", lat="39.90")
    assert "far" in page


def test_it_answers_a_place_that_is_no_place(resident):
    assert resident.open("/report/place", lon="x", lat="1").status_code == 422
    assert resident.open("/report/place", lon="1").status_code == 422
    assert resident.open("/report/place", lon="nan", lat="inf").status_code == 422
