"""Recorded messages as a stream of reports: each at its own weekday and hour, years pressed into weeks.

A message keeps its weekday and time of day; its place in the order of dates says in which week it falls. One without
a time gets the weekday and hour of a dated one, drawn with a fixed seed, so that the day keeps its true rush hours.
"""

import csv
import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

WEEKS = 8
CHINA = timezone(timedelta(hours=8))
FIRST_MONDAY = datetime(2026, 3, 2, tzinfo=CHINA)
LONGEST = 4000  # what the API takes in one text


@dataclass(frozen=True, slots=True)
class Message:
    """One recorded message and the simulated moment it is sent."""

    row: int
    text: str
    rest: str  # what does not fit into one report is added to it afterwards
    at: datetime


def read_messages(file: Path, seed: int, limit: int | None = None) -> list[Message]:
    """The messages of a file in the order they will be sent."""
    rows = list(read_rows(file))[:limit]
    dated = sorted(
        (datetime.fromisoformat(row["time"]), number) for number, row in enumerate(rows) if row["time"]
    )
    moments = {number: _pressed(at, rank * WEEKS // len(dated)) for rank, (at, number) in enumerate(dated)}
    draw = random.Random(seed)  # noqa: S311 - a fixed seed is the point
    for number in range(len(rows)):
        if number not in moments:
            moments[number] = _drawn(draw, [at for at, _number in dated])
    messages = [_message(number, row, moments[number]) for number, row in enumerate(rows)]
    return sorted(messages, key=lambda message: (message.at, message.row))


def read_rows(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, plain or gzipped."""
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _pressed(at: datetime, week: int) -> datetime:
    into_the_day = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    return FIRST_MONDAY + timedelta(weeks=week, days=at.weekday()) + into_the_day


def _drawn(draw: random.Random, dated: list[datetime]) -> datetime:
    like = draw.choice(dated) if dated else datetime(2020, 1, 6, 9)  # noqa: DTZ001 - local, as in the file
    at = like.replace(minute=draw.randrange(60), second=draw.randrange(60))
    return _pressed(at, draw.randrange(WEEKS))


def _message(number: int, row: dict[str, str], at: datetime) -> Message:
    text = f"{row['title'].strip()}\n{row['body'].strip()}".replace("\x00", "").strip()
    return Message(number, text[:LONGEST], text[LONGEST:].strip(), at.astimezone(UTC))
