"""The same notice from several sides at once."""

from functools import partial

from gongzhi.notices import operations
from gongzhi.notices.models import Attempt, Delivery, Notice
from gongzhi.notices.types import Channel, Recipient
from tests.accounts.county import NOW, hire, make_county
from tests.accounts.side_by_side import side_by_side
from tests.notices.sending import contact, delivery, send
from tests.notices.sink import Sink


def test_sending_the_same_key_at_once_writes_one_notice(clean_cell):
    make_county()
    to = Recipient.person(hire("dispatcher", "李调度"))
    assert side_by_side(*(partial(send, to) for _ in range(4))) == [None] * 4
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 1)


def test_several_workers_on_one_delivery_send_one_mail(clean_cell, sink: Sink):
    make_county()
    send(contact("reporter@example.org"))
    job = partial(operations.deliver, delivery=delivery().id, now=NOW)
    assert side_by_side(*(job for _ in range(4))) == [None] * 4
    assert len(sink.mails) == 1
    assert Attempt.objects.filter(delivery__channel=Channel.EMAIL).count() == 1


def test_several_sweeps_hand_an_unanswered_notice_on_once(clean_cell):
    make_county()
    first, second, third = (hire(name, name) for name in ("first", "second", "third"))
    send(Recipient.person(first), urgent=True, escalate=[second, third])
    late = NOW.replace(minute=30)
    handed = side_by_side(*(partial(operations.escalate_unacknowledged, late) for _ in range(4)))
    assert sorted(handed) == [0, 0, 0, 1]
    assert Notice.objects.count() == 2
