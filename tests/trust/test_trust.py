"""Sealed contents: only the keys open them, a commitment proves them, erasing is for ever."""

import pytest
from cryptography.exceptions import InvalidTag

from gongzhi.base.actor import SYSTEM
from gongzhi.trust import crypto, operations, queries
from gongzhi.trust.models import Content, SubjectKey
from tests.cases.conftest import NOW

pytestmark = pytest.mark.django_db
WORDS = "门口的井盖不见了".encode()


def seal(subject: str = "case:1", value: bytes = WORDS):  # type: ignore[no-untyped-def]
    return operations.seal(subject=subject, name="text", value=value, purpose="report", now=NOW)


def test_what_is_sealed_opens_again_and_proves_its_commitment(db: None) -> None:
    sealed = seal()
    assert queries.open_content(sealed.id) == WORDS
    assert queries.proves(sealed.id, sealed.commitment)


def test_the_database_holds_no_plain_word(db: None) -> None:
    row = Content.objects.get(id=seal().id)
    assert WORDS not in bytes(row.sealed or b"")


def test_the_same_words_have_another_commitment_each_time(db: None) -> None:
    assert seal().commitment != seal().commitment


def test_a_changed_value_is_noticed(db: None) -> None:
    sealed = seal()
    other = Content.objects.get(id=seal(value=b"other").id)
    Content.objects.filter(id=sealed.id).update(sealed=other.sealed)
    assert not queries.proves(sealed.id, sealed.commitment)


def test_a_value_moved_to_another_subject_does_not_open(db: None) -> None:
    blob = crypto.encrypt(WORDS, "case:1")
    crypto.encrypt(WORDS, "case:2")
    with pytest.raises(InvalidTag):
        crypto.decrypt(blob, "case:2")


def test_erasing_removes_value_salt_and_with_the_last_one_the_key(db: None) -> None:
    first, second = seal(), seal()
    for sealed in (first, second):
        assert SubjectKey.objects.get(subject="case:1").wrapped is not None
        operations.erase(content=sealed.id, by=SYSTEM, now=NOW, reason="本人要求")
    row = Content.objects.get(id=first.id)
    assert (row.sealed, row.salt) == (None, None)
    assert SubjectKey.objects.get(subject="case:1").wrapped is None
    assert queries.open_content(first.id) is None
    assert queries.proves(first.id, first.commitment), "an erased content breaks no chain"


def test_a_content_without_a_declared_purpose_is_not_sealed(db: None) -> None:
    with pytest.raises(ValueError, match="undeclared purpose"):
        operations.seal(subject="case:1", name="text", value=b"x", purpose="curiosity", now=NOW)
