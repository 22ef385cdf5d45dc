"""POST /photos: pictures by their content; anything else is refused and leaves nothing."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from gongzhi.files.models import Photo


def picture(form: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, form)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        folder.writestr("a.txt", "a")
    return out.getvalue()


def test_it_keeps_a_photo_and_a_report_names_it(api, report):
    kept = api.upload(SimpleUploadedFile("manhole.jpg", picture()))
    assert kept.status == 201
    answer = api.post("reports", {**report, "photos": [kept.body["photo_id"]]})
    assert answer.status == 201


def test_a_photo_belongs_to_one_report(api, report):
    photo = api.upload(SimpleUploadedFile("manhole.jpg", picture())).body["photo_id"]
    api.post("reports", {**report, "photos": [photo]})
    other = {**report, "client_id": "018f4c3e-5a10-7c3a-9d2e-3b1f00000002", "photos": [photo]}
    answer = api.post("reports", other)
    assert (answer.status, answer.body["code"]) == (422, "bad_photo")


@pytest.mark.parametrize("data", [archive(), b"", b"GIF89a", b"<svg/>", picture()[:60]])
def test_it_refuses_what_is_no_picture_whatever_its_name(api, data):
    answer = api.upload(SimpleUploadedFile("photo.jpg", data, "image/jpeg"))
    assert 400 <= answer.status < 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Photo.objects.count() == 0


def test_it_refuses_a_photo_of_20_megabytes(api):
    answer = api.upload(SimpleUploadedFile("photo.jpg", picture() + b"\0" * 20_000_000))
    assert 400 <= answer.status < 500
    assert "MB" in answer.body["detail"]
    assert Photo.objects.count() == 0


def test_it_reads_no_more_than_it_would_ever_take(api):
    answer = api.upload(SimpleUploadedFile("photo.jpg", b"\0" * 25_200_000))
    assert (answer.status, answer.body["code"]) == (413, "too_large")


def test_it_wants_a_file(demo_cell):
    assert Client().post("/api/v1/photos", {}).status_code == 422
    assert Client().post("/api/v1/photos", "x", content_type="application/json").status_code == 415
    broken = Client().post("/api/v1/photos", b"x", content_type="multipart/form-data")
    assert broken.status_code == 400
