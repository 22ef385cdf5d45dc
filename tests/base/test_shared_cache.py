"""The cache all processes share: what one counts, all see."""

import time

from django.core.cache import cache
from django.db import connection

from tests.accounts.side_by_side import side_by_side


def test_a_value_is_kept_until_it_runs_out(db):
    cache.set("a", {"n": 1}, 60)
    assert cache.get("a") == {"n": 1}
    cache.set("a", 2, 0.05)
    time.sleep(0.1)
    assert cache.get("a", "gone") == "gone"
    assert cache.delete("a")
    assert not cache.delete("a")


def test_only_one_adds(db):
    assert cache.add("a", 1, 60)
    assert not cache.add("a", 2, 60)
    assert cache.get("a") == 1
    cache.set("a", 3, 0.05)
    time.sleep(0.1)
    assert cache.add("a", 4, 60), "what has run out is no longer there"


def test_no_count_is_lost_between_threads(clean_cell):
    cache.set("a", 0, 60)
    side_by_side(*(lambda: [cache.incr("a") for _ in range(25)] for _ in range(4)))
    assert cache.get("a") == 100


def test_the_table_holds_no_address(db):
    cache.set("portal:code:192.0.2.77", 1, 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(key, 'escape') || value FROM base_shared_cache")
        [[kept]] = cursor.fetchall()
    assert "192.0.2.77" not in kept


def test_the_table_is_not_logged(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'base_shared_cache'")
        assert cursor.fetchone() == ("u",)
