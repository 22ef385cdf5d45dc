"""The queue's filters, read from an address and written back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.http import QueryDict

from gongzhi.desk import filters

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AREA = "018f4c3e-5a10-7c3a-9d2e-3b1f00000001"


def read(query: str) -> filters.Address:
    return filters.read(QueryDict(query), NOW)


def test_an_empty_address_shows_what_waits_for_me():
    assert read("").filters.tab == "mine"
    assert read("").filters.after == ""


def test_every_filter_comes_from_the_address():
    found = read(
        f"tab=late&q=井盖&kind=hazards.manhole&status=reported&area={AREA}&since=24h&after=here"
    ).filters
    assert (found.tab, found.text, found.kind, found.status) == (
        "late",
        "井盖",
        "hazards.manhole",
        "reported",
    )
    assert found.area == UUID(AREA)
    assert found.since == NOW - timedelta(hours=24)
    assert found.after == "here"


@pytest.mark.parametrize("query", ["tab=secret", "page=-1", "area=here", "since=ever", "after=%00"])
def test_what_makes_no_sense_is_left_out(query: str):
    assert read(query).filters == read("").filters


def test_a_search_is_cut_and_holds_no_nul():
    assert read("q=" + "长" * 90).filters.text == "长" * 60
    assert read("q=a%00b").filters.text == "ab"


def test_changing_one_filter_keeps_the_others():
    address = read("tab=late&q=井盖&after=here")
    assert QueryDict(address.query(tab="all", after="")).dict() == {"tab": "all", "q": "井盖"}


def test_a_tab_alone_does_not_narrow_the_list():
    assert not read("tab=late&after=here").narrowed
    assert read("tab=late&q=x").narrowed


def test_where_the_page_before_ended_is_short():
    assert read("after=" + "9" * 200).filters.after == "9" * 80
