"""What is past its date goes for ever; what is held, open or reopened stays; the ledger stays whole."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db.models import QuerySet

from gongzhi.accounts import queries as accounts
from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.cases import jobs, operations, queries, verification
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.cases.operations import retention
from gongzhi.cases.types import Outcome, StepKind
from gongzhi.files import operations as files
from gongzhi.files import storage
from gongzhi.files.models import Photo
from gongzhi.trust import crypto
from gongzhi.trust.models import AuditRow, Content, SubjectKey
from gongzhi.trust.purposes import PURPOSES
from tests.cases.conftest import MINUTE, NOW, Town
from tests.files.pictures_made import jpeg

CLOSED = NOW + 26 * MINUTE
DAY = timedelta(days=1)
CONTACT_DUE = CLOSED + PURPOSES["contact"].retention_days * DAY
PHONE = "13800005678"


def held(code: str) -> Counter[str]:
    """The sealed contents of a case that still have their value, by name."""
    record = CaseRecord.objects.get(code=code)
    rows = Content.objects.filter(subject=f"case:{record.id}", erased_at=None)
    assert all(row.sealed and row.salt for row in rows)
    return Counter(rows.values_list("name", flat=True))


def tombstones(code: str) -> list[tuple[str, str]]:
    rows = CaseStep.objects.filter(case__code=code, kind=StepKind.CONTENT_ERASED).order_by("seq")
    return [(row.data["name"], row.data["reason"]) for row in rows]


def erasures() -> QuerySet[AuditRow]:
    """The audit rows about erasing: the demo county was loaded with rows of its own."""
    return AuditRow.objects.filter(kind="erased")


def sound() -> bool:
    return verification.verify_all().clean and verification.rebuild_all().clean


def work_and_close(town: Town, code: str, at: datetime) -> None:
    dispatcher, handler, verifier = town.people.dispatcher, town.people.handler, town.people.verifier
    lead = town.organisation("urban_management")
    [task] = operations.assign_case(case=code, lead=lead, by=dispatcher, now=at)
    operations.start_task(case=code, task=task, by=handler, now=at)
    operations.resolve_task(case=code, task=task, by=handler, now=at, note="又清走了")
    operations.verify_case(case=code, passed=True, by=verifier, now=at)
    operations.close_case(case=code, outcome=Outcome.FIXED, by=dispatcher, now=at)


def test_a_contact_goes_ninety_days_after_closing_and_not_a_minute_before(town: Town) -> None:
    code = town.closed(contact=PHONE)
    assert operations.erase_due(now=CONTACT_DUE - MINUTE) == Counter()
    assert held(code)["contact"] == 1
    assert operations.erase_due(now=CONTACT_DUE) == Counter(contact=1)
    assert held(code)["contact"] == 0 and held(code)["text"] == 1
    assert tombstones(code) == [("contact", "retention")]
    assert sound()


def test_a_dry_run_counts_the_same_and_erases_nothing(town: Town) -> None:
    for number in (1, 2, 3):
        town.closed(number, contact=PHONE)
    assert operations.erase_due(now=CONTACT_DUE, dry_run=True) == Counter(contact=3)
    assert Content.objects.filter(name="contact", erased_at=None).count() == 3
    assert erasures().count() == 0
    assert operations.erase_due(now=CONTACT_DUE) == Counter(contact=3)


def test_running_twice_does_nothing_more(town: Town) -> None:
    code = town.closed(contact=PHONE)
    operations.erase_due(now=CONTACT_DUE)
    assert operations.erase_due(now=CONTACT_DUE + DAY) == Counter()
    assert len(tombstones(code)) == 1 and erasures().count() == 1


def test_a_run_cut_off_in_the_middle_is_finished_by_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        town.closed(number, contact=PHONE)
    whole = retention._erase

    def cut(due: retention.Due, now: datetime) -> Counter[str]:
        if CaseStep.objects.filter(kind=StepKind.CONTENT_ERASED).exists():
            raise KeyboardInterrupt
        return whole(due, now)

    monkeypatch.setattr(retention, "_erase", cut)
    with pytest.raises(KeyboardInterrupt):
        operations.erase_due(now=CONTACT_DUE)
    monkeypatch.setattr(retention, "_erase", whole)
    assert operations.erase_due(now=CONTACT_DUE) == Counter(contact=2)
    assert erasures().count() == 3 and sound()


def test_more_than_a_page_is_erased_to_the_last(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAGE", 2)
    for number in range(1, 6):
        (town.accepted if number % 2 else town.closed)(number, contact=PHONE)
    assert operations.erase_due(now=CONTACT_DUE) == Counter(contact=2)


def test_an_open_case_keeps_everything(town: Town) -> None:
    code = town.resolved(contact=PHONE)
    assert operations.erase_due(now=CONTACT_DUE + 4000 * DAY) == Counter()
    assert held(code)["contact"] == 1


def test_a_reopened_case_counts_from_its_last_closing(town: Town) -> None:
    code = town.closed(contact=PHONE)
    again = CLOSED + 60 * DAY
    operations.reopen_case(case=code, ground="又堵了", by=town.people.head, now=again)
    assert operations.erase_due(now=CONTACT_DUE + DAY) == Counter()
    work_and_close(town, code, again)
    assert operations.erase_due(now=again + 89 * DAY) == Counter()
    assert operations.erase_due(now=again + 90 * DAY) == Counter(contact=1)


def test_a_joined_report_waits_for_the_case_it_was_joined_to(town: Town) -> None:
    lead = town.resolved(1)
    joined = town.report(2, contact=PHONE).case_code
    operations.link_case(case=joined, to=lead, by=town.people.dispatcher, now=NOW + 21 * MINUTE)
    assert operations.erase_due(now=CONTACT_DUE + 100 * DAY) == Counter()
    late = CLOSED + 200 * DAY
    operations.verify_case(case=lead, passed=True, by=town.people.verifier, now=late)
    operations.close_case(case=lead, outcome=Outcome.FIXED, by=town.people.dispatcher, now=late)
    assert operations.erase_due(now=late + 89 * DAY) == Counter()
    assert operations.erase_due(now=late + 90 * DAY) == Counter(contact=1)
    assert tombstones(joined) == [("contact", "retention")]


def test_in_the_end_every_word_photo_and_key_is_gone_and_the_ledger_still_proves_itself(
    town: Town, tmp_path, settings, django_capture_on_commit_callbacks
) -> None:
    settings.GONGZHI_DATA = tmp_path
    photo = files.keep_photo(data=jpeg(), by=town.people.dispatcher, now=NOW)
    code = town.closed(contact=PHONE, photos=[photo])
    before = held(code)
    with django_capture_on_commit_callbacks(execute=True):
        erased = operations.erase_due(now=CLOSED + 10 * 366 * DAY)
    assert erased.total() == before.total() and before["photo"] == 1 and held(code) == Counter()
    assert list(storage.current().listing()) == [], "the cleaned copies and the original are gone from disk"
    assert Photo.objects.get(id=photo).state == "erased"
    assert CaseRecord.objects.get(code=code).place_text == ""
    record = town.record(code)
    assert SubjectKey.objects.get(subject=f"case:{record.id}").wrapped is None
    with pytest.raises(crypto.KeyErased):
        crypto.decrypt(b"\x01" + bytes(40), f"photo:{photo}")
    assert sound()


def test_the_audit_log_says_how_many_of_what_and_no_word(town: Town) -> None:
    code = town.closed(contact=PHONE)
    operations.erase_due(now=CONTACT_DUE)
    row = erasures().get()
    assert (row.kind, row.actor, row.purpose) == ("erased", "system", "retention")
    assert row.subject == f"case:{town.record(code).id}" and row.data == {"contact": 1}


def test_no_digest_of_what_was_erased_is_left_to_guess_at_and_a_late_retry_gets_its_receipt(
    town: Town,
) -> None:
    receipt = town.report(contact=PHONE)
    code = town.closed(contact=PHONE)
    assert code == receipt.case_code and bytes(town.record(code).fingerprint)
    operations.erase_due(now=CONTACT_DUE)
    assert bytes(town.record(code).fingerprint) == b""
    again = town.report(contact=PHONE)
    assert (again.case_code, again.receipt_code, again.created) == (code, receipt.receipt_code, False)


# Emergencies: personal data is destroyed at closing, unless it is held as evidence.


def emergency(town: Town, **more: object) -> str:
    told = {"kind": "emergency.fire_or_explosion", "contact": PHONE, "text": "三楼冒烟，有老人"}
    code = town.resolved(**{**told, **more})
    operations.verify_case(case=code, passed=True, by=town.people.dispatcher, now=NOW + 25 * MINUTE)
    operations.close_case(
        case=code, outcome=Outcome.FIXED, by=town.people.dispatcher, now=CLOSED, reply="火已扑灭"
    )
    return code


def test_what_was_gathered_for_an_emergency_is_destroyed_at_closing(town: Town) -> None:
    code = emergency(town)
    assert operations.erase_due(now=CLOSED) == Counter(), "the last notice must still find the reporter"
    assert operations.erase_due(now=CLOSED + retention.FAREWELL) == Counter(contact=1, report=2)
    assert held(code) == Counter(note=1, reply=1), "the agencies' own record stays as its purpose says"
    assert set(tombstones(code)) == {(n, "emergency_over") for n in ("contact", "text", "place_text")}
    assert sound()


def test_it_stays_when_the_head_of_the_centre_holds_it_as_evidence(town: Town) -> None:
    code = emergency(town)
    until = CLOSED + 200 * DAY
    hold = {"case": code, "until": until, "ground": "事故调查要用"}
    with pytest.raises(NotAllowed):
        operations.hold_contents(**hold, by=town.people.dispatcher, now=CLOSED)  # type: ignore[arg-type]
    operations.hold_contents(**hold, by=town.people.head, now=CLOSED)  # type: ignore[arg-type]
    assert operations.erase_due(now=until - MINUTE) == Counter()
    content = Content.objects.get(name="contact").uuid
    with pytest.raises(Refused, check=lambda refused: refused.code == "held"):
        operations.erase_content(case=code, content=content, reason="asked", by=town.people.head, now=CLOSED)
    assert operations.erase_due(now=until) == Counter(contact=1, report=2)
    assert sound()


def test_a_hold_needs_a_reason_and_a_day_that_lies_ahead(town: Town) -> None:
    code, head = town.closed(), town.people.head
    for until, ground in ((CLOSED + DAY, " "), (CLOSED - DAY, "调查")):
        with pytest.raises(Refused):
            operations.hold_contents(case=code, until=until, ground=ground, by=head, now=CLOSED)


def test_a_later_hold_replaces_the_date(town: Town) -> None:
    code = town.closed(contact=PHONE)
    for until in (CONTACT_DUE + 300 * DAY, CONTACT_DUE + DAY):
        operations.hold_contents(case=code, until=until, ground="调查", by=town.people.head, now=CLOSED)
    assert operations.erase_due(now=CONTACT_DUE) == Counter()
    assert operations.erase_due(now=CONTACT_DUE + DAY) == Counter(contact=1)


# By hand.


def test_only_the_head_of_the_centre_erases_by_hand_and_it_is_on_record(town: Town) -> None:
    code = town.closed(contact=PHONE)
    content = Content.objects.get(name="contact").uuid
    asked = {"case": code, "content": content, "reason": "asked", "now": CLOSED}
    for by in (town.people.dispatcher, town.people.verifier, town.people.handler):
        with pytest.raises(NotAllowed):
            operations.erase_content(**asked, by=by)  # type: ignore[arg-type]
    assert held(code)["contact"] == 1
    operations.erase_content(**asked, by=town.people.head)  # type: ignore[arg-type]
    operations.erase_content(**asked, by=town.people.head)  # type: ignore[arg-type]
    assert tombstones(code) == [("contact", "asked")]
    rows = list(erasures().values_list("kind", "actor", "purpose", "data"))
    assert rows == [("erased", str(town.people.head), "asked", {"contact": 1})]


def test_what_is_still_held_can_be_listed_and_what_is_gone_is_not(town: Town) -> None:
    code = town.closed(contact=PHONE)
    head = town.people.head.person_id
    assert head
    scope = accounts.scope_of(head, CLOSED.date())
    names = [one.name for one in queries.held_contents(scope, code)]
    assert names == ["text", "place_text", "contact", "note", "reply"]
    operations.erase_due(now=CONTACT_DUE)
    assert "contact" not in [one.name for one in queries.held_contents(scope, code)]


def test_the_worker_runs_it_every_night() -> None:
    [task] = [
        entry
        for entry in jobs.app.periodic_registry.periodic_tasks.values()
        if entry.task.name == jobs.RETENTION
    ]
    assert task.cron == "17 19 * * *" and task.task.queueing_lock == jobs.RETENTION


def test_the_nightly_job_erases(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.closed(contact=PHONE)
    monkeypatch.setattr(jobs.timezone, "now", lambda: CONTACT_DUE)
    jobs.retention(int(CONTACT_DUE.timestamp()))
    assert Content.objects.filter(name="contact", erased_at=None).count() == 0
