"""Putting notices in the outbox, reading them, confirming them."""

import uuid

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from gongzhi.accounts import operations as accounts
from gongzhi.base.actor import RESIDENT, SYSTEM, person
from gongzhi.base.errors import NotAllowed, NotFound
from gongzhi.notices import operations, queries
from gongzhi.notices.models import Attempt, Delivery, Notice
from gongzhi.notices.types import Channel, DeliveryState, Recipient
from tests.accounts.county import NOW, County, hire
from tests.notices.sending import SUBJECT, contact, delivery, send


def test_somebody_without_an_address_gets_it_in_the_app_at_once(county: County, jobs):
    dispatcher = hire("dispatcher", "李调度")
    send(Recipient.person(dispatcher))
    assert delivery(Channel.IN_APP).state == DeliveryState.SENT
    assert Delivery.objects.count() == 1
    assert jobs().count() == 0


def test_somebody_with_an_address_gets_a_mail_too(county: County, jobs):
    dispatcher = hire("dispatcher", "李调度", email="dispatcher@example.org")
    send(Recipient.person(dispatcher))
    assert delivery().state == DeliveryState.WAITING
    assert [job.args for job in jobs()] == [{"delivery": str(delivery().id)}]


def test_the_same_key_again_does_nothing_and_another_recipient_gets_their_own(county: County, jobs):
    first, second = hire("dispatcher", "李调度", email="a@example.org"), hire("head", "吴主任")
    send(Recipient.person(first))
    send(Recipient.person(first), template="case_assigned")
    send(Recipient.person(second))
    assert Notice.objects.count() == 2
    assert jobs().count() == 1


def test_a_notice_of_a_change_that_is_rolled_back_was_never_there(county: County, jobs):
    dispatcher = hire("dispatcher", "李调度", email="a@example.org")
    with pytest.raises(RuntimeError), transaction.atomic():
        send(Recipient.person(dispatcher))
        raise RuntimeError("the change failed")
    assert Notice.objects.count() == 0
    assert jobs().count() == 0


def test_nothing_personal_is_written_into_the_outbox(county: County):
    send(contact("reporter@example.org"))
    assert "reporter" not in str(Notice.objects.values().get()) + str(Delivery.objects.values().get())


def test_the_inbox_shows_the_newest_first_and_counts_what_is_unseen(county: County):
    dispatcher = hire("dispatcher", "李调度")
    other = hire("head", "吴主任")
    for number in range(3):
        send(Recipient.person(dispatcher), key=f"step:{number}", now=NOW.replace(minute=number))
    send(Recipient.person(other))
    seen = queries.inbox(dispatcher)
    assert [item.at.minute for item in seen] == [2, 1, 0]
    assert queries.unread_count(dispatcher) == 3
    operations.mark_read(person=dispatcher, notices=[seen[0].id], now=NOW)
    assert queries.unread_count(dispatcher) == 2
    assert operations.mark_read(person=dispatcher, now=NOW) == 2
    assert queries.unread_count(other) == 1
    assert [item.at.minute for item in queries.inbox(dispatcher, before=seen[0].at)] == [1, 0]


def test_an_item_carries_its_words_its_link_and_the_mark_of_a_drill(county: County):
    dispatcher = hire("dispatcher", "李调度")
    params = {"code": "8203447190563", "kind": "火情", "area": "旧县村", "link": "/desk/cases/8203447190563/"}
    send(Recipient.person(dispatcher), params=params, drill=True)
    item = queries.inbox(dispatcher)[0]
    assert item.title == "【演练】新上报：火情"
    assert item.link == "/desk/cases/8203447190563/"
    assert item.subject == SUBJECT and item.drill and not item.needs_acknowledgement


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(county: County, django_assert_num_queries, count: int):
    dispatcher = hire("dispatcher", "李调度", email="a@example.org")
    for number in range(count):
        send(Recipient.person(dispatcher), key=f"step:{number}", urgent=True)
        Delivery.objects.filter(channel=Channel.EMAIL).update(
            state=DeliveryState.UNDELIVERABLE, reason="server_busy"
        )
    with django_assert_num_queries(1):
        assert len(queries.inbox(dispatcher)) == count
    with django_assert_num_queries(1):
        assert queries.unread_count(dispatcher) == count
    with django_assert_num_queries(1):
        assert len(queries.unanswered(dispatcher)) == count
    with django_assert_num_queries(2):
        assert len(queries.for_subject(SUBJECT)) == 2 * count
    with django_assert_num_queries(2):
        assert len(queries.undelivered()) == count


def test_the_page_of_a_case_says_who_was_told_how_and_when(county: County):
    dispatcher = hire("dispatcher", "李调度")
    send(Recipient.person(dispatcher))
    send(contact("13800000000"))
    by_person, to_reporter = queries.for_subject(SUBJECT)
    assert (by_person.to, by_person.channel, by_person.state_title) == ("李调度", "应用内", "已送达")
    assert (to_reporter.to, to_reporter.channel, to_reporter.state) == (
        "上报人",
        "电子邮件",
        DeliveryState.WAITING,
    )
    assert "8203 4471 9056 3" in by_person.words


def test_only_the_recipient_confirms(county: County):
    dispatcher, other = hire("dispatcher", "李调度"), hire("head", "吴主任")
    send(Recipient.person(dispatcher), urgent=True)
    notice = queries.unanswered(dispatcher)[0].id
    for by in (person(other), RESIDENT):
        with pytest.raises(NotAllowed):
            operations.acknowledge(notice=notice, by=by, now=NOW)
    operations.acknowledge(notice=notice, by=person(dispatcher), now=NOW)
    item = queries.inbox(dispatcher)[0]
    assert (item.acknowledged_by, item.needs_acknowledgement, item.read) == ("李调度", False, True)
    assert queries.for_subject(SUBJECT)[0].state is DeliveryState.ACKNOWLEDGED
    with pytest.raises(NotFound):
        operations.acknowledge(notice=uuid.UUID(int=1), by=SYSTEM, now=NOW)


def test_attempts_are_written_once(county: County):
    send(Recipient.person(hire("dispatcher", "李调度")))
    assert Attempt.objects.count() == 1
    with pytest.raises(TypeError):
        Attempt.objects.get().save()
    with pytest.raises((IntegrityError, Exception)), transaction.atomic():
        Attempt.objects.update(reason="x")
    assert Attempt.objects.get().reason == ""


def test_a_closed_account_still_has_its_inbox_and_gets_no_mail(county: County, jobs):
    leaver = hire("dispatcher", "李调度", email="a@example.org")
    accounts.close_account(person=leaver, by=SYSTEM, now=NOW, reason="left")
    send(Recipient.person(leaver))
    assert queries.unread_count(leaver) == 1
    assert jobs().count() == 0


def test_a_recipient_is_a_person_or_a_contact_by_id():
    for kind, ref in (("crowd", str(uuid.UUID(int=1))), ("person", "a@example.org")):
        with pytest.raises(ValueError):
            Recipient(kind, ref)
