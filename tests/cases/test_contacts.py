"""A sealed contact: masked for everybody, opened by few, for a purpose, on record before it is read."""

import pytest
from django.db import connection
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.base.actor import RESIDENT, SYSTEM, Actor
from gongzhi.base.errors import Conflict, NotAllowed, NotFound, Refused
from gongzhi.cases import operations, queries, verification
from gongzhi.cases.models import CaseStep
from gongzhi.cases.pictures import Revealed
from gongzhi.cases.types import RevealPurpose, StepKind
from gongzhi.trust.models import AuditRow, Content
from tests.cases.conftest import MINUTE, NOW, Town

PHONE = "13800005678"
LATER = NOW + 30 * MINUTE
P = RevealPurpose


def reveal(case: str, by: Actor, **more: object) -> Revealed:
    asked: dict[str, object] = {"purpose": P.ASK, "now": LATER}
    return operations.reveal_contact(case=case, by=by, **{**asked, **more})  # type: ignore[arg-type]


def steps(code: str, kind: StepKind = StepKind.CONTACT_REVEALED) -> list[CaseStep]:
    return list(CaseStep.objects.filter(case__code=code, kind=kind).order_by("seq"))


def audited() -> list[tuple[str, str, str, bool]]:
    rows = AuditRow.objects.filter(kind="revealed").order_by("seq")
    return list(rows.values_list("kind", "actor", "purpose", "succeeded"))


def scope_of(by: Actor):
    assert by.person_id
    return accounts.scope_of(by.person_id, timezone.localdate(LATER))


@pytest.mark.parametrize("who", ["dispatcher", "handler", "verifier", "head"])
def test_whoever_works_on_the_case_opens_the_contact_and_leaves_a_mark(town: Town, who: str) -> None:
    code, _task = town.assigned(contact=PHONE)
    by = getattr(town.people, who)
    opened = reveal(code, by, note="问清是哪个路口")
    assert (opened.value, opened.link) == (PHONE, f"tel:{PHONE}")
    [step] = steps(code)
    assert step.actor == str(by) and step.data["purpose"] == "ask" and step.data["organisation"]
    assert PHONE not in str(step.data)
    assert audited() == [("revealed", str(by), "ask", True)]
    assert verification.verify_all().clean and verification.rebuild_all().clean


def test_the_organisation_is_the_one_they_act_for(town: Town) -> None:
    code, _task = town.assigned(contact=PHONE)
    reveal(code, town.people.handler)
    assert steps(code)[0].data["organisation"] == str(town.organisation("urban_management"))
    assert steps(code)[0].data["task"] == str(town.task(code).id)


def test_a_handler_whose_task_is_over_can_not_open_it_and_the_attempt_is_seen(town: Town) -> None:
    code = town.resolved(contact=PHONE)
    with pytest.raises(NotAllowed):
        reveal(code, town.people.handler)
    assert steps(code) == []
    assert audited() == [("revealed", str(town.people.handler), "", False)]


def test_for_an_agency_without_a_task_the_case_does_not_exist(town: Town) -> None:
    code, _task = town.assigned(contact=PHONE)
    with pytest.raises(NotFound):
        reveal(code, town.people.handler2)


def test_the_grid_worker_sees_the_case_of_the_grid_but_needs_a_task_for_the_contact(town: Town) -> None:
    place = queries.row_of(scope_of(town.people.gridworker), town.accepted(1, contact=PHONE), LATER)
    code, task = town.assigned(2, contact=PHONE)
    if place is not None:
        with pytest.raises(NotAllowed):
            reveal(place.code, town.people.gridworker)
    operations.delegate_task(
        case=code, task=task, person=town.people.gridworker.person_id, by=town.people.handler, now=LATER
    )
    assert reveal(code, town.people.gridworker, purpose=P.ARRANGE).value == PHONE


@pytest.mark.parametrize("by", [RESIDENT, SYSTEM])
def test_only_staff_open_what_is_sealed(town: Town, by: Actor) -> None:
    with pytest.raises(NotAllowed):
        reveal(town.accepted(contact=PHONE), by)


def test_a_purpose_that_is_not_declared_is_refused(town: Town) -> None:
    code = town.accepted(contact=PHONE)
    with pytest.raises(ValueError):
        reveal(code, town.people.dispatcher, purpose="curiosity")
    assert steps(code) == [] and audited() == []


def test_where_no_contact_was_left_there_is_nothing_to_open(town: Town) -> None:
    with pytest.raises(NotFound):
        reveal(town.accepted(), town.people.dispatcher)


@pytest.mark.parametrize("field", ["text", "photo", "place_text", "note"])
def test_only_personal_fields_open_this_way(town: Town, field: str) -> None:
    with pytest.raises(NotFound):
        reveal(town.accepted(contact=PHONE), town.people.dispatcher, field=field)


def test_the_verifier_calls_back_after_closing_while_the_contact_is_held(town: Town) -> None:
    code = town.closed(contact=PHONE)
    assert reveal(code, town.people.verifier, purpose=P.CALL_BACK).value == PHONE
    content = Content.objects.get(name="contact")
    operations.erase_content(case=code, content=content.uuid, reason="asked", by=town.people.head, now=LATER)
    with pytest.raises(Refused, check=lambda refused: refused.code == "erased"):
        reveal(code, town.people.verifier, purpose=P.CALL_BACK)
    assert len(steps(code)) == 1


def test_every_opening_is_a_row_and_a_step_of_its_own(town: Town) -> None:
    code = town.accepted(contact=PHONE)
    for _again in range(3):
        reveal(code, town.people.dispatcher)
    assert len(steps(code)) == len(audited()) == 3


def test_a_look_makes_nobodys_form_too_old_but_a_step_does(town: Town) -> None:
    code = town.accepted(contact=PHONE)
    seen = town.record(code).last_seq
    reveal(code, town.people.dispatcher)
    operations.supervise_case(case=code, order="抓紧", by=town.people.dispatcher, now=LATER, version=seen)
    for old in (seen, 99):
        with pytest.raises(Conflict):
            operations.resume_case(case=code, by=town.people.dispatcher, now=LATER, version=old)


def test_staff_see_who_opened_it_when_and_why_and_never_the_value(town: Town) -> None:
    code = town.accepted(contact=PHONE)
    reveal(code, town.people.dispatcher, purpose=P.TELL, note="说一声进展")
    picture = queries.case_picture(scope_of(town.people.verifier), code, LATER)
    line = picture.steps[-1]
    assert line.actor and line.words == "说一声进展" and "说明进展或结果" in line.title
    assert PHONE not in repr(picture) and picture.contact == "138****78"


def test_the_reporter_sees_when_by_whom_and_for_what_but_no_name(town: Town) -> None:
    receipt = town.report(contact=PHONE)
    operations.accept_case(case=receipt.case_code, by=town.people.dispatcher, now=NOW)
    reveal(receipt.case_code, town.people.dispatcher, purpose=P.TELL)
    mine = queries.public_picture(receipt.case_code, receipt.receipt_code, LATER)
    [seen] = mine.reveals
    assert (seen.at, seen.purpose) == (LATER, "说明进展或结果") and seen.organisation
    name = scope_of(town.people.dispatcher).display_name
    assert name not in repr(mine)
    strangers = queries.public_picture(receipt.case_code, "", LATER)
    assert strangers.reveals == () and len(strangers.steps) == len(mine.steps) == 2


def test_who_may_open_it_is_told_so(town: Town) -> None:
    code, _task = town.assigned(contact=PHONE)
    may = {
        who: queries.case_picture(scope_of(getattr(town.people, who)), code, LATER).may_reveal
        for who in ("dispatcher", "handler", "verifier", "head")
    }
    assert all(may.values())
    bare, _task = town.assigned(2)
    assert not queries.case_picture(scope_of(town.people.dispatcher), bare, LATER).may_reveal


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("0571-6422 1234", "tel:057164221234"),
        ("+86 138 0000 5678", "tel:+8613800005678"),
        ("a@example.org", "mailto:a@example.org"),
        ("找门口小卖部", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_contact_becomes_a_link_only_if_it_is_a_number_or_an_address(value: str, link: str) -> None:
    assert Revealed("1", "contact", "联系方式", value, "").link == link


def test_nothing_opens_inside_a_transaction_that_could_still_be_undone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = town.accepted(contact=PHONE)
    for block in connection.atomic_blocks:  # the test's own transaction counts as the caller's
        monkeypatch.setattr(block, "_from_testcase", False)
    with pytest.raises(RuntimeError, match="durable"):
        reveal(code, town.people.dispatcher)
    assert steps(code) == []
