"""Kinds of fields every request shares: text that can be stored, numbers that are numbers, aware times."""

import uuid
from datetime import UTC, datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

MOST_PHOTOS = 9
EARLIEST, LATEST = 1970, 2200  # years


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise PydanticCustomError("bad_characters", "text holds a NUL or a lone surrogate")
    return text


def _within_living_memory(moment: datetime) -> datetime:
    """In UTC, since a database knows fewer offsets than people write; no year that a calendar here could not hold."""
    if not EARLIEST <= moment.year <= LATEST:
        raise PydanticCustomError("out_of_time", "the year is out of range", {"ge": EARLIEST, "le": LATEST})
    return moment.astimezone(UTC)


class Shape(Schema):
    """A request; a field nobody knows is refused, so that a typing mistake is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


Words = Annotated[str, Strict(), AfterValidator(_storable)]
"""Text of any length; how long it may be is the operation's own rule."""

Key = Annotated[str, Strict(), Field(max_length=100), AfterValidator(_storable)]
"""A short name known to the cell: a kind, a severity, a clock, an organisation."""

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Whole = Annotated[int, Strict()]
YesNo = Annotated[bool, Strict()]
Photos = Annotated[tuple[uuid.UUID, ...], Field(max_length=MOST_PHOTOS)]
Moment = Annotated[AwareDatetime, AfterValidator(_within_living_memory)]
