"""The local folder behind the storage interface."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gongzhi.base.actor import RESIDENT
from gongzhi.files import operations, queries, storage
from gongzhi.files.storage import LocalFolder, Missing
from tests.accounts.county import NOW
from tests.files import pictures_made as made

ADDRESS = "ab" * 32


def test_what_is_put_is_got_until_it_is_removed(tmp_path: Path):
    kept = LocalFolder(tmp_path)
    kept.put(ADDRESS, b"one")
    kept.put(ADDRESS, b"one")
    assert kept.get(ADDRESS) == b"one"
    assert [address for address, _ in kept.listing()] == [ADDRESS]
    kept.remove(ADDRESS)
    kept.remove(ADDRESS)
    with pytest.raises(Missing):
        kept.get(ADDRESS)


@pytest.mark.parametrize("address", ["", "../../etc/passwd", "AB" * 32, "ab" * 31])
def test_an_address_can_not_lead_out_of_the_folder(tmp_path: Path, address: str):
    with pytest.raises(ValueError):
        LocalFolder(tmp_path).get(address)


def test_a_write_that_fails_leaves_neither_half_a_file_nor_a_trace(tmp_path: Path, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        LocalFolder(tmp_path).put(ADDRESS, b"one")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_files_no_photo_names_are_swept_after_a_day(folder):
    photo = operations.keep_photo(data=made.jpeg(), by=RESIDENT, now=NOW)
    kept = storage.current()
    kept.put(ADDRESS, b"left by a crash")
    now = datetime.now(UTC)
    assert operations.sweep_orphans(now=now) == 0
    assert operations.sweep_orphans(now=now + timedelta(days=2)) == 1
    assert queries.open_photo(photo)
    with pytest.raises(Missing):
        kept.get(ADDRESS)


def test_a_large_photo_is_kept_in_a_moment(folder):
    before = time.monotonic()
    operations.keep_photo(data=made.jpeg(4000, 3000), by=RESIDENT, now=NOW)
    assert time.monotonic() - before < 3
