"""The atlas in memory follows the database: after a commit, after a rollback, in other processes, under threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from gongzhi.base.actor import SYSTEM
from gongzhi.territory import operations, queries, shelf
from gongzhi.territory.types import Level
from tests.territory import lists


@pytest.fixture
def often(monkeypatch):
    """Look at the database at every read, as a reader does after two seconds."""
    monkeypatch.setattr(shelf, "SECONDS_BETWEEN_CHECKS", -1.0)


def take(folder):
    return operations.import_divisions(folder_or_files=folder, county_code="330122", by=SYSTEM, now=lists.NOW)


def test_a_reader_asks_the_database_nothing_between_two_looks(
    tmp_path, clean_cell, django_assert_num_queries
):
    take(lists.folder(tmp_path))
    queries.root()
    with django_assert_num_queries(0):
        queries.areas_at(Level.TOWNSHIP)


def test_a_look_that_finds_nothing_new_is_one_query(tmp_path, clean_cell, often, django_assert_num_queries):
    take(lists.folder(tmp_path))
    before = shelf.current()
    with django_assert_num_queries(1):
        assert shelf.current() is before


def test_a_writer_sees_its_own_change_at_once(tmp_path, clean_cell):
    folder = lists.folder(tmp_path)
    take(folder)
    assert queries.area_by_code("330122102") is None
    take(lists.folder(tmp_path, streets=lists.with_line("streets", "330122102,横村镇,330122,33,3301")))
    assert queries.area_by_code("330122102").name == "横村镇"


def test_another_process_sees_it_at_its_next_look(tmp_path, clean_cell, often, monkeypatch):
    take(lists.folder(tmp_path))
    queries.root()
    monkeypatch.setattr(shelf, "touched", lambda: None)  # the change is made elsewhere
    take(lists.folder(tmp_path, streets=lists.with_line("streets", "330122102,横村镇,330122,33,3301")))
    assert queries.area_by_code("330122102").name == "横村镇"


def test_what_was_rolled_back_is_forgotten(tmp_path, clean_cell):
    take(lists.folder(tmp_path))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(lists.folder(tmp_path, streets=lists.with_line("streets", "330122102,横村镇,330122,33,3301")))
        assert queries.area_by_code("330122102").name == "横村镇"
        raise ZeroDivisionError
    assert queries.area_by_code("330122102") is None


def test_a_revision_of_a_rolled_back_change_is_never_taken_for_the_next_one(tmp_path, clean_cell):
    take(lists.folder(tmp_path))
    for name in ("横村镇", "分水镇"):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            take(
                lists.folder(tmp_path, streets=lists.with_line("streets", f"330122102,{name},330122,33,3301"))
            )
            assert queries.area_by_code("330122102").name == name
            raise ZeroDivisionError


def test_threads_read_while_another_writes(tmp_path, clean_cell, often):
    take(lists.folder(tmp_path / "one"))
    two = lists.folder(
        tmp_path / "two", streets=lists.with_line("streets", "330122102,横村镇,330122,33,3301")
    )
    done = threading.Event()

    def read() -> set[int]:
        seen = set()
        while not done.is_set():
            seen.add(len(queries.areas_at(Level.TOWNSHIP)))
        connection.close()
        return seen

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read) for _reader in range(4)]
        take(two)
        assert len(queries.areas_at(Level.TOWNSHIP)) == 3
        done.set()
    assert all(reader.result() <= {2, 3} for reader in readers)


def test_two_writers_wait_for_each_other(tmp_path, clean_cell):
    folder = lists.folder(tmp_path)

    def write() -> int:
        try:
            return take(folder).added
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        added = [threads.submit(write) for _writer in range(2)]
    assert sorted(one.result() for one in added) == [0, 8]
