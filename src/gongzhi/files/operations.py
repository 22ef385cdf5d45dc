"""Every write of photos."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gongzhi.base.actor import Actor, ActorKind
from gongzhi.base.bounds import need_everything
from gongzhi.base.errors import NotAllowed, NotFound, Refused
from gongzhi.base.ids import new_id
from gongzhi.files import pictures, queries, storage
from gongzhi.files.models import Opening, Photo
from gongzhi.files.types import PhotoSize, PhotoState, Readable
from gongzhi.trust import crypto

LARGEST = 12 * 1024 * 1024
PIECE = 64 * 1024
ORPHAN_AFTER = timedelta(days=1)


def keep_photo(*, data: bytes | Readable, by: Actor, now: datetime, subject: str = "") -> uuid.UUID:
    """Check an uploaded photo, make its clean copies, seal all three and keep them; refused ones leave nothing."""
    upload = _read(data)
    cleaned = pictures.clean(upload)
    copies = {
        PhotoSize.ORIGINAL: upload,
        PhotoSize.FULL: cleaned.full,
        PhotoSize.THUMBNAIL: cleaned.thumbnail,
    }
    photo = Photo(
        id=new_id(),
        digest=crypto.keyed_digest("files.upload", upload),
        size=len(upload),
        media_type=cleaned.media_type,
        width=cleaned.width,
        height=cleaned.height,
        subject=subject,
        uploaded_at=now,
        uploaded_by=str(by),
    )
    photo.addresses = {size.value: _address(photo.uuid, copy) for size, copy in copies.items()}
    with transaction.atomic():
        photo.save(force_insert=True)
        for size, copy in copies.items():
            storage.current().put(
                photo.addresses[size.value], crypto.encrypt(copy, queries.key_of(photo.uuid))
            )
    return photo.uuid


@transaction.atomic
def attach_photo(*, photo: uuid.UUID, subject: str, by: Actor, now: datetime) -> None:
    """Say which matter a photo belongs to; a photo belongs to one matter for good."""
    row = _lock(photo)
    if row.subject not in ("", subject):
        raise Refused(_("This photo belongs to another matter."), code="photo_elsewhere", field="photo")
    row.subject = subject
    row.save(update_fields=["subject"])


@transaction.atomic
def open_original(*, photo: uuid.UUID, by: Actor, now: datetime, reason: str) -> bytes:
    """The sealed original with all its metadata, for a reason that is put on record."""
    if by.kind is not ActorKind.PERSON:
        raise NotAllowed(_("Only staff can open a sealed original."), code="not_staff")
    if not reason.strip():
        raise Refused(_("Please write why."), code="missing", field="reason")
    opened = queries.read(photo, PhotoSize.ORIGINAL)
    Opening(id=new_id(), photo_id=photo, by=str(by), reason=reason.strip()[:200], opened_at=now).save(
        force_insert=True
    )
    return opened


@transaction.atomic
def erase_photo(*, photo: uuid.UUID, by: Actor, now: datetime, reason: str) -> None:
    """Destroy the photo's key, then its files; a tombstone stays. Erasing twice does nothing more."""
    row = _lock(photo)
    if row.state == PhotoState.ERASED:
        return
    gone = list(row.addresses.values())
    row.state, row.digest, row.addresses = PhotoState.ERASED, b"", {}
    row.erased_at, row.erased_by, row.erase_reason = now, str(by), reason[:200]
    row.save(update_fields=["state", "digest", "addresses", "erased_at", "erased_by", "erase_reason"])
    crypto.erase_key(queries.key_of(row.uuid))
    transaction.on_commit(lambda: _remove(gone))


def put_back(*, address: str, data: bytes) -> None:
    """Store a sealed file that came out of a backup, at the address it had."""
    storage.current().put(address, data)


def sweep_orphans(*, now: datetime) -> int:
    """Remove files that no photo names: left by a transaction that was rolled back, or by a crash."""
    need_everything()  # a photo that is hidden from us is no orphan
    old = [address for address, put_at in storage.current().listing() if put_at < now - ORPHAN_AFTER]
    named = {
        address for photo in Photo.objects.values_list("addresses", flat=True) for address in photo.values()
    }
    orphans = [address for address in old if address not in named]
    _remove(orphans)
    return len(orphans)


def _read(data: bytes | Readable) -> bytes:
    """The whole upload, and never much more of it than is allowed."""
    if isinstance(data, bytes):
        upload = data
    else:
        pieces, held = [], 0
        while held <= LARGEST and (piece := data.read(PIECE)):
            pieces.append(piece)
            held += len(piece)
        upload = b"".join(pieces)
    if len(upload) > LARGEST:
        raise Refused(
            _("The photo is larger than %(megabytes)d MB. Please choose a smaller one.")
            % {"megabytes": LARGEST // 1024 // 1024},
            code="photo_size",
            field="photo",
        )
    return upload


def _address(photo: uuid.UUID, copy: bytes) -> str:
    """Content-addressed within the photo: two matters never share a file, so erasing one never touches the other."""
    return crypto.keyed_digest("files.address", photo.bytes + copy).hex()


def _lock(photo: uuid.UUID) -> Photo:
    row = Photo.objects.select_for_update().filter(id=photo).first()
    if row is None:
        raise NotFound(_("There is no such photo."), code="no_photo")
    return row


def _remove(addresses: list[str]) -> None:
    for address in addresses:
        storage.current().remove(address)
