"""Pictures inside documents: their pixels stay byte for byte, what the camera wrote goes."""

import struct

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
KEPT_APPS = (0xE0, 0xEE)  # JFIF and Adobe: without them colours change
START_OF_SCAN, END_OF_IMAGE, COMMENT = 0xDA, 0xD9, 0xFE
PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"sBIT", b"pHYs")


def bare(data: bytes) -> bytes:
    """The picture without metadata; what is no JPEG or PNG comes back as it is."""
    if data.startswith(JPEG):
        return _bare_jpeg(data)
    return _bare_png(data) if data.startswith(PNG) else data


def _bare_jpeg(data: bytes) -> bytes:
    """All segments but comments and application data, where thumbnails lie too; nothing behind the end of the image,
    where cameras hang a second one."""
    out, at = [data[:2]], 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise ValueError("a JPEG out of step")
        marker = data[at + 1]
        if marker == END_OF_IMAGE:
            break
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker == START_OF_SCAN:
            end = _end_of_scan(data, end)
        if not _says_more(marker):
            out.append(data[at:end])
        at = end
    return b"".join([*out, b"\xff\xd9"])


def _says_more(marker: int) -> bool:
    application = 0xE0 <= marker <= 0xEF
    return marker == COMMENT or (application and marker not in KEPT_APPS)


def _end_of_scan(data: bytes, start: int) -> int:
    """Where the next real marker stands: within a scan, FF is followed by 00 or a restart."""
    at = data.find(b"\xff", start)
    while at >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at = data.find(b"\xff", at + 2)
    return len(data)


def _bare_png(data: bytes) -> bytes:
    out, at = [PNG], len(PNG)
    while at + 12 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if name in PIXEL_CHUNKS:
            out.append(data[at : at + 12 + size])
        at += 12 + size
        if name == b"IEND":
            break
    return b"".join(out)
