"""The ledger in the database: append-only, chained, provable, rebuildable, and erasure leaves it whole."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Conflict, NotAllowed
from gongzhi.cases import operations, queries, receipts, verification
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.types import StepKind
from gongzhi.trust import queries as trust
from tests.cases.conftest import MINUTE, NOW, Town


def test_a_round_trip_verifies_and_rebuilds_without_a_difference(town: Town) -> None:
    town.closed()
    verified, rebuilt = verification.verify_all(), verification.rebuild_all()
    assert (verified.cases, verified.problems) == (1, [])
    assert verified.steps == 7
    assert rebuilt.problems == []


@pytest.mark.parametrize(
    "statement", ["UPDATE cases_casestep SET kind = 'closed'", "DELETE FROM cases_casestep"]
)
def test_the_application_can_neither_change_nor_remove_a_step(town: Town, statement: str) -> None:
    town.report()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_retry_gets_the_same_receipt_and_makes_no_second_case(town: Town) -> None:
    first, again = town.report(), town.report()
    assert first.created and not again.created
    assert (first.case_code, first.receipt_code) == (again.case_code, again.receipt_code)
    assert CaseRecord.objects.count() == 1


def test_the_same_client_id_with_other_words_is_a_conflict(town: Town) -> None:
    town.report()
    with pytest.raises(Conflict):
        town.report(text="别的事")


def test_no_word_of_a_reporter_stands_in_the_ledger(town: Town) -> None:
    town.report(text="秘密的话", contact="13900000000", place_text="某某家门口")
    rows = str(list(CaseStep.objects.values("data", "contents")))
    assert not any(word in rows for word in ("秘密", "13900000000", "某某"))


def test_erasing_one_content_leaves_the_chain_and_the_rebuild_clean(town: Town) -> None:
    code = town.closed(place_text="某某家门口")
    contents = {name: content for name, content, _ in CaseStep.objects.get(case__code=code, seq=1).contents}
    for name in ("text", "place_text"):
        content = uuid.UUID(contents[name])
        operations.erase_content(
            case=code, content=content, reason="本人要求", by=town.people.head, now=NOW + 60 * MINUTE
        )
        assert trust.open_content(content) is None
    assert town.record(code).place_text == ""
    assert verification.verify_all().problems == []
    assert verification.rebuild_all().problems == []


def test_a_superuser_who_changes_a_step_is_named(town: Town, on_demo: None) -> None:
    code = town.accepted()
    row = CaseStep.objects.get(case__code=code, seq=2)
    row.happened_at -= MINUTE
    report = verification.Report()
    previous = bytes(CaseStep.objects.get(case__code=code, seq=1).digest)
    found = list(verification._broken(town.record(code), row, previous))
    assert found == ["was changed after it was written"], report


def test_a_changed_case_row_is_found_and_mended_from_the_ledger(town: Town) -> None:
    code = town.accepted()
    CaseRecord.objects.filter(code=code).update(status="closed")
    assert any("status" in problem for problem in verification.rebuild_all().problems)
    verification.rebuild_all(fix=True)
    assert verification.rebuild_all().problems == []


def test_a_wrong_receipt_gives_no_verdict(town: Town) -> None:
    code = town.closed()
    with pytest.raises(NotAllowed):
        operations.give_verdict(case=code, receipt="000000000000", solved=True, now=NOW)


def test_not_solved_reopens_and_the_second_round_closes(town: Town) -> None:
    code = town.closed()
    receipt = receipts.receipt_code(town.record(code).client_id)
    operations.give_verdict(case=code, receipt=receipt, solved=False, why="还堵着", now=NOW + 30 * MINUTE)
    assert town.record(code).status == "reopened"
    [task] = operations.assign_case(
        case=code,
        lead=town.organisation("urban_management"),
        by=town.people.dispatcher,
        now=NOW + 31 * MINUTE,
    )
    operations.start_task(case=code, task=task, by=town.people.handler, now=NOW + 32 * MINUTE)
    operations.resolve_task(case=code, task=task, by=town.people.handler, now=NOW + 40 * MINUTE)
    operations.verify_case(case=code, passed=True, by=town.people.verifier, now=NOW + 45 * MINUTE)
    operations.close_case(case=code, outcome="fixed", by=town.people.dispatcher, now=NOW + 46 * MINUTE)
    operations.give_verdict(case=code, receipt=receipt, solved=True, now=NOW + 50 * MINUTE)
    assert town.record(code).status == "closed"
    assert verification.verify_all().problems == [] and verification.rebuild_all().problems == []


def test_a_joined_report_follows_its_lead_and_its_verdict_reopens_it(town: Town) -> None:
    lead = town.closed(1)
    joined = town.report(2, link_to=lead, at=NOW + MINUTE)
    picture = queries.public_picture(joined.case_code, joined.receipt_code, NOW + 30 * MINUTE)
    assert picture.lead_code == lead and picture.may_rate
    operations.give_verdict(
        case=joined.case_code, receipt=joined.receipt_code, solved=False, why="没有", now=NOW + 30 * MINUTE
    )
    assert town.record(lead).status == "reopened"


def test_a_step_on_an_outdated_page_is_refused(town: Town) -> None:
    code = town.accepted()
    with pytest.raises(Conflict):
        operations.supervise_case(case=code, order="快办", by=town.people.head, now=NOW + MINUTE, version=1)


def test_the_first_step_holds_what_a_rebuild_needs(town: Town) -> None:
    code = town.report().case_code
    data = CaseStep.objects.get(case__code=code, seq=1).data
    assert {
        "kind",
        "definition",
        "severity",
        "calendar",
        "source",
        "area",
        "area_codes",
        "place",
    } <= data.keys()
    assert CaseStep.objects.get(case__code=code, seq=1).kind == StepKind.REPORTED
    assert str(SYSTEM) == "system"
