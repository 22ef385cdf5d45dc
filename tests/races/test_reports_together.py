"""Reports that share a commit: each is durable before its answer, none harms another, and too many are told so."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gongzhi.accounts import queries
from gongzhi.accounts.operations import grant_role
from gongzhi.accounts.types import Role
from gongzhi.base import recent
from gongzhi.base import together as sharing
from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Conflict, Refused
from gongzhi.base.together import Busy, Piece, Together, finish
from gongzhi.cases import grouping, verification
from gongzhi.cases.grouping import Group
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep
from gongzhi.cases.operations import taking_in
from gongzhi.cases.operations.taking_in import Draft, Standing, take_in
from gongzhi.notices.models import Attempt, Delivery, Notice
from gongzhi.territory import queries as territory
from gongzhi.trust.models import Content, SubjectKey
from tests.cases.conftest import Town

NEW_EACH_TIME = {
    "id",
    "case_id",
    "code",
    "client_id",
    "fingerprint",
    "subject",
    "key",
    "notice_id",
    "delivery_id",
    "wrapped",
    "previous",
    "digest",
    "last_digest",
    "commitment",
    "salt",
    "sealed",
} | {"created_at"}


@pytest.fixture
def group(open_town: Town) -> Iterator[Group]:
    yield grouping.begin(Together(take_in, writers=1))
    assert grouping.end()


@pytest.fixture
def stopped() -> Together[Any, Any]:
    """A queue whose writers do not come."""
    return Together(list, writers=0, waiting=2)


class Caught(Together[Draft, Standing]):
    """Keeps what comes instead of writing it: the drafts of a group that the test writes itself."""

    def __init__(self) -> None:
        super().__init__(take_in, writers=0)
        self.drafts: list[Draft] = []

    def run(self, work: Draft) -> Standing:
        self.drafts.append(work)
        return Standing(work.record.uuid, work.record.code, bytes(work.record.fingerprint), created=True)


def drafts(*reports: Callable[[], Any]) -> list[Draft]:
    caught = Caught()
    grouping.begin(caught)
    for report in reports:
        report()
    assert grouping.end()
    return caught.drafts


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    start = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return work()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def sound() -> bool:
    return verification.verify_all().clean and verification.rebuild_all().clean


def rows(code: str) -> Any:
    """Every row a report left, in every table, but for what is new each time."""
    case = CaseRecord.objects.get(code=code).id
    subject = f"case:{case}"
    notices = Notice.objects.filter(subject=subject)
    tables = [
        CaseRecord.objects.filter(id=case),
        CaseStep.objects.filter(case=case),
        CaseClock.objects.filter(case=case).order_by("name", "round"),
        Content.objects.filter(subject=subject).order_by("name"),
        SubjectKey.objects.filter(subject=subject),
        notices.order_by("recipient_ref"),
        Delivery.objects.filter(notice__in=notices).order_by("notice__recipient_ref", "channel"),
        Attempt.objects.filter(delivery__notice__in=notices).order_by("delivery__notice__recipient_ref"),
    ]
    assert all(table.exists() for table in tables)
    return [[_told(row) for row in table.values()] for table in tables]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in NEW_EACH_TIME}
    if "data" in kept:
        kept["data"] = {name: value for name, value in kept["data"].items() if name != "client_id"}
    if "contents" in kept:
        kept["contents"] = [content[0] for content in kept["contents"]]
    if "params" in kept:
        kept["params"] = {k: v for k, v in kept["params"].items() if k not in ("code", "link")}
    return kept


def test_reports_at_once_are_all_taken_in_with_sound_chains(open_town: Town, group: Group) -> None:
    receipts = at_once([lambda n=n: open_town.report(n) for n in range(1, 17)])
    assert len({receipt.case_code for receipt in receipts}) == 16
    assert CaseRecord.objects.count() == 16 and sound()


def test_a_report_in_a_group_writes_the_same_rows_as_one_alone(open_town: Town) -> None:
    contact = {"contact": "13800000000", "place_text": "桥头"}
    alone = open_town.report(1, **contact)
    together = drafts(*(lambda n=n: open_town.report(n, **contact) for n in (2, 3)))
    for written in take_in(together):
        assert written.created and rows(written.code) == rows(alone.case_code)
    assert sound()


def test_a_group_is_one_transaction(open_town: Town) -> None:
    take_in(drafts(*(lambda n=n: open_town.report(n) for n in (1, 2, 3))))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT xmin::text FROM cases_caserecord UNION SELECT xmin::text FROM cases_casestep"
        )
        assert len(cursor.fetchall()) == 1


@pytest.mark.parametrize("many", [1, 20])
def test_a_group_takes_the_same_statements_however_many_it_is(
    open_town: Town, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_town.report(100, contact="a@example.org")  # definitions and the map are in memory
    first, second = (
        drafts(
            *(lambda n=n: open_town.report(n, contact="a@example.org") for n in range(begin, begin + many))
        )
        for begin in (200, 300)
    )
    monkeypatch.setattr(recent, "SECONDS", 60.0)
    counts = []
    for together in (first, second):
        with CaptureQueriesContext(connection) as asked:
            take_in(together)
        counts.append(len(asked.captured_queries))
    queries.forget_posts()
    assert counts == [19, 15]  # who is told of these areas is asked once


def test_whoever_takes_a_post_is_told_though_the_posts_are_remembered(
    open_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "SECONDS", 60.0)
    open_town.report(1)
    told = set(Notice.objects.values_list("recipient_ref", flat=True))
    agency, new = open_town.organisation("urban_management"), open_town.people.handler.person_id
    assert new and new not in told
    where = territory.root().id
    grant_role(
        person=new, role=Role.DISPATCHER, organisation=agency, area=where, by=SYSTEM, now=open_town.now
    )
    open_town.report(2)
    assert set(Notice.objects.values_list("recipient_ref", flat=True)) == told | {new}


def test_twins_in_one_group_are_one_case(open_town: Town) -> None:
    first, second = take_in(drafts(lambda: open_town.report(1), lambda: open_town.report(1)))
    assert first.code == second.code and (first.created, second.created) == (True, False)
    assert CaseRecord.objects.count() == 1 and sound()


def test_a_bad_report_among_many_harms_no_neighbour(open_town: Town, group: Group) -> None:
    works = [lambda n=n: open_town.report(n) for n in range(1, 8)]
    results = at_once([*works, lambda: open_town.report(9, kind="no.such")])
    assert [isinstance(result, Refused) for result in results] == [False] * 7 + [True]
    assert CaseRecord.objects.count() == 7 and sound()


def test_what_can_not_be_written_is_its_own_senders_trouble(open_town: Town) -> None:
    before, bad, after = together = drafts(*(lambda n=n: open_town.report(n) for n in (1, 2, 3)))
    bad.record.code = before.record.code  # the table refuses it
    pieces: list[Piece[Draft, Standing]] = [Piece(draft) for draft in together]
    finish(take_in, pieces)
    assert pieces[0].answer.result().created and pieces[2].answer.result().created
    assert isinstance(pieces[1].answer.exception(), IntegrityError)
    assert set(CaseRecord.objects.values_list("id", flat=True)) == {before.record.id, after.record.id}
    assert sound()


def test_when_the_line_is_cut_before_the_commit_each_is_written_alone(open_town: Town, monkeypatch) -> None:
    together = drafts(*(lambda n=n: open_town.report(n) for n in (1, 2)))
    tries: list[int] = []

    def tells_and_cuts(taken: Any, now: Any) -> None:
        tries.append(len(taken))
        if len(tries) == 1:
            connection.connection.close()
            connection.close()  # as the bounds do when they can't be taken back

    monkeypatch.setattr(taking_in, "inform_all", tells_and_cuts)
    pieces: list[Piece[Draft, Standing]] = [Piece(draft) for draft in together]
    finish(take_in, pieces)
    assert tries == [2, 1, 1] and all(piece.answer.exception() is None for piece in pieces)
    assert CaseRecord.objects.count() == 2 and sound()


def test_the_same_report_many_times_at_once_is_one_case(open_town: Town, group: Group) -> None:
    receipts = at_once([lambda: open_town.report(1)] * 8)
    assert len({(r.case_code, r.receipt_code) for r in receipts}) == 1
    assert sum(receipt.created for receipt in receipts) == 1
    other = at_once([lambda: open_town.report(1, text="别的事")])
    assert isinstance(other[0], Conflict) and CaseRecord.objects.count() == 1


def test_beyond_the_queue_the_answer_is_to_come_back(stopped: Together[Any, Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(sharing, "PATIENCE", 0.01)
    for _n in range(3):
        with pytest.raises(Busy) as refused:
            stopped.run(1)
    assert refused.value.status == 503 and stopped._queue.full()


def test_a_stop_writes_what_waits_and_takes_no_more(open_town: Town) -> None:
    [late] = drafts(lambda: open_town.report(20))
    together = grouping.begin(Together(take_in, writers=1))
    with ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(open_town.report, n) for n in range(1, 13)]
        while together._queue.empty() and not all(one.done() for one in asked):
            pass
        assert grouping.end()
        codes = {one.result().case_code for one in asked if one.exception() is None}
        assert all(isinstance(one.exception(), Busy) for one in asked if one.exception())
    assert codes == set(CaseRecord.objects.values_list("code", flat=True))
    with pytest.raises(Busy):
        together.run(late)


def test_within_a_transaction_a_report_belongs_to_it(open_town: Town, group: Group) -> None:
    with transaction.atomic():
        open_town.report(1)
        transaction.set_rollback(True)
    assert CaseRecord.objects.count() == 0
