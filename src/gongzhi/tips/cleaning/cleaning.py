"""Which cleaner a file gets, by its content; what can't be cleaned is refused."""

import zipfile
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.files import pictures
from gongzhi.tips.cleaning import office, pdf


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean working copy; a photo becomes a JPEG, everything else stays what it was."""

    media_type: str
    data: bytes = field(repr=False)


def clean(data: bytes) -> Cleaned:
    """The clean copy of a photo, PDF, Word, Excel or PowerPoint document, or plain text."""
    if not data:
        raise Refused(_("The file is empty."), code="file_empty", field="files")
    if data[:5] == b"%PDF-":
        return Cleaned("application/pdf", pdf.clean(data))
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if (words := _plain_text(data)) is not None:
        return Cleaned("text/plain", words)
    return Cleaned("image/jpeg", _photo(data))


def _office(data: bytes) -> Cleaned:
    try:
        media_type, cleaned = office.clean(data)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Refused(
            _(
                "This document is damaged or protected and can't be cleaned. Please send it as a PDF or photo."
            ),
            code="file_broken",
            field="files",
        ) from error
    return Cleaned(media_type, cleaned)


def _photo(data: bytes) -> bytes:
    try:
        return pictures.clean(data).full
    except Refused as refused:
        if refused.code != "photo_type":
            raise Refused(refused.message, code=refused.code, field="files") from refused
        raise Refused(
            _("This kind of file is not taken. Send photos, PDF, Word, Excel, PowerPoint or plain text."),
            code="file_type",
            field="files",
        ) from refused


def _plain_text(data: bytes) -> bytes | None:
    """Text that is nothing but text; anything with control characters is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(c in "\t\n\r" or ord(c) >= 32 for c in words) and not words.startswith(
            ("<?xml", "<html", "<!")
        ):
            return words.encode()
    return None
