"""The queue: tabs, filters, search, pages, and what a row says."""

import re
from importlib import import_module

import pytest
from django.core import signing

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


def test_the_ticket_names_the_person_for_the_stream(dispatcher):
    found = re.search(r'data-ticket="([^"]+)"', dispatcher.see("/desk/"))
    assert found
    assert signing.loads(found[1], salt="gongzhi.stream") == {"person": str(dispatcher.person_id)}


def test_a_second_page_is_offered_and_served(dispatcher, matters):
    for _number in range(41):
        matters.report()
    first, second = dispatcher.see("/desk/"), dispatcher.see("/desk/", page="2")
    assert len(codes_in(first)) == 40
    assert len(codes_in(second)) == 1
    assert 'rel="next"' in first and 'rel="prev"' in second


@pytest.mark.parametrize("many", [1, 3])
def test_the_desk_asks_the_database_as_often_for_one_row_as_for_three(
    dispatcher, matters, many: int, django_assert_num_queries
):
    for _number in range(many):
        matters.assigned()
    dispatcher.see("/desk/", tab="all")
    with django_assert_num_queries(24):
        dispatcher.see("/desk/", tab="all")
