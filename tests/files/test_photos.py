"""Keeping, opening and erasing photos."""

import io
import uuid
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import transaction
from PIL import Image

from gongzhi.base.actor import RESIDENT, SYSTEM, person
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.files import operations, queries
from gongzhi.files.models import Opening, Photo
from gongzhi.files.types import PhotoSize, PhotoState
from gongzhi.trust.models import SubjectKey
from tests.accounts.county import NOW
from tests.files import pictures_made as made

VERIFIER = person(uuid.UUID(int=7))


def keep(data: object = None, **changes: object) -> uuid.UUID:
    return operations.keep_photo(data=data or made.jpeg(), by=RESIDENT, now=NOW, **changes)


def stored(folder) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_kept_in_two_clean_sizes(folder):
    photo = keep(made.jpeg(4000, 3000))
    full, small = queries.open_photo(photo), queries.open_photo(photo, "thumbnail")
    assert Image.open(io.BytesIO(full)).size == (2048, 1536)
    assert Image.open(io.BytesIO(small)).size == (320, 240)
    assert made.SECRET.encode() not in full + small


def test_an_upload_is_read_as_a_stream(folder):
    photo = keep(io.BytesIO(made.jpeg()))
    assert queries.open_photo(photo)


def test_what_lies_on_disk_is_sealed_and_private(folder):
    keep()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 3
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        assert b"JFIF" not in path.read_bytes() and made.SECRET.encode() not in path.read_bytes()
        assert path.name.isalnum() and len(path.name) == 64


def test_a_file_that_was_tampered_with_does_not_open(folder):
    photo = keep()
    for path in folder.rglob("*"):
        if path.is_file():
            sealed = path.read_bytes()
            path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(InvalidTag):
        queries.open_photo(photo)


class Endless:
    """An upload that never ends."""

    given = 0

    def read(self, size: int = -1, /) -> bytes:
        self.given += size
        return b"\xff" * size


def test_too_large_an_upload_is_refused_before_it_is_read_to_its_end(folder):
    endless = Endless()
    with pytest.raises(Refused, check=lambda error: error.code == "photo_size"):
        keep(endless)
    assert endless.given < 13 * 1024 * 1024
    with pytest.raises(Refused, check=lambda error: "12 MB" in str(error)):
        keep(made.jpeg() + b"\0" * 20_000_000)


@pytest.mark.parametrize("upload", [made.zip_file(), made.heic(), made.jpeg()[:200], b"\0"])
def test_a_refused_upload_leaves_nothing_behind(folder, upload: bytes):
    with pytest.raises(Refused):
        keep(upload)
    assert Photo.objects.count() == SubjectKey.objects.count() == 0
    assert stored(folder) == []


def test_the_same_picture_twice_is_two_photos_that_share_nothing_but_a_digest(folder):
    first, second = keep(), keep()
    assert len({bytes(photo.digest) for photo in Photo.objects.all()}) == 1
    operations.erase_photo(photo=first, by=SYSTEM, now=NOW, reason="asked")
    assert queries.open_photo(second)


def test_an_erased_photo_is_gone_from_disk_and_leaves_a_tombstone(folder, django_capture_on_commit_callbacks):
    photo = keep(subject="case:1")
    with django_capture_on_commit_callbacks(execute=True):
        operations.erase_photo(photo=photo, by=VERIFIER, now=NOW, reason="the reporter asked")
    assert stored(folder) == []
    assert SubjectKey.objects.get().wrapped is None
    for size in (PhotoSize.FULL, PhotoSize.THUMBNAIL):
        with pytest.raises(NotFound, check=lambda error: error.code == "photo_erased"):
            queries.open_photo(photo, size)
    row = Photo.objects.get()
    assert (row.state, row.erase_reason, bytes(row.digest)) == (PhotoState.ERASED, "the reporter asked", b"")
    operations.erase_photo(photo=photo, by=SYSTEM, now=NOW + timedelta(days=1), reason="again")
    assert Photo.objects.get().erased_at == NOW


def test_an_erasure_that_is_rolled_back_keeps_the_files(folder):
    photo = keep()
    with pytest.raises(RuntimeError), transaction.atomic():
        operations.erase_photo(photo=photo, by=SYSTEM, now=NOW, reason="asked")
        raise RuntimeError("changed our mind")
    assert queries.open_photo(photo)


def test_the_sealed_original_opens_only_for_staff_with_a_reason_on_record(folder):
    upload = made.jpeg()
    photo = keep(upload)
    with pytest.raises(ValueError, match="open_original"):
        queries.open_photo(photo, PhotoSize.ORIGINAL)
    with pytest.raises(NotAllowed):
        operations.open_original(photo=photo, by=RESIDENT, now=NOW, reason="curious")
    with pytest.raises(Refused):
        operations.open_original(photo=photo, by=VERIFIER, now=NOW, reason="  ")
    assert Opening.objects.count() == 0
    assert (
        operations.open_original(photo=photo, by=VERIFIER, now=NOW, reason="time of the photo in doubt")
        == upload
    )
    assert Opening.objects.get().reason == "time of the photo in doubt"


def test_a_photo_belongs_to_one_matter_for_good(folder):
    photo = keep()
    for _ in range(2):
        operations.attach_photo(photo=photo, subject="case:1", by=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        operations.attach_photo(photo=photo, subject="case:2", by=SYSTEM, now=NOW)
    assert queries.photos([photo])[photo].subject == "case:1"


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_known_of_many_photos_costs_one_query(folder, django_assert_num_queries, count: int):
    ids = [keep() for _ in range(count)]
    with django_assert_num_queries(1):
        assert len(queries.photos(ids)) == count


def test_an_unknown_photo_is_not_found(folder):
    with pytest.raises(NotFound):
        queries.open_photo(uuid.UUID(int=1))
    with pytest.raises(NotFound):
        operations.erase_photo(photo=uuid.UUID(int=1), by=SYSTEM, now=NOW, reason="x")
