"""Putting words and files of a tip into boxes, the same way from either side."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from gongzhi.tips import cleaning, words
from gongzhi.tips.contents import fingerprint, place, shut_words
from gongzhi.tips.ledger import Box
from gongzhi.tips.models import Tip, TipFile, TipMessage
from gongzhi.tips.types import Upload
from gongzhi.trust import boxes

Rows = list[TipMessage | TipFile]


def message(tip: Tip, key: bytes, said: Any, *, from_reporter: bool, on: date) -> TipMessage:
    """A message as a row that is not written yet."""
    row = TipMessage(id=uuid.uuid4(), tip=tip, seq=tip.last_seq + 1, from_reporter=from_reporter, day=on)
    row.sealed = shut_words(key, said, place(tip.id, "message", row.id))
    return row


def files(tip: Tip, key: bytes, uploads: Sequence[Upload], *, on: date) -> list[TipFile]:
    """Files as rows that are not written yet: checked, cleaned, the original beside the copy."""
    return [_file(tip, key, upload, on) for upload in words.uploads(uploads)]


def _file(tip: Tip, key: bytes, upload: Upload, on: date) -> TipFile:
    cleaned = cleaning.clean(upload.data)
    row = TipFile(id=uuid.uuid4(), tip=tip, seq=tip.last_seq + 1, from_reporter=True, day=on)
    about = {"name": upload.name.strip()[-120:], "type": cleaned.media_type, "size": len(cleaned.data)}
    row.about = shut_words(key, about, place(tip.id, "file", row.id))
    row.copy = boxes.shut(key, cleaned.data, place(tip.id, "copy", row.id))
    row.original = boxes.shut(key, upload.data, place(tip.id, "original", row.id))
    return row


def boxes_of(rows: Sequence[TipMessage | TipFile]) -> list[Box]:
    """What the ledger says of these rows."""
    return [(*_named(row),) for row in rows]


def write(rows: Sequence[TipMessage | TipFile]) -> None:
    """Write them, after the step that names them."""
    for row in rows:
        row.save(force_insert=True)


def _named(row: TipMessage | TipFile) -> Box:
    if isinstance(row, TipMessage):
        return "message", str(row.id), fingerprint(row.sealed)
    return "file", str(row.id), fingerprint(row.about, row.copy, row.original)
