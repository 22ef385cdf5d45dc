"""What other parts may hold of a notice: whom it is for, how it travels, how it stands."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RecipientKind(StrEnum):
    PERSON = "person"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a notice is for: a person with an account, or a sealed contact whose address is read only to deliver."""

    kind: str
    ref: str

    def __post_init__(self) -> None:
        RecipientKind(self.kind)
        uuid.UUID(self.ref)

    @classmethod
    def person(cls, person_id: uuid.UUID) -> "Recipient":
        return cls(RecipientKind.PERSON, str(person_id))

    @classmethod
    def contact(cls, content_id: uuid.UUID) -> "Recipient":
        return cls(RecipientKind.CONTACT, str(content_id))

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(self.ref)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice to be sent. The key names its cause: the same key for the same recipient again does nothing.

    An urgent one wants to be confirmed in time by one of the people who got this key, else the next of `escalate`
    is asked.
    """

    subject: str
    to: Recipient
    template: str
    params: Mapping[str, Any]
    urgent: bool
    key: str
    drill: bool = False
    escalate: Sequence[uuid.UUID] = ()
    ack_within: timedelta | None = None


class Channel(StrEnum):
    """The ways a notice travels."""

    IN_APP = "in_app"
    EMAIL = "email"
    PHONE = "phone"  # a colleague calls, and says so

    @property
    def label(self) -> str:
        return str(_CHANNEL_LABELS[self])


_CHANNEL_LABELS: Mapping[Channel, Promise] = {
    Channel.IN_APP: _("In the app"),
    Channel.EMAIL: _("E-mail"),
    Channel.PHONE: _("Phone"),
}


class DeliveryState(StrEnum):
    """How one notice stands on one channel."""

    WAITING = "waiting"
    FAILED = "failed"  # will be tried again
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    ACKNOWLEDGED = "acknowledged"  # shown when the notice was confirmed; stored as `sent`

    @property
    def label(self) -> str:
        return str(_STATE_LABELS[self])


_STATE_LABELS: Mapping[DeliveryState, Promise] = {
    DeliveryState.WAITING: _("Waiting to be sent"),
    DeliveryState.FAILED: _("Not sent yet, will be tried again"),
    DeliveryState.SENT: _("Sent"),
    DeliveryState.UNDELIVERABLE: _("Could not be delivered"),
    DeliveryState.ACKNOWLEDGED: _("Confirmed"),
}


class Reason(StrEnum):
    """Why a notice did not arrive; never the address or the server's own words."""

    NONE = ""
    CALL_NEEDED = "call_needed"
    ERASED = "erased"
    NO_ADDRESS = "no_address"
    ADDRESS_REFUSED = "address_refused"
    SERVER_UNREACHABLE = "server_unreachable"
    SERVER_BUSY = "server_busy"
    NOBODY_ANSWERED = "nobody_answered"

    @property
    def label(self) -> str:
        return str(_REASON_LABELS[self])


_REASON_LABELS: Mapping[Reason, Promise | str] = {
    Reason.NONE: "",
    Reason.CALL_NEEDED: _("A phone number or other contact was left: please call."),
    Reason.ERASED: _("The contact was erased."),
    Reason.NO_ADDRESS: _("There is no e-mail address any more."),
    Reason.ADDRESS_REFUSED: _("The mail server does not accept this address: please call."),
    Reason.SERVER_UNREACHABLE: _("The mail server can't be reached."),
    Reason.SERVER_BUSY: _("The mail server did not take the message."),
    Reason.NOBODY_ANSWERED: _("Nobody confirmed it in time, and there is nobody else to turn to."),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words, ready for any channel."""

    key: str  # stays the same on every attempt
    title: str
    words: str
    link: str  # path within the site, "" if there is none


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A notice as its recipient sees it."""

    id: uuid.UUID
    subject: str
    title: str
    words: str
    link: str
    at: datetime
    read: bool
    urgent: bool
    needs_acknowledgement: bool
    ack_due_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    drill: bool


@dataclass(frozen=True, slots=True)
class NoticePicture:
    """One notice on one channel, for the page of its subject and for the list of undelivered ones."""

    id: uuid.UUID
    notice: uuid.UUID
    subject: str
    to: str
    channel: str
    state: DeliveryState
    state_title: str
    reason: str
    words: str
    at: datetime
    attempts: int
    next_attempt_at: datetime | None
    urgent: bool
    drill: bool
    by_phone: bool  # somebody has to call, and then say so
