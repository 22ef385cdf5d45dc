"""Who may not know that a tip exists, and which unit receives it instead."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gongzhi.tips.types import BlockGround


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who could be given a tip: all organisations they work for, and those they are close to."""

    person: uuid.UUID
    organisations: frozenset[uuid.UUID]
    interests: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class RoutedTo:
    """The unit that receives, who of it may know, and who of it may not."""

    unit: uuid.UUID
    members: tuple[uuid.UUID, ...]
    blocked: tuple[tuple[uuid.UUID, BlockGround], ...]


def grounds(member: Member, line: Collection[uuid.UUID], named: Collection[uuid.UUID]) -> BlockGround | None:
    """Why somebody may not know; `line` is the organisation reported with all above and below it."""
    if member.person in named:
        return BlockGround.NAMED
    if member.organisations & frozenset(line):
        return BlockGround.IN_LINE
    if member.interests & frozenset(line):
        return BlockGround.INTEREST
    return None


def route(
    units: Sequence[tuple[uuid.UUID, Sequence[Member]]],
    line: Collection[uuid.UUID],
    named: Collection[uuid.UUID],
) -> RoutedTo | None:
    """The first unit that is not in line with what was reported and has somebody who may know; None if there is none."""
    for unit, members in units:
        found = {member.person: grounds(member, line, named) for member in members}
        free = tuple(person for person, ground in found.items() if ground is None)
        if unit not in line and free:
            return RoutedTo(unit, free, tuple((p, g) for p, g in found.items() if g is not None))
    return None
