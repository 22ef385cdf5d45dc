"""Mail over a real socket: it fails, is tried again, arrives once; or is given up and seen."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from gongzhi.accounts import operations as accounts
from gongzhi.base.actor import RESIDENT, SYSTEM, person
from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.notices import operations, queries
from gongzhi.notices.models import Attempt, Delivery
from gongzhi.notices.types import DeliveryState, Reason, Recipient
from gongzhi.trust import operations as trust
from tests.accounts.county import NOW, County, hire, make_county
from tests.conftest import seeing_everything
from tests.notices.sending import SUBJECT, contact, delivery, send, try_now
from tests.notices.sink import Sink

MINUTE = timedelta(minutes=1)


def test_a_mail_to_staff_has_words_and_a_link(county: County, sink: Sink):
    dispatcher = hire("dispatcher", "李调度", email="dispatcher@example.org")
    params = {"code": "8203447190563", "kind": "火情", "area": "旧县村", "link": "/desk/cases/8203447190563/"}
    send(Recipient.person(dispatcher), params=params)
    assert try_now().state == DeliveryState.SENT
    mail = sink.mails[0]
    assert (mail["To"], mail["Subject"]) == ("dispatcher@example.org", "新上报：火情")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "https://gongzhi.example/desk/cases/8203447190563/" in mail.get_content()


def test_it_fails_is_tried_again_and_arrives_once(county: County, sink: Sink, jobs):
    send(
        contact(" reporter@example.org\n"),
        template="reply_to_reporter",
        params={"code": "1", "kind": "路灯不亮"},
    )
    sink.recipient_answer = b"451 come back later"
    failed = try_now()
    assert (failed.state, failed.reason, failed.attempts) == (DeliveryState.FAILED, Reason.SERVER_BUSY, 1)
    assert failed.next_attempt_at == NOW + MINUTE
    assert [job.scheduled_at for job in jobs()] == [NOW, NOW + MINUTE]

    assert try_now(NOW + MINUTE / 2).attempts == 1  # too early
    sink.recipient_answer = b"250 ok"
    sent = try_now(NOW + MINUTE)
    assert (sent.state, sent.reason, sent.sent_at) == (DeliveryState.SENT, "", NOW + MINUTE)
    try_now(NOW + MINUTE)
    assert len(sink.mails) == 1
    assert list(Attempt.objects.order_by("at", "id").values_list("state", "server_code")) == [
        ("failed", 451),
        ("sent", None),
    ]


def test_every_attempt_bears_the_same_message_id(county: County, sink: Sink):
    send(contact("reporter@example.org"))
    try_now()
    Delivery.objects.update(
        state=DeliveryState.WAITING, next_attempt_at=NOW
    )  # as if the commit had been lost
    try_now()
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1 and len(sink.mails) == 2


def test_when_nobody_answers_it_is_given_up_after_the_last_attempt_and_seen(county: County, sink: Sink):
    sink.close()
    send(contact("reporter@example.org"))
    at = NOW
    for _ in range(5):
        row = try_now(at)
        at = row.next_attempt_at or at
    assert (row.state, row.reason, row.attempts) == (
        DeliveryState.UNDELIVERABLE,
        Reason.SERVER_UNREACHABLE,
        5,
    )
    assert at == NOW + 156 * MINUTE
    assert [shown.state for shown in queries.undelivered()] == [DeliveryState.UNDELIVERABLE]
    assert queries.undelivered()[0].to == "上报人"


def test_a_refused_address_is_given_up_at_once_and_named_nowhere(county: County, sink: Sink, caplog):
    caplog.set_level(logging.DEBUG)
    send(contact("typo@example.org"))
    sink.recipient_answer = b"550 no such user typo@example.org"
    row = try_now()
    assert (row.state, row.reason, row.attempts) == (DeliveryState.UNDELIVERABLE, Reason.ADDRESS_REFUSED, 1)
    assert Attempt.objects.get().server_code == 550
    assert "typo" not in caplog.text + str(Attempt.objects.values().get())


@pytest.mark.parametrize("text", ["13800000000", "微信 abc", "a@b", "x@example.org\nBcc: y@example.org"])
def test_a_contact_that_is_no_mail_address_waits_for_a_call(county: County, sink: Sink, text: str):
    send(contact(text))
    row = try_now()
    assert (row.state, row.reason) == (DeliveryState.UNDELIVERABLE, Reason.CALL_NEEDED)
    shown = queries.undelivered()[0]
    assert shown.by_phone and shown.reason == "上报人留的是电话或其他方式，请打电话告知。"
    assert text not in str(shown)
    assert sink.mails == []


def test_somebody_who_called_takes_it_off_the_list(county: County, sink: Sink):
    verifier = hire("verifier", "孙核查")
    send(contact("13800000000"))
    try_now()
    notice = queries.undelivered()[0].notice
    with pytest.raises(NotAllowed):
        operations.told_by_phone(notice=notice, by=RESIDENT, now=NOW)
    for _ in range(2):
        operations.told_by_phone(notice=notice, by=person(verifier), now=NOW)
    assert queries.undelivered() == []
    assert [(n.channel, n.state_title) for n in queries.for_subject(SUBJECT)] == [
        ("电子邮件", "没能送达"),
        ("电话", "已确认"),
    ]


def test_an_erased_contact_gets_nothing_and_asks_for_no_call(county: County, sink: Sink):
    recipient = contact("reporter@example.org")
    send(recipient)
    trust.erase(content=recipient.id, by=SYSTEM, now=NOW, reason="asked")
    assert try_now().reason == Reason.ERASED
    assert not queries.undelivered()[0].by_phone
    assert sink.mails == []


def test_an_address_removed_meanwhile_gets_nothing(county: County, sink: Sink):
    leaver = hire("dispatcher", "李调度", email="a@example.org")
    send(Recipient.person(leaver))
    accounts.close_account(person=leaver, by=SYSTEM, now=NOW, reason="left")
    assert try_now().reason == Reason.NO_ADDRESS
    assert sink.mails == []


def test_what_was_given_up_can_be_tried_again_by_hand(county: County, sink: Sink):
    send(contact("reporter@example.org"))
    sink.recipient_answer = b"550 unknown"
    given_up = try_now()
    sink.recipient_answer = b"250 ok"
    operations.try_again(delivery=given_up.id, by=SYSTEM, now=NOW)
    assert try_now().state == DeliveryState.SENT
    with pytest.raises(Refused):
        operations.try_again(delivery=given_up.id, by=SYSTEM, now=NOW)


def test_a_delivery_whose_job_was_lost_is_deferred_again_once(county: County, jobs):
    send(contact("reporter@example.org"))
    jobs().count()
    assert operations.requeue_stuck(NOW + 10 * MINUTE) == 0
    assert operations.requeue_stuck(NOW + 16 * MINUTE) == 1
    assert operations.requeue_stuck(NOW + 17 * MINUTE) == 0
    assert jobs().count() == 2


def work_once() -> None:
    """What `gongzhi worker` does, until there is nothing left to do."""
    try:
        with seeing_everything(), app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    finally:
        connection.close()


def test_the_worker_delivers_what_was_committed(clean_cell, sink: Sink):
    make_county()
    send(contact("reporter@example.org"))
    with ThreadPoolExecutor(1) as pool:  # a browser test before us may have left an event loop in this thread
        pool.submit(work_once).result()
    assert delivery().state == DeliveryState.SENT
    assert len(sink.mails) == 1
