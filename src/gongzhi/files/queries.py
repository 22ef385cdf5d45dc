"""Every read of photos."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress

from django.utils.translation import gettext as _

from gongzhi.base.bounds import need_everything
from gongzhi.base.errors import NotFound
from gongzhi.files import storage
from gongzhi.files.models import Photo
from gongzhi.files.sniffing import HEAD_BYTES, sniff
from gongzhi.files.types import PhotoPicture, PhotoSize, PhotoState
from gongzhi.trust import crypto


def open_photo(photo_id: uuid.UUID, size: PhotoSize | str = PhotoSize.FULL) -> bytes:
    """A clean copy as JPEG. The sealed original is opened by `operations.open_original`, which keeps a record."""
    if PhotoSize(size) is PhotoSize.ORIGINAL:
        raise ValueError("open the original through operations.open_original")
    return read(photo_id, PhotoSize(size))


def photos(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, PhotoPicture]:
    """What is known of several photos, in one query; ids nobody has are absent."""
    rows = Photo.objects.filter(id__in=set(ids))
    return {row.uuid: _picture(row) for row in rows}


def read(photo_id: uuid.UUID, size: PhotoSize) -> bytes:
    """The bytes of one copy. For this part only."""
    row = Photo.objects.filter(id=photo_id).first()
    if row is None:
        raise NotFound(_("There is no such photo."), code="no_photo")
    try:
        if row.state == PhotoState.ERASED:
            raise storage.Missing(str(photo_id))
        return crypto.decrypt(storage.current().get(row.addresses[size.value]), key_of(row.uuid))
    except (storage.Missing, crypto.KeyErased) as error:
        raise NotFound(_("The photo was erased."), code="photo_erased") from error


def type_of_original(data: bytes) -> tuple[str, str]:
    """The media type of an opened original and the ending of its file name."""
    media_type = sniff(data[:HEAD_BYTES]).value
    return media_type, media_type.rpartition("/")[2]


def stored() -> Iterator[tuple[str, bytes]]:
    """Every stored file as it lies there, sealed, by its address; one that is erased meanwhile is left out."""
    for address, _put_at in storage.current().listing():
        with suppress(storage.Missing):
            yield address, storage.current().get(address)


def lost() -> list[str]:
    """The addresses that a photo names and the storage doesn't have."""
    need_everything()  # a photo that is hidden from us would not be missed
    there = {address for address, _put_at in storage.current().listing()}
    rows = Photo.objects.exclude(state=PhotoState.ERASED).values_list("addresses", flat=True)
    return sorted({address for named in rows for address in named.values()} - there)


def key_of(photo_id: uuid.UUID) -> str:
    """The subject of the photo's own key."""
    return f"photo:{photo_id}"


def _picture(row: Photo) -> PhotoPicture:
    return PhotoPicture(row.uuid, row.width, row.height, PhotoState(row.state), row.uploaded_at, row.subject)
