"""Simplified Chinese is complete, part by part, and says the same things with the same blanks to fill."""

import re

import polib
import pytest

from tests.repository.msgids import of_part, parts_with_words
from tests.repository.source import PACKAGE

BLANKS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+(?::[^}\s]*)?\}")


def _po(part: str) -> polib.POFile:
    path = PACKAGE / part / "locale/zh_Hans/LC_MESSAGES/django.po"
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def _translated(part: str) -> set[tuple[str | None, str]]:
    return {(entry.msgctxt, entry.msgid) for entry in _po(part) if entry.translated() and not entry.obsolete}


@pytest.mark.parametrize("part", parts_with_words())
def test_every_text_of_the_part_has_chinese_words(part):
    assert sorted(text for _context, text in of_part(part) - _translated(part)) == []


@pytest.mark.parametrize("part", parts_with_words())
def test_no_translation_is_left_over(part):
    left = {entry.msgid for entry in _po(part)} - {text for _context, text in of_part(part)}
    assert sorted(left) == []


@pytest.mark.parametrize("part", parts_with_words())
def test_translations_fill_the_same_blanks(part):
    wrong = [
        entry.msgid
        for entry in _po(part)
        for said in (entry.msgstr, *entry.msgstr_plural.values())
        if said
        and not set(BLANKS.findall(said)) <= set(BLANKS.findall(entry.msgid + (entry.msgid_plural or "")))
    ]
    assert wrong == []
