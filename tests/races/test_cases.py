"""Two hands on one case at the same moment: one wins, nothing is doubled, the chain stays whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier
from typing import Any

from django.db import connection

from gongzhi.base.errors import Refused
from gongzhi.cases import clock_loop, operations, verification
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.types import RevealPurpose
from gongzhi.trust import audit
from tests.cases.conftest import MINUTE, NOW, Town
from tests.conftest import seeing_everything

HANDS = 6


def at_once(act: Callable[[], Any]) -> list[Any]:
    """Do the same thing in several threads, each with a connection of its own; refusals are results."""
    start = Barrier(HANDS)

    def one(_number: int) -> Any:
        try:
            start.wait()
            return act()  # operations alone: a thread reaches nothing by itself
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(HANDS)))


def engine_ticks() -> None:
    with seeing_everything():
        clock_loop.tick(NOW + 2 * MINUTE)


def sound() -> bool:
    return verification.verify_all().clean and verification.rebuild_all().clean


def test_the_same_report_sent_six_times_at_once_is_one_case(open_town: Town) -> None:
    receipts = at_once(open_town.report)
    assert len({(r.case_code, r.receipt_code) for r in receipts}) == 1
    assert sum(r.created for r in receipts) == 1
    assert CaseRecord.objects.count() == 1 and sound()


def test_of_six_who_accept_at_once_one_does(open_town: Town) -> None:
    code = open_town.report().case_code
    dispatcher = open_town.people.dispatcher
    results = at_once(lambda: operations.accept_case(case=code, by=dispatcher, now=NOW + MINUTE / 2))
    assert sum(isinstance(r, Refused) for r in results) == HANDS - 1
    assert CaseStep.objects.filter(kind="accepted").count() == 1 and sound()


def test_notes_written_at_once_all_stand_in_one_chain(open_town: Town) -> None:
    code = open_town.accepted()
    dispatcher = open_town.people.dispatcher
    at_once(lambda: operations.add_note(case=code, note="记一笔", by=dispatcher, now=NOW + MINUTE))
    assert CaseStep.objects.filter(kind="noted").count() == HANDS and sound()


def test_opening_and_erasing_at_once_never_wait_for_each_other(open_town: Town) -> None:
    codes = [open_town.closed(number, contact="13800005678") for number in range(1, 4)]
    turn, due = count(), NOW + timedelta(days=91)

    def act() -> Any:
        if next(turn) % 2:
            with seeing_everything():  # as the engine, who does it every night
                return operations.erase_due(now=due)
        return [
            operations.reveal_contact(
                case=code, purpose=RevealPurpose.CALL_BACK, by=open_town.people.verifier, now=due
            )
            for code in codes
        ]

    at_once(act)
    assert CaseStep.objects.filter(kind="content_erased").count() == len(codes) and sound()
    assert list(audit.broken()) == []


def test_six_loops_side_by_side_fire_each_clock_once(open_town: Town) -> None:
    for number in range(8):
        open_town.report(number + 1)
    at_once(engine_ticks)
    clock_loop.tick(NOW + 2 * MINUTE)
    assert CaseStep.objects.filter(kind="clock_breached").count() == 8 and sound()
