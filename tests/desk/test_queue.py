"""The queue: tabs, filters, search, pages, and what a row says."""

import re
from html import unescape
from importlib import import_module
from urllib.parse import parse_qs

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongzhi.accounts.sessions import sessions_of
from tests.desk.conftest import codes_in


def counts_in(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<span class="count">(\d+)</span>', page)]


def test_an_empty_queue_says_what_will_be_here(dispatcher):
    assert "没有等你处理的事项" in dispatcher.see("/desk/")
    assert "没有超时的事项" in dispatcher.see("/desk/", tab="late")


def test_tabs_show_exact_counts(dispatcher, matters):
    matters.report()
    matters.accepted()
    matters.resolved()
    assert counts_in(dispatcher.see("/desk/")) == [2, 0, 3, 1, 3]


def test_the_most_pressing_comes_first(dispatcher, matters):
    calm = matters.report(kind="hazards.street_light")
    pressing = matters.report(kind="linkage.quarrel", text="有人打架")
    assert codes_in(dispatcher.see("/desk/")) == [pressing, calm]


def test_a_late_case_says_so_in_a_word(dispatcher, matters):
    matters.report(minutes_ago=3, kind="linkage.quarrel", text="有人打架")
    page = dispatcher.see("/desk/", tab="late")
    assert "超时 2 分" in page


def test_a_handler_sees_the_matters_of_the_own_agency_only(handler, outsider, matters):
    code, _task = matters.assigned()
    matters.report()
    assert codes_in(handler.see("/desk/", tab="all")) == [code]
    assert codes_in(outsider.see("/desk/", tab="all")) == []


def test_it_finds_a_case_by_place_and_by_code(dispatcher, matters):
    there = matters.report(place_text="迎春路 8 号")
    matters.report(place_text="沿江步道")
    assert codes_in(dispatcher.see("/desk/", q="迎春路")) == [there]
    assert codes_in(dispatcher.see("/desk/", q=f"{there[:4]} {there[4:8]}")) == [there]


def test_a_search_that_finds_too_many_says_that_it_shows_the_newest(dispatcher, matters, monkeypatch):
    monkeypatch.setattr(import_module("gongzhi.cases.queries.queue"), "FOUND_AT_MOST", 2)
    matters.report(place_text="迎春路 8 号")
    matters.report(place_text="沿江步道")
    assert "只看最新的" not in dispatcher.see("/desk/", q="迎春路")
    matters.report(place_text="迎春路 9 号")
    assert "只看最新的" in dispatcher.see("/desk/", tab="open", q="迎春路")


def test_filters_that_find_nothing_offer_a_way_back(dispatcher, matters):
    matters.report()
    page = dispatcher.see("/desk/", q="nowhere")
    assert "没有符合条件的事项" in page
    assert "清除条件" in page


def test_words_of_a_report_are_shown_as_words(dispatcher, matters):
    matters.report(text="<script>alert(1)</script> 路灯坏了")
    page = dispatcher.see("/desk/")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 路灯坏了" in page


def test_a_row_leads_to_its_case_and_keeps_the_filters(dispatcher, matters):
    code = matters.report()
    assert f'hx-get="/desk/cases/{code}/?tab=open"' in dispatcher.see("/desk/", tab="open")


def test_the_fragment_is_the_queue_alone_and_knows_the_open_case(dispatcher, matters):
    code = matters.report()
    answer = dispatcher.open("/desk/queue/", fragment=True, open=code).content.decode()
    assert answer.startswith('<section id="queue"')
    assert 'aria-current="true"' in answer.split("<ol")[1]


def test_the_ticket_names_the_person_and_the_session_for_the_stream(dispatcher):
    found = re.search(r'data-ticket="([^"]+)"', dispatcher.see("/desk/"))
    assert found
    [session] = sessions_of(dispatcher.person_id, timezone.now())
    told = {"person": str(dispatcher.person_id), "session": str(session.id)}
    assert signing.loads(found[1], salt="gongzhi.stream") == told


def test_a_second_page_is_offered_and_served(dispatcher, matters):
    for _number in range(41):
        matters.report()
    first = dispatcher.see("/desk/")
    place = next_place(first)
    second = dispatcher.see("/desk/", after=place)
    assert (len(codes_in(first)), len(codes_in(second))) == (40, 1)
    assert not set(codes_in(first)) & set(codes_in(second))
    assert 'rel="first"' in second and 'rel="next"' not in second


def next_place(page: str) -> str:
    found = re.search(r'href="\?([^"]+)" data-queue-link rel="next"', page)
    assert found
    return parse_qs(unescape(found[1]))["after"][0]


@pytest.mark.parametrize(
    "place", ["2026", "~", "2026-11-20T00:00:00~x", "0001-01-01T00:00:00+23:59~" + "0" * 32]
)
def test_a_place_that_makes_no_sense_is_the_beginning(dispatcher, matters, place: str):
    code = matters.report()
    assert codes_in(dispatcher.see("/desk/", after=place)) == [code]


def test_a_tab_that_holds_more_than_is_counted_says_so(dispatcher, matters, monkeypatch):
    monkeypatch.setattr(import_module("gongzhi.cases.queries.queue"), "COUNTED", 2)
    matters.report()
    matters.report()
    assert '<span class="count">2+</span>' not in dispatcher.see("/desk/")
    matters.report()
    page = dispatcher.see("/desk/")
    assert '<span class="count">2+</span>' in page
    assert "2 多个事项" in page


@pytest.mark.parametrize("many", [1, 3])
def test_the_desk_asks_the_database_as_often_for_one_row_as_for_three(
    dispatcher, matters, many: int, django_assert_num_queries
):
    for _number in range(many):
        matters.assigned()
    dispatcher.see("/desk/", tab="all")
    with django_assert_num_queries(20):
        dispatcher.see("/desk/", tab="all")


def test_a_report_costs_the_open_desks_one_notification(dispatcher, matters):
    with CaptureQueriesContext(connection) as asked:
        matters.report()
    told = [query["sql"] for query in asked.captured_queries if "gongzhi_cases'" in query["sql"]]
    assert len(set(told)) == 1  # PostgreSQL makes one of equal ones in a transaction
