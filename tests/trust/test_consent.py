"""Consent: stands until its day or until it is withdrawn, and nobody edits it afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gongzhi.base.actor import RESIDENT
from gongzhi.trust import consent, queries
from gongzhi.trust.models import AuditRow, Consent
from gongzhi.trust.types import ConsentGiver, ConsentWay

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=180)
REF = "case:01900000-0000-7000-8000-0000000000c1"

pytestmark = pytest.mark.usefixtures("db")


def given(purpose: str = "support", now: datetime = NOW) -> None:
    consent.give_consent(
        ref=REF,
        purpose=purpose,
        giver=ConsentGiver.PERSON,
        way=ConsentWay.WEB,
        until=UNTIL,
        by=RESIDENT,
        now=now,
    )


def test_it_holds_for_its_purpose_and_its_subject_only():
    given()
    assert queries.consent_holds(REF, "support", NOW)
    assert not queries.consent_holds(REF, "contact", NOW)
    assert not queries.consent_holds(REF + "2", "support", NOW)


def test_it_ends_on_its_day_by_itself():
    given()
    assert queries.consent_holds(REF, "support", UNTIL - timedelta(seconds=1))
    assert not queries.consent_holds(REF, "support", UNTIL)


def test_it_does_not_reach_back_before_it_was_given():
    given()
    assert not queries.consent_holds(REF, "support", NOW - timedelta(seconds=1))


def test_withdrawing_works_at_the_very_next_read_and_leaves_the_past_as_it_was():
    given()
    later = NOW + timedelta(days=3)
    assert consent.withdraw_consent(ref=REF, purpose="support", by=RESIDENT, now=later) == 1
    assert not queries.consent_holds(REF, "support", later)
    assert queries.consent_holds(REF, "support", later - timedelta(seconds=1))


def test_withdrawing_takes_back_every_consent_that_stands_and_a_second_time_does_nothing():
    given()
    given(now=NOW + timedelta(days=1))
    assert consent.withdraw_consent(ref=REF, purpose="support", by=RESIDENT, now=UNTIL) == 2
    assert consent.withdraw_consent(ref=REF, purpose="support", by=RESIDENT, now=UNTIL) == 0


def test_it_can_be_given_again_after_it_was_withdrawn():
    given()
    consent.withdraw_consent(ref=REF, purpose="support", by=RESIDENT, now=NOW + timedelta(days=1))
    given(now=NOW + timedelta(days=2))
    assert queries.consent_holds(REF, "support", NOW + timedelta(days=2))
    assert consent.held_refs([REF, "case:x"], "support", NOW + timedelta(days=2)) == {REF}


def test_both_acts_stand_in_the_audit_log():
    given()
    consent.withdraw_consent(ref=REF, purpose="support", by=RESIDENT, now=NOW)
    kinds = AuditRow.objects.order_by("seq").values_list("kind", "subject", "purpose")
    assert list(kinds) == [("consent_given", REF, "support"), ("consent_withdrawn", REF, "support")]


def test_a_row_is_never_changed_even_past_the_code():
    given()
    with pytest.raises(TypeError):
        Consent.objects.get().save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE trust_consent SET until = until + interval '1 year'")


def test_an_undeclared_purpose_or_a_day_in_the_past_is_no_consent():
    with pytest.raises(ValueError, match="undeclared"):
        given("curiosity")
    with pytest.raises(ValueError, match="ahead"):
        given(now=UNTIL)


def test_it_names_nobody():
    columns = {field.name for field in Consent._meta.concrete_fields}
    assert columns == {
        "id", "ref", "purpose", "giver", "way", "until", "withdraws", "recorded_by", "happened_at",
    }  # fmt: skip
