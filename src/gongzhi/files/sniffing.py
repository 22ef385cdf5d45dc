"""What a file really is, from its first bytes; its name is never asked."""

from enum import StrEnum

HEAD_BYTES = 32
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


class FileType(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIF = "image/heif"
    OTHER = "other"
    EMPTY = "empty"


def sniff(head: bytes) -> FileType:
    """The type of a file by its signature."""
    if not head:
        return FileType.EMPTY
    if head.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileType.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return FileType.HEIF
    return FileType.OTHER
