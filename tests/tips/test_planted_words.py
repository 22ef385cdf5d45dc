"""Words are planted in a tip, and then looked for in every table, file, log, job and session of the cell."""

import base64
import io
import logging
import zipfile
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from gongzhi.accounts import demo as people
from gongzhi.base import postgres
from gongzhi.base.actor import SYSTEM
from gongzhi.programs import operations as programs
from gongzhi.territory import operations as territory
from gongzhi.tips import keyrings, operations, queries, upkeep
from gongzhi.tips.models import Tip, TipFile
from gongzhi.tips.types import Identity, OriginalReason, TipOutcome, Upload
from tests.tips.conftest import DAY, NOW, TipTown

PLANTED = {
    "text": "琥珀色的骆驼",
    "contact": "plantedcontact@example.test",
    "name": "欧阳植入",
    "file name": "plantedfilename",
    "file content": "PlantedContentInside",
    "document author": "PlantedAuthorName",
    "answer": "翡翠色的企鹅",
    "addition": "朱红色的鲸鱼",
    "hand-over": "青铜色的狐狸",
    "kept from": "某被点名者",
}


def document() -> bytes:
    """A small Word document whose author and words are planted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("docProps/core.xml", f"<x><creator>{PLANTED['document author']}</creator></x>")
        parts.writestr("word/document.xml", f"<doc>{PLANTED['file content']}</doc>")
    return out.getvalue()


@pytest.fixture
def told(clean_cell: postgres.Server, cheap_guesses, caplog) -> tuple[postgres.Server, list[str]]:
    """A whole tip with everything that can happen to it, really committed; and the secrets that were shown."""
    caplog.set_level(logging.DEBUG)
    programs.load(folder=settings.GONGZHI_PROGRAMS, by=SYSTEM, now=NOW)
    territory.load_demo(by=SYSTEM, now=NOW)
    people.load(now=NOW)
    town = TipTown()
    town.set_up_keys()
    return clean_cell, _tell(town, NOW)


def _tell(town: TipTown, now: datetime) -> list[str]:
    sent = operations.submit_tip(
        text=f"我看见{PLANTED['text']}",
        keep_from=[PLANTED["kept from"]],
        by=town.who("dispatcher"),
        now=now,
        files=[Upload(PLANTED["file name"] + ".docx", document())],
        identity=Identity(PLANTED["name"], PLANTED["contact"]),
    )
    receipt = operations.open_receipt(receipt=sent.receipt, now=now)
    tip, member = receipt.tip, town.acting("tipmember")
    view = operations.open_tip(tip=tip, **member)
    operations.open_file(tip=tip, file=view.files[0].id, **member)
    operations.open_original(tip=tip, file=view.files[0].id, reason=OriginalReason.IS_IT_GENUINE, **member)
    operations.answer_reporter(tip=tip, text=PLANTED["answer"], **member)
    operations.add_message(key=receipt, text=PLANTED["addition"], now=now)
    copy = town.hand(tip, note=PLANTED["hand-over"], files=[view.files[0].id])
    operations.answer_handed(hand_over=copy, text=PLANTED["answer"], **town.acting("handler3"))
    ceremony = operations.ask_identity(tip=tip, purpose="court_order", by=town.who("tipmember"), now=now)
    for name in ("custodian", "custodian2"):
        operations.approve_ceremony(ceremony=ceremony, **town.acting(name))
    operations.read_identity(ceremony=ceremony, **member)
    operations.close_tip(tip=tip, outcome=TipOutcome.TRUE, words=PLANTED["answer"], **member)
    reward = operations.propose_reward(tip=tip, grade="first", fines=0, by=town.who("tipmember"), now=now)
    operations.approve_reward(reward=reward, by=town.who("tipmember2"), now=now)
    claim = operations.claim_reward(key=receipt, now=now)
    _session(keyrings.lock_away(receipt, now=now).shut)
    upkeep.sweep(now + DAY)
    return [sent.receipt, claim, receipt.content_key.hex(), member["key"].private.hex()]


def _session(shut: str) -> None:
    """A key put away between two requests, where a web session would hold it."""
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store["tips"] = shut
    store.save()


def everything(server: postgres.Server) -> bytes:
    """Every row of every table as text, its bytes unpacked, and every file of the data folder."""
    pieces: list[bytes] = []
    with psycopg.connect(server.url(postgres.SUPERUSER)) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            for row in connection.execute(sql.SQL("SELECT * FROM public.{}").format(sql.Identifier(name))):
                pieces += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
        pieces += [str(row).encode() for row in connection.execute("SELECT query FROM pg_stat_activity")]
    for path in Path(settings.GONGZHI_DATA).rglob("*"):
        outside = "postgres" not in path.parts and "static" not in path.parts
        if path.is_file() and outside:
            pieces.append(path.read_bytes())
    return b"\x00".join(pieces)


def ways_to_write(word: str) -> list[bytes]:
    """A word as it could lie around: encodings, hex, base64 in all three shifts, JSON escapes."""
    plain = [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")]
    if not word.isascii():
        plain += [word.encode("gb18030"), ascii(word)[1:-1].encode()]
    shifted = [base64.b64encode(b"x" * n + word.encode())[4 if n else 0 : -4] for n in range(3)]
    return [*plain, *(p.hex().encode() for p in plain), *(s for s in shifted if len(s) > 8)]


def found(haystack: bytes, words: dict[str, str]) -> list[str]:
    lower = haystack.lower()
    return [
        what
        for what, word in words.items()
        if any(way in haystack or way.lower() in lower for way in ways_to_write(word))
    ]


def test_no_planted_word_is_anywhere(told, caplog):
    server, secrets = told
    heap = everything(server)
    assert len(heap) > 100_000
    assert Tip.objects.get().number.encode() in heap  # we do look at the rows
    assert found(heap, PLANTED) == []
    assert found(caplog.text.encode(), PLANTED) == []
    assert found(heap + caplog.text.encode(), {str(n): s for n, s in enumerate(secrets)}) == []


def test_the_search_would_find_them(told):
    """A word that is put in plain, and one put in hex, are found: the test above can fail."""
    server, _ = told
    heap = everything(server)
    assert found(heap + PLANTED["name"].encode(), PLANTED) == ["name"]
    assert found(heap + PLANTED["text"].encode("utf-16-le").hex().encode(), PLANTED) == ["text"]
    assert found(heap + base64.b64encode(b"ab" + PLANTED["answer"].encode()), PLANTED) == ["answer"]
    TipFile.objects.update(about=b"plain: " + PLANTED["file name"].encode())
    assert found(everything(server), PLANTED) == ["file name"]


def test_the_working_copy_has_lost_the_author_and_the_original_has_not(town: TipTown):
    sent = document()
    key = operations.open_receipt(receipt=town.submit(files=[Upload("a.docx", sent)]).receipt, now=NOW)
    view = operations.open_tip(tip=key.tip, **town.acting("tipmember"))
    copy = queries.file_for_reporter(key, view.files[0].id).data
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        said = b"".join(parts.read(name) for name in parts.namelist())
    assert PLANTED["file content"].encode() in said
    assert PLANTED["document author"].encode() not in said
    original = operations.open_original(
        tip=key.tip, file=view.files[0].id, reason=OriginalReason.COPY_UNREADABLE, **town.acting("tipmember")
    )
    assert original.data == sent
