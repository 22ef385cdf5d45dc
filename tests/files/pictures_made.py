"""Uploads as phones and mischief make them."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw, PngImagePlugin

SECRET = "Zhang San, 13800000000"
GPS_IFD, ORIENTATION, ARTIST = 0x8825, 0x0112, 0x013B


def drawing(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red on the left, green on the right, so that one sees which way is up."""
    image = Image.new(mode, (width, height), "green")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height), fill="red")
    return image


def jpeg(width: int = 640, height: int = 480, *, orientation: int = 1) -> bytes:
    """A phone's photo: place, owner, comment, thumbnail and colour profile inside."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = orientation, SECRET
    exif.get_ifd(GPS_IFD)[2] = (29.0, 47.0, 30.0)
    exif.get_ifd(GPS_IFD)[4] = (119.0, 41.0, 10.0)
    out = io.BytesIO()
    drawing(width, height).save(
        out,
        "JPEG",
        exif=exif,
        comment=SECRET.encode(),
        icc_profile=b"icc " + SECRET.encode(),
        xmp=b"<x:xmpmeta>" + SECRET.encode(),
    )
    return out.getvalue()


def png(mode: str = "RGB", width: int = 640, height: int = 480) -> bytes:
    out, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET)
    Image.new(mode, (width, height)).save(out, "PNG", pnginfo=words)
    return out.getvalue()


def webp() -> bytes:
    out = io.BytesIO()
    drawing(mode="RGBA").save(out, "WEBP", exif=_exif_with_secret())
    return out.getvalue()


def several_in_one() -> bytes:
    """An MPO: what some phones call a JPEG, with a second picture behind the first."""
    out = io.BytesIO()
    drawing().save(out, "MPO", save_all=True, append_images=[drawing(320, 240)])
    return out.getvalue()


def animated() -> bytes:
    out = io.BytesIO()
    drawing().save(out, "WEBP", save_all=True, append_images=[drawing()], duration=100)
    return out.getvalue()


def zip_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.jpg", "not a photo")
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would unpack into gigabytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + _chunk(b"IEND", b"")
    )


def heic() -> bytes:
    return b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 100


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _exif_with_secret() -> Image.Exif:
    exif = Image.Exif()
    exif[ARTIST] = SECRET
    return exif
