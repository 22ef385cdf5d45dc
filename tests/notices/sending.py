"""How tests put a notice in the outbox."""

import uuid
from typing import Any

from gongzhi.notices import operations
from gongzhi.notices.models import Delivery
from gongzhi.notices.types import Channel, Recipient
from gongzhi.trust import operations as trust
from tests.accounts.county import NOW

SUBJECT = "case:018f3c2e-0000-7000-8000-000000000001"
PARAMS = {"code": "8203447190563", "kind": "消防通道被堵", "area": "旧县街道 旧县村"}


def send(to: Recipient, **changes: Any) -> None:
    """One notice about one case."""
    wanted = {
        "subject": SUBJECT,
        "to": to,
        "template": "case_reported",
        "params": PARAMS,
        "urgent": False,
        "key": "step:1",
        "now": NOW,
    }
    operations.send(**{**wanted, **changes})


def contact(text: str) -> Recipient:
    """A sealed contact, as a reporter left it."""
    sealed = trust.seal(subject=SUBJECT, name="contact", value=text.encode(), purpose="contact", now=NOW)
    return Recipient.contact(sealed.id)


def delivery(channel: Channel = Channel.EMAIL) -> Delivery:
    """The only delivery on a channel."""
    return Delivery.objects.get(channel=channel)


def try_now(at: Any = NOW) -> Delivery:
    """Run the delivery by mail as its job would, and read what came of it."""
    operations.deliver(delivery=uuid.UUID(str(delivery().id)), now=at)
    return delivery()
