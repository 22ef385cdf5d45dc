"""Word, Excel and PowerPoint: properties, thumbnails and the names of authors go; macros are refused.

Names stand in attributes and small elements, and are blanked there: writing the XML anew would change its prefixes,
which Office reads. Every part is first read by a parser that refuses entities.
"""

import io
import re
import zipfile

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.tips.cleaning.images import bare

KINDS = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
MOST_PARTS = 3000
MOST_BYTES = 120 * 1024 * 1024
DEEPEST = 2
DROPPED = re.compile(
    r"^(docProps/|customXml/|_xmlsignatures/)|/people\.xml$|/persons/|printerSettings|thumbnail", re.I
)
MACROS = re.compile(r"vbaProject|vbaData|activeX|oleObject|macrosheets|\.bin$", re.I)
ALLOWED_BIN = re.compile(r"printerSettings", re.I)
NAMES = re.compile(
    rb"""(\s(?:\w+:)?(?:author|initials|userId|providerId|lastModifiedBy|displayName|userName|name(?=="[^"]*"\s+(?:\w+:)?initials)|creator))="[^"]*\""""
)
AUTHORS = re.compile(
    rb"<((?:\w+:)?(?:author|creator|lastModifiedBy|manager|company|userName))(\s[^>]*)?>[^<]*</", re.I
)
MARKS = re.compile(rb"""(\s(?:w:date|w:rsid\w*|w16du:dateUtc|dt|dT))="[^"]*\"""")
RELATION = re.compile(rb"<Relationship\s[^>]*?/>|<Relationship\s[^>]*?>\s*</Relationship>")
TARGET = re.compile(rb"Target=\"([^\"]*)\"")
TEMPLATE = re.compile(rb"attachedTemplate|relationships/(?:frame|oleObject|image|externalLink)\"")
OVERRIDE = re.compile(rb"<Override\s[^>]*?PartName=\"/([^\"]*)\"[^>]*?/>")


def clean(data: bytes, depth: int = 0) -> tuple[str, bytes]:
    """The media type and the clean copy of a document."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = _checked(source)
        kind = next((kind for folder, kind in KINDS.items() if any(p.startswith(folder) for p in parts)), "")
        if not kind:
            raise _refused(
                _("This kind of file is not taken. Send photos, PDF, Word, Excel, PowerPoint or plain text.")
            )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in parts:
                if not DROPPED.search(name):
                    _put(target, name, _cleaned(name, source.read(name), depth))
    return kind, out.getvalue()


def _checked(source: zipfile.ZipFile) -> list[str]:
    entries = source.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _refused(_("This document unpacks to far more than it should."))
    names = [entry.filename for entry in entries if not entry.is_dir()]
    if len(set(names)) != len(names):
        raise ValueError("two parts of one name")
    for name in names:
        if MACROS.search(name) and not ALLOWED_BIN.search(name):
            raise _refused(_("This document holds macros or embedded programs. Please send it without them."))
    return names


def _put(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Without the time it was packed and the system it was packed on."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(entry, data)


def _cleaned(name: str, data: bytes, depth: int) -> bytes:
    if name.endswith((".xml", ".rels", ".vml")):
        return _cleaned_xml(name, data)
    if name.endswith((".docx", ".xlsx", ".pptx")):
        if depth >= DEEPEST:
            raise _refused(_("This document unpacks to far more than it should."))
        return clean(data, depth + 1)[1]
    return bare(data)


def _cleaned_xml(name: str, data: bytes) -> bytes:
    try:
        ElementTree.fromstring(data, forbid_dtd=True)
    except (DefusedXmlException, ElementTree.ParseError) as error:
        raise ValueError(name) from error
    if b"macroEnabled" in data:
        raise _refused(_("This document holds macros or embedded programs. Please send it without them."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16").encode().replace(b"UTF-16", b"UTF-8")
    if name.endswith(".rels"):
        return RELATION.sub(_kept_relation, data)
    if name == "[Content_Types].xml":
        return OVERRIDE.sub(lambda found: b"" if DROPPED.search(found[1].decode()) else found[0], data)
    data = NAMES.sub(rb'\1=""', data)
    return AUTHORS.sub(rb"<\1></", MARKS.sub(b"", data))


def _kept_relation(found: "re.Match[bytes]") -> bytes:
    """Relations to what was dropped go, and those that would call another machine; links a reader clicks stay."""
    text = found[0]
    where = TARGET.search(text)
    name = where[1].decode().lstrip("/") if where else ""
    outside = b'TargetMode="External"' in text and TEMPLATE.search(text)
    return b"" if outside or DROPPED.search(name) or "people.xml" in name or "persons/" in name else text


def _refused(message: str) -> Refused:
    return Refused(message, code="file_type", field="files")
