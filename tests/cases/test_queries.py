"""What each person sees, and what a stranger sees, and how many queries it takes."""

from datetime import timedelta
from importlib import import_module

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Scope
from gongzhi.base import postgres
from gongzhi.base.actor import Actor
from gongzhi.base.errors import NotFound
from gongzhi.cases import queries
from gongzhi.territory.types import Point
from tests import demo
from tests.cases.conftest import MINUTE, NOW, PLACE, Town

LATER = NOW + 3 * MINUTE
FAR = Point(119.2787, 29.9261)  # another township


def scope(who: Actor) -> Scope:
    assert who.person_id is not None
    return accounts.scope_of(who.person_id, NOW.date())


def counted(asked: CaptureQueriesContext) -> int:
    """The queries of a page, without the look every few seconds whether the map of areas has changed."""
    return sum("territory" not in query["sql"] for query in asked.captured_queries)


def codes(town: Town, who: Actor, tab: str = "all") -> set[str]:
    return {row.code for row in queries.queue(scope(who), queries.QueueFilters(tab=tab), LATER).rows}


def test_a_dispatcher_of_the_county_sees_every_case(town: Town) -> None:
    assert codes(town, town.people.dispatcher) == set() and town.report(1).created
    assert codes(town, town.people.dispatcher) == {town.report(1).case_code}


def test_an_agency_sees_what_was_given_to_it_and_nothing_else(town: Town) -> None:
    given, _task = town.assigned(1)
    town.report(2)
    assert codes(town, town.people.handler) == {given}
    assert codes(town, town.people.handler2) == set()


def test_a_grid_worker_sees_only_their_own_grid(town: Town) -> None:
    town.report(1, place=FAR)
    assert codes(town, town.people.gridworker) == set()


def test_a_case_out_of_scope_is_as_if_it_did_not_exist(town: Town) -> None:
    code = town.report().case_code
    with pytest.raises(NotFound):
        queries.case_picture(scope(town.people.handler2), code, LATER)


def test_administrators_see_no_case(town: Town) -> None:
    town.report()
    for name in ("sysadmin", "secadmin", "auditadmin"):
        person = accounts.person_by_username(name)
        assert person is not None
        assert (
            queries.queue(
                accounts.scope_of(person.id, NOW.date()), queries.QueueFilters(tab="all"), LATER
            ).total
            == 0
        )


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_takes_the_same_queries_for_one_row_and_for_three(town: Town, number: int) -> None:
    for i in range(number):
        town.assigned(i + 1)
    viewer = scope(town.people.dispatcher)
    queries.queue(viewer, queries.QueueFilters(tab="all"), LATER)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = queries.queue(viewer, queries.QueueFilters(tab="all"), LATER)
    assert page.total == number
    assert counted(asked) == 11


@pytest.mark.parametrize("number", [1, 3])
def test_the_work_list_takes_the_same_queries_for_one_task_and_for_three(town: Town, number: int) -> None:
    for i in range(number):
        town.assigned(i + 1)
    viewer = scope(town.people.handler)
    queries.my_work(viewer, LATER)
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.my_work(viewer, LATER)) == number
    assert counted(asked) == 15


def test_the_queue_counts_late_cases_and_what_waits_for_me(town: Town) -> None:
    town.report(1)
    town.resolved(2)
    counts = queries.queue(
        scope(town.people.verifier), queries.QueueFilters(tab="mine"), NOW + 21 * MINUTE
    ).counts
    assert counts["to_verify"] == counts["mine"] == 1
    assert counts["late"] == 1 and counts["all"] == 2


def test_search_finds_public_words_and_codes_and_not_sealed_ones(town: Town) -> None:
    code = town.report(text="秘密的话", place_text="文化路口").case_code

    def found(text: str) -> int:
        return queries.queue(
            scope(town.people.dispatcher), queries.QueueFilters(tab="all", text=text), LATER
        ).total

    assert (found("文化"), found(code[4:9]), found("秘密"), found("%")) == (1, 1, 0, 0)


@pytest.mark.parametrize("words", ["化", "文化", "路口", "北路口东侧", "8号", "100%"])
def test_any_piece_of_a_place_finds_it(town: Town, words: str) -> None:
    town.report(1, place_text="文化北路口东侧8号，坡度100%")
    town.report(2, place_text="文明路")
    assert found(town, town.people.dispatcher, words) == 1


@pytest.mark.parametrize("words", ["文路", "路文", "%", "_化"])
def test_letters_that_do_not_stand_together_find_nothing(town: Town, words: str) -> None:
    town.report(place_text="文化路口")
    assert found(town, town.people.dispatcher, words) == 0


def test_a_search_of_one_agency_is_not_filled_by_the_newest_of_others(town: Town, monkeypatch) -> None:
    monkeypatch.setattr(import_module("gongzhi.cases.queries.queue"), "FOUND_AT_MOST", 2)
    town.assigned(1, place_text="文化路")
    for number in (2, 3, 4):
        town.report(number, place_text="文化路")
    assert found(town, town.people.handler, "文化") == 1
    assert found(town, town.people.dispatcher, "文化") == 2


def test_a_search_by_pairs_has_an_index(town: Town, postgres_server: postgres.Server) -> None:
    words = "gongzhi_grams(title || E'\\n' || place_text)"
    with psycopg.connect(postgres_server.url(postgres.OWNER, demo.NAME)) as owner:
        owner.execute("SET enable_seqscan = off")
        plan = owner.execute(
            f"EXPLAIN SELECT id FROM cases_caserecord WHERE {words} @> '{{文化}}'"
        ).fetchall()
    assert "case_words" in str(plan)


def found(town: Town, who: Actor, words: str) -> int:
    filters = queries.QueueFilters(tab="all", text=words)
    return queries.queue(scope(who), filters, LATER).total


def test_the_buttons_fit_the_hand(town: Town) -> None:
    code, _task = town.assigned()
    names = {s.step for s in queries.case_picture(scope(town.people.handler), code, LATER).allowed}
    assert {"start", "arrive", "resolve", "return"} <= names
    assert not names & {"assign", "close", "verify", "withdraw_task"}
    mine = queries.case_picture(scope(town.people.dispatcher), code, LATER).allowed
    assert "withdraw_task" in {s.step for s in mine} and "resolve" not in {s.step for s in mine}


def test_a_stranger_sees_the_step_and_the_holder_and_not_a_word_of_the_report(town: Town) -> None:
    code, _task = town.assigned(text="某某人在路口打人", contact="13900000000")
    picture = queries.public_picture(code, "", LATER)
    assert picture.holder.startswith("县综合行政执法局")
    assert picture.stage == 3 and not picture.is_reporter and not picture.may_rate
    assert "某某" not in str(picture) and "13900000000" not in str(picture)


def test_the_receipt_opens_the_reporters_own_words(town: Town) -> None:
    receipt = town.report(text="路口被堵住了")
    picture = queries.public_picture(receipt.case_code, receipt.receipt_code, LATER)
    assert picture.is_reporter and picture.own_text == "路口被堵住了"


def test_staff_see_a_contact_masked(town: Town) -> None:
    code = town.report(contact="13912345678").case_code
    picture = queries.case_picture(scope(town.people.dispatcher), code, LATER)
    assert picture.contact == "139****78"


def test_a_similar_report_nearby_is_shown_before_sending(town: Town) -> None:
    town.accepted(1, kind="hazards.manhole", text="井盖没了", at=NOW)
    near = Point(PLACE.lon + 0.0003, PLACE.lat)
    [found] = queries.similar(near, None, "井盖不见了", LATER)
    assert found.distance_m is not None and 20 < found.distance_m < 40
    assert queries.similar(FAR, None, "井盖不见了", LATER) == []
    assert queries.similar(near, None, "井盖不见了", NOW + timedelta(days=30)) == []


def test_the_public_map_draws_only_what_its_kind_makes_public(town: Town) -> None:
    town.accepted(1, kind="hazards.manhole")
    town.accepted(2, kind="linkage.quarrel")
    assert [pin.kind_title for pin in queries.public_map(LATER)] == ["井盖缺失、破损"]


def test_the_working_behind_a_due_time_is_told_line_by_line(town: Town) -> None:
    code, _task = town.assigned(kind="hazards.manhole")
    viewer = scope(town.people.dispatcher)
    picture = queries.case_picture(viewer, code, LATER)
    clocks = [*picture.clocks, *(c for t in picture.tasks for c in t.clocks)]
    clock, lines = queries.why_due(viewer, code, clocks[0].id, LATER)
    assert clock.id == clocks[0].id
    assert "起算" in lines[0].words or "开始" in lines[0].words
    assert lines[-1].at == clock.due_at or clock.due_at is None


def test_work_is_sorted_into_now_and_later(town: Town) -> None:
    town.assigned(1, kind="linkage.blocked_road")
    town.assigned(2, kind="hazards.manhole")
    items = queries.my_work(scope(town.people.handler), LATER)
    assert items[0].when == "now"
