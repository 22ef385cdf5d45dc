"""PDF: document information, XMP, authors of notes, attachments, scripts and hidden thumbnails go."""

import io
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.tips.cleaning.images import bare

EVERYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/JS", "/Thumb")
OF_THE_ROOT = ("/OpenAction", "/AcroForm", "/Perms", "/Collection", "/AF", "/Legal")
OF_THE_NAMES = ("/EmbeddedFiles", "/JavaScript")
OF_NOTES = ("/T", "/RC", "/CreationDate", "/M", "/NM")
ATTACHING = ("/FileAttachment", "/Screen", "/Movie", "/Sound", "/RichMedia")
MOST_OBJECTS = 200_000


def clean(data: bytes) -> bytes:
    """The same pages in a fresh file; what was changed earlier does not come along."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted or len(document.objects) > MOST_OBJECTS:
                raise _refused()
            _strip(document)
            document.remove_unreferenced_resources()
            out = io.BytesIO()
            document.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return out.getvalue()
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, RuntimeError) as error:
        raise _refused() from error


def _strip(document: pikepdf.Pdf) -> None:
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    _drop(document.Root, OF_THE_ROOT)
    if "/Names" in document.Root:
        _drop(document.Root["/Names"], OF_THE_NAMES)
    for page in document.pages:
        _strip_notes(page.obj)
    for thing in document.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _drop(thing, EVERYWHERE)
        if isinstance(thing, pikepdf.Stream):
            _bare_picture(thing)


def _strip_notes(page: Any) -> None:
    """Notes stay readable, their authors and attachments don't."""
    if "/Annots" not in page:
        return
    kept = [note for note in page["/Annots"] if str(note.get("/Subtype", "")) not in ATTACHING]
    for note in kept:
        _drop(note, OF_NOTES)
    page["/Annots"] = pikepdf.Array(kept)


def _bare_picture(stream: Any) -> None:
    if stream.get("/Subtype") == pikepdf.Name.Image and stream.get("/Filter") == pikepdf.Name.DCTDecode:
        stream.write(bare(stream.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def _drop(thing: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in thing:
            del thing[key]


def _refused() -> Refused:
    return Refused(
        _("This PDF is damaged or protected by a password. Please send it unprotected or as photos."),
        code="file_broken",
        field="files",
    )
