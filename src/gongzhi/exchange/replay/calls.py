"""`gongzhi replay calls FILE`: recorded fire calls run through the loop at their own times, and how their clocks judge.

Each call is a case, each unit a task of it. The times in the file are local and say no zone; they are read as they
stand, all in one zone without summer time, so that a difference between two of them is the difference in the file.
The calls lie outside the demo county, so they are reported without a place. Nobody verifies or closes them: the file
says nothing of that. The clock loop does not tick: verdicts come from the times of steps alone.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from gongzhi.base import postgres
from gongzhi.exchange.replay import cell
from gongzhi.exchange.replay.reading import read_rows

PROGRAMS = Path(__file__).parent / "programs"
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)
CLOCKS = ("turnout", "travel", "on_scene", "cleared")
VERDICTS = ("met", "breached", "unknown")


@dataclass(frozen=True, slots=True)
class Unit:
    """One engine or ambulance and when it did what; a time nobody wrote down is None."""

    name: str
    dispatched: datetime
    responded: datetime | None
    arrived: datetime | None
    available: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """One call and the units sent to it, the first sent first."""

    number: str
    kind: str
    received: datetime
    entered: datetime
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """How one clock of one unit was kept."""

    call: str
    unit: str
    clock: str
    seconds: int | None
    verdict: str


def run(
    file: Path,
    *,
    out: Path | None = None,
    limit: int | None = None,
    keep: Path | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Replay a file in a cell of its own, tell how the clocks judge, and write it down if asked to."""
    calls = read_calls(file, limit)
    with cell.throwaway(keep, MADE_AT, programs=PROGRAMS, role=postgres.ENGINE):
        from gongzhi.exchange.replay.ending import verified

        judged = replay(calls)
        if out is not None:
            write(out, judged)
        say(show(calls, judged))
        return 0 if verified(say) else 1


def replay(calls: list[Call]) -> list[Judged]:
    """Replay calls in the cell Django is connected to."""
    from gongzhi.exchange.replay.dispatching import Station

    station = Station()
    with tqdm(total=len(calls), desc="replay", unit="call", disable=None) as bar:
        judged: list[Judged] = []
        for call in calls:
            judged += station.play(call)
            bar.update(1)
    return judged


def read_calls(file: Path, limit: int | None = None) -> list[Call]:
    """The calls of a file, oldest first; `limit` counts rows, which are units."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in islice(read_rows(file), limit):
        rows.setdefault(row["Call Number"], []).append(row)
    calls = [_call(number, units) for number, units in rows.items()]
    return sorted(calls, key=lambda call: (call.received, call.number))


def _call(number: str, rows: list[dict[str, str]]) -> Call:
    units = sorted((_unit(row) for row in rows), key=lambda unit: (unit.dispatched, unit.name))
    received, entered = moment(rows[0]["Received DtTm"]), moment(rows[0]["Entry DtTm"])
    if received is None or entered is None:
        raise ValueError(f"call {number}: no time of receipt or entry")
    return Call(number, rows[0]["Call Type"], received, entered, tuple(units))


def _unit(row: dict[str, str]) -> Unit:
    dispatched = moment(row["Dispatch DtTm"])
    if dispatched is None:
        raise ValueError(f"call {row['Call Number']}: unit {row['Unit ID']} has no time of dispatch")
    later = (moment(row[name]) for name in ("Response DtTm", "On Scene DtTm", "Available DtTm"))
    return Unit(row["Unit ID"], dispatched, *later)


def moment(text: str) -> datetime | None:
    """A time of the file as it stands, without a zone of its own."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def write(out: Path, judged: Iterable[Judged]) -> None:
    """One line per unit and clock, in the order of the file's calls."""
    with out.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["call_number", "unit_id", "clock", "seconds", "met"])
        writer.writerows(_lines(judged))


def _lines(judged: Iterable[Judged]) -> Iterator[tuple[str, str, str, str, str]]:
    for one in judged:
        met = {"met": "yes", "breached": "no"}.get(one.verdict, "unknown")
        yield one.call, one.unit, one.clock, "" if one.seconds is None else str(one.seconds), met


def show(calls: list[Call], judged: list[Judged]) -> str:
    """How many of each clock were kept."""
    from django.utils.translation import gettext as _

    from gongzhi.exchange.replay.table import table

    units = sum(len(call.units) for call in calls)
    counts = Counter((one.clock, one.verdict) for one in judged)
    rows = [(clock, *(counts[clock, verdict] for verdict in VERDICTS)) for clock in CLOCKS]
    head = _("%(calls)d calls, %(units)d units") % {"calls": len(calls), "units": units}
    return f"{head}\n\n{table((_('Clock'), _('Met'), _('Breached'), _('Unknown')), rows)}"
