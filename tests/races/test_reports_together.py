"""Reports that share a commit: each is durable before its answer, none harms another, and too many are told so."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from gongzhi.base import together as sharing
from gongzhi.base.errors import Conflict, Refused
from gongzhi.base.together import Busy, Piece, Together
from gongzhi.cases import grouping, verification
from gongzhi.cases.models import CaseClock, CaseRecord, CaseStep
from tests.cases.conftest import Town

SAME = (
    "kind",
    "definition",
    "severity",
    "status",
    "title",
    "area_id",
    "county",
    "grid",
    "lon_e7",
    "last_seq",
)


@pytest.fixture
def group(open_town: Town) -> Iterator[Together]:
    yield grouping.begin(Together(writers=1))
    assert grouping.end()


@pytest.fixture
def stopped() -> Together:
    """A queue whose writers do not come."""
    return Together(writers=0, waiting=2)


def pieces(*works: Callable[[], Any]) -> list[Piece]:
    return [Piece(work) for work in works]


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


def rows(code: str) -> tuple[Any, ...]:
    """What was written for a case, without its ids, codes and digests."""
    record = CaseRecord.objects.get(code=code)
    steps = [
        (step.kind, {k: v for k, v in step.data.items() if k != "client_id"}, [c[0] for c in step.contents])
        for step in CaseStep.objects.filter(case=record).order_by("seq")
    ]
    clocks = CaseClock.objects.filter(case=record).order_by("definition")
    return (
        [getattr(record, name) for name in SAME],
        steps,
        list(clocks.values_list("definition", "due_at", "next_at", "status")),
    )


def test_reports_at_once_are_all_taken_in_with_sound_chains(open_town: Town, group: Together) -> None:
    receipts = at_once([lambda n=n: open_town.report(n) for n in range(1, 17)])
    assert len({receipt.case_code for receipt in receipts}) == 16
    assert CaseRecord.objects.count() == 16 and sound()


def test_a_report_in_a_group_writes_the_same_rows_as_one_alone(open_town: Town) -> None:
    contact = {"contact": "13800000000", "place_text": "桥头"}
    alone = open_town.report(1, **contact)
    together = pieces(*(lambda n=n: open_town.report(n, **contact) for n in (2, 3)))
    sharing.write(together)
    for piece in together:
        assert rows(piece.answer.result().case_code) == rows(alone.case_code)  # type: ignore[attr-defined]


def test_a_group_is_one_transaction(open_town: Town) -> None:
    def transaction_id() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            return int(cursor.fetchone()[0])

    together = pieces(transaction_id, transaction_id, transaction_id)
    sharing.write(together)
    assert len({piece.answer.result() for piece in together}) == 1


def test_a_bad_report_among_many_harms_no_neighbour(open_town: Town, group: Together) -> None:
    works = [lambda n=n: open_town.report(n) for n in range(1, 8)]
    results = at_once([*works, lambda: open_town.report(9, kind="no.such")])
    assert [isinstance(result, Refused) for result in results] == [False] * 7 + [True]
    assert CaseRecord.objects.count() == 7 and sound()


def test_a_broken_statement_is_its_own_senders_trouble(open_town: Town) -> None:
    def broken() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    before, bad, after = together = pieces(lambda: open_town.report(1), broken, lambda: open_town.report(2))
    sharing.write(together)
    assert before.answer.result() and after.answer.result()
    assert isinstance(bad.answer.exception(), Exception)
    assert CaseRecord.objects.count() == 2


def test_when_the_commit_fails_each_is_written_alone(open_town: Town) -> None:
    tries: list[int] = []

    def cuts_the_line() -> None:
        tries.append(1)
        if len(tries) == 1:
            connection.connection.close()

    together = pieces(lambda: open_town.report(1), cuts_the_line, lambda: open_town.report(2))
    sharing.write(together)
    assert all(piece.answer.exception() is None for piece in together)
    assert CaseRecord.objects.count() == 2 and sound()


def test_the_same_report_many_times_at_once_is_one_case(open_town: Town, group: Together) -> None:
    receipts = at_once([lambda: open_town.report(1)] * 8)
    assert len({(r.case_code, r.receipt_code) for r in receipts}) == 1
    assert sum(receipt.created for receipt in receipts) == 1
    other = at_once([lambda: open_town.report(1, text="别的事")])
    assert isinstance(other[0], Conflict) and CaseRecord.objects.count() == 1


def test_beyond_the_queue_the_answer_is_to_come_back(stopped: Together, monkeypatch: Any) -> None:
    monkeypatch.setattr(sharing, "PATIENCE", 0.01)
    for _n in range(3):
        with pytest.raises(Busy) as refused:
            stopped.run(uuid.uuid4)
    assert refused.value.status == 503 and stopped._queue.full()


def test_a_stop_writes_what_waits_and_takes_no_more(open_town: Town) -> None:
    together = grouping.begin(Together(writers=1))
    with ThreadPoolExecutor(12) as pool:
        asked = [pool.submit(open_town.report, n) for n in range(1, 13)]
        while together._queue.empty() and not all(one.done() for one in asked):
            pass
        assert grouping.end()
        codes = {one.result().case_code for one in asked if one.exception() is None}
        assert all(isinstance(one.exception(), Busy) for one in asked if one.exception())
    assert codes == set(CaseRecord.objects.values_list("code", flat=True))
    with pytest.raises(Busy):
        together.run(uuid.uuid4)


def test_within_a_transaction_a_report_belongs_to_it(open_town: Town, group: Together) -> None:
    with transaction.atomic():
        open_town.report(1)
        transaction.set_rollback(True)
    assert CaseRecord.objects.count() == 0
