"""What each list holds, told from the rows it is made of, and in which order."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Role, Scope
from gongzhi.base.actor import Actor
from gongzhi.cases import operations, queries
from gongzhi.cases.models import CaseClock, CaseRecord, CaseTask
from gongzhi.cases.queries.queue import CENTRE_ACTS
from gongzhi.cases.rules import OPEN
from gongzhi.cases.types import Door
from gongzhi.cases.verification import Report, rebuild_case
from tests.cases.conftest import MINUTE, NOW, Town

LATER = NOW + timedelta(hours=3)
TABS = ("mine", "late", "open", "to_verify", "supervised", "all")


def scope(who: Actor) -> Scope:
    assert who.person_id is not None
    return accounts.scope_of(who.person_id, timezone.localdate(NOW))


def cases_in_many_states(town: Town) -> None:
    town.report(1)
    town.report(2, place=None)
    town.accepted(3)
    town.assigned(4)
    town.resolved(5)
    operations.verify_case(
        case=town.resolved(6), by=town.people.verifier, now=NOW + 30 * MINUTE, passed=True, note="看过了"
    )
    code, _task = town.assigned(7)
    operations.supervise_case(case=code, by=town.people.head, now=NOW + 5 * MINUTE, order="请加快")
    operations.decline_case(
        case=town.report(8).case_code,
        by=town.people.dispatcher,
        now=NOW + MINUTE,
        door=Door.POLICE_110,
        ground="不归我们",
    )


def dues(record: CaseRecord) -> list[datetime]:
    return [
        due
        for due in CaseClock.objects.filter(case=record, status="running").values_list("due_at", flat=True)
        if due
    ]


def belongs(record: CaseRecord, tab: str, viewer: Scope) -> bool:
    """The same rule, told once more in the plainest way."""
    is_open = record.status in OPEN
    hands = {viewer.person, *viewer.handling}
    tasks = CaseTask.objects.filter(case=record, status__in=("assigned", "started"))
    held = any(task.organisation_id in hands or task.person in hands for task in tasks)
    centre = viewer.has(Role.DISPATCHER, Role.CENTRE_HEAD) and record.status in CENTRE_ACTS
    check = viewer.has(Role.VERIFIER) and record.status == "resolved"
    return {
        "mine": is_open and (held or centre or check),
        "late": any(due < LATER for due in dues(record)),
        "open": is_open,
        "to_verify": record.status == "resolved",
        "supervised": is_open and record.supervised,
        "all": True,
    }[tab]


@pytest.mark.parametrize("who", ["dispatcher", "handler", "verifier", "gridworker"])
def test_every_tab_holds_what_its_name_says(town: Town, who: str) -> None:
    cases_in_many_states(town)
    viewer = scope(getattr(town.people, who))
    seen = [r for r in CaseRecord.objects.all() if queries.row_of(viewer, r.code, LATER)]
    for tab in TABS:
        page = queries.queue(viewer, queries.QueueFilters(tab=tab), LATER)
        expected = {record.code for record in seen if belongs(record, tab, viewer)}
        assert {row.code for row in page.rows} == expected, tab
        assert page.counts[tab] == len(expected), tab


def test_lists_begin_with_what_is_due_next_and_end_with_the_oldest_that_has_ended(town: Town) -> None:
    cases_in_many_states(town)
    rows = queries.queue(scope(town.people.dispatcher), queries.QueueFilters(tab="all"), LATER).rows
    records = [CaseRecord.objects.get(code=row.code) for row in rows]
    times = [min(dues(r), default=None) for r in records]
    timed = [time for time in times if time]
    assert timed and timed == sorted(timed)
    assert times[len(timed) :] == [None] * (len(times) - len(timed))
    rest = [record.reported_at for record in records[len(timed) :]]
    assert rest == sorted(rest, reverse=True)


def test_pages_follow_one_another_and_show_every_case_once(town: Town, monkeypatch) -> None:
    monkeypatch.setattr(import_module("gongzhi.cases.queries.queue"), "PAGE", 3)
    cases_in_many_states(town)
    viewer, after, seen = scope(town.people.dispatcher), "", []
    for _page in range(3):
        page = queries.queue(viewer, queries.QueueFilters(tab="all", after=after), LATER)
        seen += [row.code for row in page.rows]
        after = page.after
    assert after == ""
    assert sorted(seen) == sorted(CaseRecord.objects.values_list("code", flat=True))


def test_a_place_in_the_queue_is_what_the_ledger_says(town: Town) -> None:
    cases_in_many_states(town)
    for record in CaseRecord.objects.all():
        report = Report()
        rebuild_case(record, report)
        assert not report.problems
    CaseRecord.objects.filter(code=record.code).update(queue_at=NOW)
    rebuild_case(CaseRecord.objects.get(code=record.code), report)
    assert [problem.split(" is ")[0] for problem in report.problems] == [f"{record.code}: case: queue_at"]
