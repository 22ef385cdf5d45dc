"""Makes clean pictures out of uploaded ones: upright, smaller, and without a word of what the camera wrote."""

import io
import threading
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from gongzhi.base.errors import Refused
from gongzhi.files.sniffing import HEAD_BYTES, FileType, sniff

FULL_SIDE, THUMBNAIL_SIDE = 2048, 320
QUALITY, THUMBNAIL_QUALITY = 85, 78
LONGEST_SIDE = 20_000
MOST_PIXELS = 120_000_000  # for JPEG, which is decoded at a fraction of its size
MOST_PIXELS_AT_ONCE = 40_000_000  # for the others, which have to be unpacked whole
AT_A_TIME = threading.BoundedSemaphore(2)  # unpacking a large photo takes 160 MB

_FORMATS = {FileType.JPEG: "JPEG", FileType.PNG: "PNG", FileType.WEBP: "WEBP"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Two clean JPEGs of one upload."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int
    media_type: str  # of the upload


def clean(data: bytes) -> Cleaned:
    """Check an upload by its content and make its clean copies, or refuse it with a sentence."""
    kind = check_type(data)
    with AT_A_TIME:
        try:
            image = _upright(data, kind)
        except Refused:
            raise
        except Image.DecompressionBombError as error:
            raise _too_many_pixels() from error
        except Exception as error:  # a decoder meets hostile bytes with any exception it likes
            raise _broken() from error
        small = image.copy()
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
        full, thumbnail = _jpeg(image, QUALITY), _jpeg(small, THUMBNAIL_QUALITY)
    return Cleaned(full, thumbnail, image.width, image.height, kind.value)


def check_type(data: bytes) -> FileType:
    """The type of an upload that is a photo; everything else is refused."""
    kind = sniff(data[:HEAD_BYTES])
    if kind is FileType.EMPTY:
        raise Refused(_("The photo is empty. Please choose it again."), code="photo_empty", field="photo")
    if kind is FileType.HEIF:
        raise Refused(
            _("This phone saves photos as HEIC, which we can't read. Take the photo here, or choose a JPEG."),
            code="photo_heic",
            field="photo",
        )
    if kind not in _FORMATS:
        raise Refused(
            _("This file is not a photo. Please choose a JPEG, PNG or WebP."),
            code="photo_type",
            field="photo",
        )
    return kind


def _upright(data: bytes, kind: FileType) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # we have limits of our own, checked before anything is unpacked
        with Image.open(io.BytesIO(data), formats=(_FORMATS[kind],)) as opened:
            _refuse_bomb(opened, kind)
            opened.draft("RGB", (FULL_SIDE, FULL_SIDE))
            opened.load()
            opened.thumbnail((FULL_SIDE, FULL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
            return _without_words(ImageOps.exif_transpose(opened))


def _refuse_bomb(opened: Image.Image, kind: FileType) -> None:
    most = MOST_PIXELS if kind is FileType.JPEG else MOST_PIXELS_AT_ONCE
    if opened.width * opened.height > most or max(opened.size) > LONGEST_SIDE:
        raise _too_many_pixels()


def _without_words(image: Image.Image) -> Image.Image:
    """Only the pixels, on white where the picture is transparent: a new image can carry nothing else over."""
    layered = image.convert("RGBA")
    plain = Image.new("RGB", layered.size, "white")
    plain.paste(layered, mask=layered.getchannel("A"))
    return plain


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _broken() -> Refused:
    return Refused(
        _("The photo is damaged or was cut short. Please choose it again."),
        code="photo_broken",
        field="photo",
    )


def _too_many_pixels() -> Refused:
    return Refused(
        _("The photo has too many pixels. Please choose a smaller one."), code="photo_pixels", field="photo"
    )
