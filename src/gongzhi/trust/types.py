"""What other parts may hold of a sealed content."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A value that is to be sealed for a subject."""

    subject: str
    name: str
    value: bytes = field(repr=False)
    purpose: str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A receipt for something sealed: its id and SHA-256(salt ‖ value)."""

    id: uuid.UUID
    commitment: str  # hex


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a kind of content is held: the declaration that PIPL asks for."""

    key: str
    purpose: str
    basis: str
    retention_days: int  # after the case is closed
    sharing: str  # none · conditional · unconditional


class AuditKind(StrEnum):
    """The acts the audit log keeps."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    LOCKED_OUT = "locked_out"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CITY_LINKED = "city_linked"
    CITY_UNLINKED = "city_unlinked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word, no secret
    SESSION_ENDED = "session_ended"
    TOKEN_ISSUED = "token_issued"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    ACCOUNT_OPENED = "account_opened"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_CLOSED = "account_closed"
    ROLE_GRANTED = "role_granted"
    ROLE_ENDED = "role_ended"
    HEAD_APPOINTED = "head_appointed"
    HEAD_ENDED = "head_ended"
    ORGANISATION_CHANGED = "organisation_changed"
    TERRITORY_CHANGED = "territory_changed"
    DEFINITION_CHANGED = "definition_changed"
    CALENDAR_CHANGED = "calendar_changed"
    REVEALED = "revealed"
    ORIGINAL_OPENED = "original_opened"
    EXPORTED = "exported"
    ERASED = "erased"
    AUDIT_READ = "audit_read"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RIGHTS_REQUEST = "rights_request"
    TIP_OPENED = "tip_opened"
    TIP_IDENTITY_OPENED = "tip_identity_opened"
    TIP_ACT = "tip_act"
    KEY_RECOVERED = "key_recovered"
    KEYS_ROTATED = "keys_rotated"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    PROOF_KEY_MADE = "proof_key_made"
    FUND_ACT = "fund_act"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LogRow:
    """A committed row that belongs into the public log: its id, the case it is about, its digest."""

    id: uuid.UUID
    about: uuid.UUID | None
    digest: bytes


@dataclass(frozen=True, slots=True)
class LogSource:
    """A table whose rows are sealed. Parts above register theirs in `config.wiring`."""

    name: str
    rows: Callable[[uuid.UUID], Iterator[LogRow]]  # every committed row from this id on, in the order of ids
    name_of: Callable[[uuid.UUID, uuid.UUID | None], str]  # what people call the row, by its id and `about`


@dataclass(frozen=True, slots=True)
class Head:
    """A signed statement about the log, as it is published."""

    version: int
    number: int
    size: int
    previous: int  # the size of the head before
    root: str  # hex, like key and signature
    signed_at: datetime
    algorithm: str
    key: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that has signed heads; its name is the SHA-256 of the public key, so that nobody can swap it."""

    key: str
    algorithm: str
    public: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed row stands in the log, and the proof that it stands there."""

    index: int
    digest: bytes
    path: tuple[bytes, ...]


class ConsentGiver(StrEnum):
    """Who agreed: the person, or the guardian of a minor or of somebody who can't decide alone."""

    PERSON = "person"
    GUARDIAN = "guardian"


class ConsentWay(StrEnum):
    """How it was given."""

    WEB = "web"
    PAPER = "paper"
    IN_PERSON = "in_person"
