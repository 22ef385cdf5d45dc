"""What goes in, and keys in use for a moment: never shown, not even in a traceback."""

import uuid
from dataclasses import dataclass, field

# What goes in.


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; its type is read from its content."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a reporter is and how to reach them: sealed apart from everything else."""

    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A message to hand over, with the spans (start, end) that are cut out of it."""

    message: uuid.UUID
    cuts: tuple[tuple[int, int], ...] = ()


# Keys, held for a request and never shown: not even in a traceback.


@dataclass(frozen=True, slots=True)
class MemberKey:
    """The unlocked key of a person: tip member, handler or custodian."""

    person: uuid.UUID
    key_id: uuid.UUID
    private: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What a right receipt opens: one tip, for its reporter."""

    tip: uuid.UUID
    content_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LockedAway:
    """A key put away for some minutes: `shut` goes into the session, `cookie` only into a cookie of its own."""

    shut: str
    cookie: str = field(repr=False)
