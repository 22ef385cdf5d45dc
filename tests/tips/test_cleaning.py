"""Working copies say nothing about who made them; what can't be cleaned is refused."""

import io
import zipfile

import pikepdf
import pytest
from PIL import Image

from gongzhi.base.errors import Refused
from gongzhi.tips.cleaning import clean
from gongzhi.tips.cleaning.images import bare

SECRET = "PlantedMaker"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def jpeg(secret: str = SECRET, thumbnail: bool = True) -> bytes:
    """A photo with a maker, a comment and a thumbnail in its metadata."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = secret, secret
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "red").save(out, "JPEG", exif=exif, comment=secret.encode())
    return out.getvalue() + (b"\xff\xd8" + secret.encode() + b"\xff\xd9" if thumbnail else b"")


def png() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Author", SECRET)
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "blue").save(out, "PNG", pnginfo=said)
    return out.getvalue()


def office(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


RELS = (
    '<Relationships xmlns="r"><Relationship Id="a" Type="x/core-properties" Target="docProps/core.xml"/>'
    '<Relationship Id="b" Type="x/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="c" Type="x/attachedTemplate" Target="https://example.test/PlantedMaker" TargetMode="External"/>'
    '<Relationship Id="d" Type="x/hyperlink" Target="https://example.test/seen" TargetMode="External"/>'
    "</Relationships>"
)
DOCUMENT: dict[str, str | bytes] = {
    "[Content_Types].xml": '<Types xmlns="t"><Override PartName="/docProps/core.xml" ContentType="x"/>'
    '<Override PartName="/word/document.xml" ContentType="y"/></Types>',
    "_rels/.rels": RELS,
    "docProps/core.xml": f"<p><creator>{SECRET}</creator></p>",
    "docProps/app.xml": f"<p><Company>{SECRET}</Company></p>",
    "docProps/thumbnail.jpeg": jpeg(),
    "customXml/item1.xml": f"<x>{SECRET}</x>",
    "word/people.xml": f'<p><person author="{SECRET}"/></p>',
    "word/comments.xml": f'<w:c xmlns:w="w"><w:comment w:id="1" w:author="{SECRET}" w:initials="{SECRET}"'
    f' w:date="2026-01-02T03:04:05Z">kept words</w:comment></w:c>',
    "word/document.xml": f'<w:d xmlns:w="w"><w:p w:rsidR="00AB"><w:ins w:author="{SECRET}">kept words</w:ins></w:p></w:d>',
    "word/media/image1.jpeg": jpeg(),
    "word/media/image2.png": png(),
}


def test_a_word_document_keeps_its_words_and_loses_its_makers():
    cleaned = clean(office(DOCUMENT))
    parts = unpacked(cleaned.data)
    assert cleaned.media_type == WORD
    assert SECRET.encode() not in b"".join(parts.values()) + b"".join(n.encode() for n in parts)
    assert b"kept words" in parts["word/document.xml"] and b"kept words" in parts["word/comments.xml"]
    assert b"docProps" not in parts["[Content_Types].xml"] + parts["_rels/.rels"]
    assert b"example.test/seen" in parts["_rels/.rels"] and b'Id="b"' in parts["_rels/.rels"]
    assert b"2026-01-02" not in parts["word/comments.xml"] and b"rsid" not in parts["word/document.xml"]


def test_every_part_of_a_cleaned_document_is_still_xml():
    from defusedxml import ElementTree

    for name, data in unpacked(clean(office(DOCUMENT)).data).items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)


def test_a_workbook_in_a_document_is_cleaned_too():
    inner = office({"xl/workbook.xml": "<w/>", "docProps/core.xml": f"<p><creator>{SECRET}</creator></p>"})
    cleaned = clean(office({**DOCUMENT, "word/embeddings/book.xlsx": inner}))
    assert SECRET.encode() not in b"".join(
        unpacked(unpacked(cleaned.data)["word/embeddings/book.xlsx"]).values()
    )


def test_the_authors_of_remarks_in_a_workbook_and_a_presentation_go():
    book = clean(
        office(
            {
                "xl/workbook.xml": "<w/>",
                "xl/comments1.xml": f"<c><authors><author>{SECRET}</author></authors></c>",
            }
        )
    )
    show = clean(
        office(
            {
                "ppt/presentation.xml": "<p/>",
                "ppt/commentAuthors.xml": f'<p><cmAuthor id="1" name="{SECRET}" initials="PM"/></p>',
            }
        )
    )
    for cleaned in (book, show):
        assert SECRET.encode() not in b"".join(unpacked(cleaned.data).values())


@pytest.mark.parametrize(
    "extra",
    [
        {"word/vbaProject.bin": b"x"},
        {"word/activeX/activeX1.xml": "<x/>"},
        {"word/embeddings/oleObject1.bin": b"x"},
        {"[Content_Types].xml": '<Types><Override PartName="/w" ContentType="a.macroEnabled.main"/></Types>'},
    ],
)
def test_macros_and_embedded_programs_are_refused(extra):
    with pytest.raises(Refused) as refused:
        clean(office({**DOCUMENT, **extra}))
    assert refused.value.code == "file_type"


def test_entities_bombs_and_broken_documents_are_refused():
    entity = '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\x20" * (130 * 1024 * 1024))
    for data in (
        office({**DOCUMENT, "word/document.xml": entity}),
        office({**DOCUMENT, "word/document.xml": "<unfinished"}),
        office({"readme.txt": "a plain archive"}),
        office(DOCUMENT)[:-30],
        bomb.getvalue(),
        b"PK\x03\x04rubbish",
    ):
        with pytest.raises(Refused):
            clean(data)


def pdf(**more: object) -> bytes:
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(200, 200))
        page.obj["/Annots"] = pikepdf.Array(
            [
                made.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=SECRET, Contents="kept words"
                    )
                )
            ]
        )
        photo = pikepdf.Stream(made, jpeg(thumbnail=False))
        photo.update(
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Image,
                "/Filter": pikepdf.Name.DCTDecode,
            }
        )
        page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=photo))
        made.attachments["notes.txt"] = SECRET.encode()
        with made.open_metadata() as said:
            said["dc:creator"] = [SECRET]
        made.docinfo["/Author"] = SECRET
        made.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{SECRET}')")
        out = io.BytesIO()
        made.save(out, **more)
        return out.getvalue()


def test_a_pdf_keeps_its_pages_and_loses_its_makers():
    cleaned = clean(pdf())
    assert cleaned.media_type == "application/pdf"
    with pikepdf.open(io.BytesIO(cleaned.data)) as document:
        assert len(document.pages) == 1
        assert "/Info" not in document.trailer or not list(document.docinfo.keys())
        assert (
            not document.attachments
            and "/OpenAction" not in document.Root
            and "/Metadata" not in document.Root
        )
        [note] = document.pages[0].obj["/Annots"]
        assert "/T" not in note and str(note["/Contents"]) == "kept words"
        everything = b"".join(
            thing.read_raw_bytes() if isinstance(thing, pikepdf.Stream) else str(thing).encode()
            for thing in document.objects
        )
    assert SECRET.encode() not in everything + cleaned.data


def test_a_locked_or_broken_pdf_is_refused():
    locked = pdf(encryption=pikepdf.Encryption(owner="x", user="y"))
    for data in (locked, b"%PDF-1.7 rubbish"):
        with pytest.raises(Refused) as refused:
            clean(data)
        assert refused.value.code == "file_broken"


def test_photos_and_plain_text():
    photo = clean(jpeg())
    assert photo.media_type == "image/jpeg" and SECRET.encode() not in photo.data
    text = clean("第一行\n第二行".encode("gb18030"))
    assert (text.media_type, text.data.decode()) == ("text/plain", "第一行\n第二行")


def test_pixels_inside_documents_stay_byte_for_byte():
    for data in (jpeg(), png()):
        stripped = bare(data)
        assert SECRET.encode() not in stripped
        before, after = (Image.open(io.BytesIO(one)) for one in (data, stripped))
        assert list(before.convert("RGB").getdata()) == list(after.convert("RGB").getdata())


@pytest.mark.parametrize(
    "data", [b"", b"MZ\x90\x00\x03\x00", b"<html><script>x</script>", b"\x7fELF\x02\x01"]
)
def test_other_files_are_refused(data):
    with pytest.raises(Refused):
        clean(data)
