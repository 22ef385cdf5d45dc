"""Urgent notices want an answer; without one they go to the next person, step by step, never twice."""

from datetime import timedelta

import pytest

from gongzhi.accounts import operations as accounts
from gongzhi.base.actor import SYSTEM, person
from gongzhi.notices import operations, queries
from gongzhi.notices.models import Notice
from gongzhi.notices.types import Reason, Recipient
from tests.accounts.county import NOW, TODAY, County, hire
from tests.notices.sending import contact, send

FIVE = timedelta(minutes=5)


@pytest.fixture
def chain(county: County):
    return [hire(name, name) for name in ("first", "second", "third")]


def send_urgent(chain, **changes):
    send(Recipient.person(chain[0]), urgent=True, escalate=chain[1:], **changes)


def holders() -> list[object]:
    return list(Notice.objects.order_by("created_at").values_list("recipient_ref", flat=True))


def test_it_stays_with_the_first_until_the_time_is_up(chain):
    send_urgent(chain)
    assert operations.escalate_unacknowledged(NOW + FIVE - timedelta(seconds=1)) == 0
    assert holders() == chain[:1]


def test_it_goes_on_once_per_turn_until_nobody_is_left(chain):
    send_urgent(chain)
    for turn in (1, 2):
        assert operations.escalate_unacknowledged(NOW + turn * FIVE) == 1
        assert operations.escalate_unacknowledged(NOW + turn * FIVE) == 0
        assert holders() == chain[: turn + 1]
    assert queries.undelivered() == []
    assert operations.escalate_unacknowledged(NOW + 3 * FIVE) == 1
    assert operations.escalate_unacknowledged(NOW + 9 * FIVE) == 0
    assert holders() == chain
    assert [shown.reason for shown in queries.undelivered()] == [Reason.NOBODY_ANSWERED.label]


def test_after_an_outage_the_next_person_still_gets_their_full_time(chain):
    send_urgent(chain)
    late = NOW + timedelta(hours=3)
    operations.escalate_unacknowledged(late)
    assert queries.unanswered(chain[1])[0].ack_due_at == late + FIVE
    assert holders() == chain[:2]


def test_an_answer_from_anybody_in_the_chain_ends_it(chain):
    send_urgent(chain)
    operations.escalate_unacknowledged(NOW + FIVE)
    passed_on = queries.unanswered(chain[1])[0]
    assert passed_on.words.startswith("前面的人没有及时确认，转给你：")
    operations.acknowledge(notice=queries.unanswered(chain[0])[0].id, by=person(chain[0]), now=NOW + FIVE)
    assert operations.escalate_unacknowledged(NOW + 5 * FIVE) == 0
    assert queries.unanswered(chain[1]) == []
    assert queries.inbox(chain[1])[0].acknowledged_by == "first"
    assert not queries.inbox(chain[1])[0].read


def test_when_several_were_told_one_answer_is_enough_for_all(chain):
    for person_id in chain[:2]:
        send(Recipient.person(person_id), urgent=True, escalate=chain[2:])
    operations.acknowledge(notice=queries.unanswered(chain[1])[0].id, by=person(chain[1]), now=NOW)
    assert operations.escalate_unacknowledged(NOW + FIVE) == 0
    assert queries.inbox(chain[0])[0].acknowledged_by == "second"


def test_when_several_stay_silent_the_next_person_is_asked_once(chain):
    for person_id in chain[:2]:
        send(Recipient.person(person_id), urgent=True, escalate=chain[2:])
    assert operations.escalate_unacknowledged(NOW + FIVE) == 2
    assert Notice.objects.count() == 3
    assert queries.undelivered() == []


def test_somebody_whose_account_is_closed_is_passed_over(chain):
    send_urgent(chain)
    accounts.set_expiry(person=chain[1], expires_on=TODAY, by=SYSTEM, now=NOW)
    operations.escalate_unacknowledged(NOW + FIVE)
    assert holders() == [chain[0], chain[2]]


def test_somebody_who_was_told_already_is_passed_over(chain):
    send(Recipient.person(chain[1]))
    send_urgent(chain)
    operations.escalate_unacknowledged(NOW + FIVE)
    assert sorted(map(str, holders())) == sorted(map(str, chain))


def test_neither_a_quiet_notice_nor_one_to_a_reporter_wants_an_answer(chain):
    send(Recipient.person(chain[0]), escalate=chain[1:])
    send(contact("reporter@example.org"), urgent=True)
    assert operations.escalate_unacknowledged(NOW + timedelta(days=9)) == 0


def test_how_long_to_wait_is_the_senders_choice(chain):
    send_urgent(chain, ack_within=timedelta(minutes=1))
    assert operations.escalate_unacknowledged(NOW + timedelta(minutes=1)) == 1
    assert operations.escalate_unacknowledged(NOW + timedelta(minutes=2)) == 1
