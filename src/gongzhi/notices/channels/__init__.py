"""The seam between the outbox and the ways a notice travels: a new channel is a module here and a row in `OPEN`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from gongzhi.notices.channels import email, in_app
from gongzhi.notices.types import Channel, Letter, Recipient


class Carrier(Protocol):
    """What a channel can do. Both calls raise `NotDelivered` when it does not work."""

    def address(self, recipient: Recipient, now: datetime) -> str:
        """Where the recipient is reached, read at the moment of delivery and never stored."""

    def carry(self, letter: Letter, address: str) -> None:
        """Hand the letter over."""


OPEN: Mapping[Channel, Carrier] = {Channel.IN_APP: in_app.InApp(), Channel.EMAIL: email.Email()}
