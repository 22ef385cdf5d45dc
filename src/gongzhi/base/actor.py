"""Who did something: a person, a device, the system itself, another cell, or a resident without an account."""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    PERSON = "person"
    RESIDENT = "resident"
    DEVICE = "device"
    SYSTEM = "system"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a step, by plain text reference and never by name."""

    kind: ActorKind
    ref: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}" if self.ref else str(self.kind)

    @property
    def person_id(self) -> uuid.UUID | None:
        return uuid.UUID(self.ref) if self.kind is ActorKind.PERSON else None

    @classmethod
    def parse(cls, text: str) -> "Actor":
        kind, _, ref = text.partition(":")
        return cls(ActorKind(kind), ref)


RESIDENT = Actor(ActorKind.RESIDENT)
SYSTEM = Actor(ActorKind.SYSTEM)


def person(person_id: uuid.UUID) -> Actor:
    """The actor for a signed-in person."""
    return Actor(ActorKind.PERSON, str(person_id))
