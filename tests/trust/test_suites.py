"""Two suites, many values, master keys that change: whatever was sealed opens for ever, or says what is missing."""

import hashlib
import hmac
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes

from gongzhi.base import postgres
from gongzhi.cases.receipts import receipt_code
from gongzhi.trust import crypto, keyring, operations, queries, suites
from gongzhi.trust.models import SubjectKey
from tests.cases.conftest import NOW

WORDS = "三单元楼道的灯坏了".encode()
BOTH = sorted(suites.SUITES)
MOVING = 400


@pytest.fixture
def keys(settings, tmp_path: Path) -> Path:
    """A keys folder of the test's own."""
    settings.GONGZHI_KEYS = tmp_path / "keys"
    return settings.GONGZHI_KEYS


def test_sm4_gcm_is_the_one_of_rfc_8998():
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound_to = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([b]) * 8 for b in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    sealed = (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert suites.sm4_gcm_seal(key, nonce, plain, bound_to).hex().upper() == sealed
    assert suites.sm4_gcm_open(key, nonce, bytes.fromhex(sealed), bound_to) == plain


def test_sm3_is_the_one_of_the_standard():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("name", BOTH)
def test_each_suite_seals_opens_and_notices_a_changed_byte(name: str):
    suite, key = suites.SUITES[name], os.urandom(suites.KEY_BYTES)
    blob = suites.seal(suite, key, WORDS, b"case:1")
    assert blob[:1] == suite.id and WORDS not in blob
    assert suites.open_sealed(key, blob, b"case:1") == WORDS
    for wrong in (blob[:-1] + bytes([blob[-1] ^ 1]), blob[:20] + bytes([blob[20] ^ 1]) + blob[21:]):
        with pytest.raises(InvalidTag):
            suites.open_sealed(key, wrong, b"case:1")
    with pytest.raises(InvalidTag):
        suites.open_sealed(key, blob, b"case:2")


def test_an_unknown_cipher_is_named():
    with pytest.raises(ValueError, match="unknown cipher"):
        suites.open_sealed(bytes(32), b"\x09" + bytes(40), b"")


@pytest.mark.parametrize("name", BOTH)
def test_contents_are_sealed_in_the_chosen_suite(db, keys, settings, name: str):
    settings.GONGZHI_CRYPTO = name
    assert crypto.encrypt(WORDS, "case:1")[:1] == suites.SUITES[name].id
    assert bytes(SubjectKey.objects.get(subject="case:1").wrapped)[:1] == suites.SUITES[name].id


def test_values_of_both_suites_under_one_subject_all_open(db, keys, settings):
    held = []
    for name in ("international", "national", "international", "national"):
        settings.GONGZHI_CRYPTO = name
        value = f"{name} {len(held)}".encode()
        held.append(
            (value, operations.seal(subject="case:1", name="text", value=value, purpose="report", now=NOW))
        )
    opened = queries.open_many([sealed.id for _value, sealed in held])
    assert [opened[sealed.id] for _value, sealed in held] == [value for value, _sealed in held]
    assert all(queries.proves(sealed.id, sealed.commitment) for _value, sealed in held)


@pytest.mark.parametrize(("then", "later"), [("international", "national"), ("national", "international")])
def test_a_keyed_digest_is_compared_in_the_suite_it_was_made_in(keys, settings, then: str, later: str):
    settings.GONGZHI_CRYPTO = then
    kept, old = crypto.mac("report", WORDS), crypto.keyed_digest("report", WORDS)
    settings.GONGZHI_CRYPTO = later
    assert crypto.mac_fits("report", WORDS, kept) and crypto.mac_fits("report", WORDS, old)
    assert not crypto.mac_fits("report", b"other", kept) and not crypto.mac_fits("report", b"other", old)
    assert crypto.mac("report", WORDS) != kept


def test_a_rotation_brings_every_key_under_the_new_master_key(db, keys, settings):
    blobs = {f"case:{n}": crypto.encrypt(WORDS, f"case:{n}") for n in range(7)}
    crypto.erase_key("case:6")
    settings.GONGZHI_CRYPTO = "national"
    assert list(crypto.rotate(batch=4)) == [(0, 6), (4, 6), (6, 6)]
    assert crypto.keys_in_use() == {1: 0, 2: 6}
    keyring.path_of(1).unlink()
    keyring._read.cache_clear()
    assert all(crypto.decrypt(blobs[f"case:{n}"], f"case:{n}") == WORDS for n in range(6))
    with pytest.raises(crypto.KeyErased):
        crypto.decrypt(blobs["case:6"], "case:6")


def test_a_new_subject_is_wrapped_by_the_newest_master_key(db, keys):
    crypto.encrypt(WORDS, "case:1")
    list(crypto.rotate())
    crypto.encrypt(WORDS, "case:2")
    assert set(SubjectKey.objects.values_list("master", flat=True)) == {2}


def test_a_rotation_that_was_cut_off_is_finished_without_another_key(db, keys):
    for n in range(5):
        crypto.encrypt(WORDS, f"case:{n}")
    cut = crypto.rotate(batch=2)
    next(cut), next(cut)
    cut.close()
    assert crypto.keys_in_use() == {1: 3, 2: 2}
    list(crypto.rotate(batch=2))
    assert crypto.keys_in_use() == {1: 0, 2: 5}
    list(crypto.rotate())
    assert crypto.keys_in_use() == {1: 0, 2: 0, 3: 5}


def test_receipt_codes_and_digests_survive_rotation_and_suite(db, keys, settings):
    client = uuid.UUID(int=7, version=4)
    before = receipt_code(client), crypto.keyed_digest("files.address", b"x")
    crypto.encrypt(WORDS, "case:1")
    list(crypto.rotate())
    settings.GONGZHI_CRYPTO = "national"
    keyring.path_of(1).unlink()
    keyring._read.cache_clear()
    assert (receipt_code(client), crypto.keyed_digest("files.address", b"x")) == before


def test_a_cell_from_before_the_derivation_key_keeps_its_receipt_codes(db, keys):
    keys.mkdir()
    (keys / "master.key").write_text("ab" * 32)
    old = hmac.new(bytes.fromhex("ab" * 32), b"receipt", hashlib.sha256).digest()
    assert crypto.keyed_digest("receipt", b"x") == hmac.new(old, b"x", hashlib.sha256).digest()


def test_a_missing_master_key_is_named(db, keys):
    blob = crypto.encrypt(WORDS, "case:1")
    SubjectKey.objects.update(master=5)
    with pytest.raises(keyring.KeyMissing, match=r"master-5\.key"):
        crypto.decrypt(blob, "case:1")


SLOWLY = """
import time, django
django.setup()
from gongzhi.trust import crypto
for _done in crypto.rotate(batch=5):
    time.sleep(0.02)
"""


@pytest.mark.slow
def test_a_rotation_killed_in_the_middle_loses_nothing_and_is_finished(clean_cell, keys):
    blobs = {f"case:{n}": crypto.encrypt(WORDS, f"case:{n}") for n in range(MOVING)}
    told = {"DATABASE_URL": clean_cell.url(postgres.ENGINE), "GONGZHI_KEYS": str(keys)}
    process = subprocess.Popen([sys.executable, "-c", SLOWLY], env={**os.environ, **told})
    while crypto.keys_in_use().get(2, 0) < MOVING // 5:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    used = crypto.keys_in_use()
    assert used[1] > 0 and used[2] > 0, "the kill must fall in the middle"
    assert all(crypto.decrypt(blob, subject) == WORDS for subject, blob in blobs.items())
    list(crypto.rotate())
    assert crypto.keys_in_use() == {1: 0, 2: MOVING}
    assert all(crypto.decrypt(blob, subject) == WORDS for subject, blob in blobs.items())
