"""Hostile bytes: whatever is sent, the answer is a clean JPEG or a sentence, and nothing is left behind."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gongzhi.base.errors import Refused
from gongzhi.files import pictures
from gongzhi.files.models import Photo
from gongzhi.trust.models import SubjectKey
from tests.files import pictures_made as made

ORIGINALS = (made.jpeg(160, 120), made.png("P", 60, 40), made.webp(), made.several_in_one(), made.animated())
quickly = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def damaged(draw: Callable) -> bytes:
    """A real upload with bytes flipped, cut out, doubled or cut short."""
    data = bytearray(draw(st.sampled_from(ORIGINALS)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        act = draw(st.sampled_from(("flip", "cut", "double", "end", "fill")))
        if act == "flip" and data:
            data[at] ^= draw(st.integers(1, 255))
        elif act == "cut":
            del data[at : at + draw(st.integers(1, 64))]
        elif act == "double":
            data[at:at] = data[at : at + 32]
        elif act == "end":
            del data[max(at, 8) :]
        else:
            data[at : at + 4] = draw(st.binary(min_size=4, max_size=4))
    return bytes(data)


@quickly
@given(damaged() | st.binary(max_size=200))
def test_a_damaged_photo_is_cleaned_or_refused(upload: bytes) -> None:
    try:
        cleaned = pictures.clean(upload)
    except Refused:
        return
    for copy in (cleaned.full, cleaned.thumbnail):
        picture = Image.open(io.BytesIO(copy))
        picture.load()
        assert picture.format == "JPEG" and not picture.getexif() and made.SECRET.encode() not in copy


@settings(quickly, max_examples=40)
@given(name=st.text(max_size=40), declared=st.sampled_from(["image/jpeg", "text/html", "application/zip"]))
def test_neither_its_name_nor_its_declared_type_is_believed(
    folder: object, client: Client, name: str, declared: str
) -> None:
    upload = SimpleUploadedFile(name or "x.jpg", made.zip_file(), content_type=declared)
    answer = client.post("/api/v1/photos", {"photo": upload})
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("upload", [made.png_that_claims(60_000, 60_000), made.zip_file(), made.heic(), b""])
def test_a_refused_upload_leaves_nothing(folder: object, client: Client, upload: bytes) -> None:
    sent = io.BytesIO(upload)
    sent.name = "photo.jpg"
    answer = client.post("/api/v1/photos", {"photo": sent})
    assert 400 <= answer.status_code < 500
    assert not Photo.objects.exists() and not SubjectKey.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]  # type: ignore[attr-defined]
