"""The working behind a long limit, made short enough to read: ordinary weeks become one line (pure).

Nothing is lost: a line that stands for a run covers the same dates and counts the same amount. Named holidays,
pauses, extensions and unknown years keep lines of their own, for those are what people ask about.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from gongzhi.base.calendar import DayKind, TraceLine

WORKED = (DayKind.WORKING, DayKind.MAKEUP)
READABLE = 12  # lines: a working this short is shown day by day


def collapsed(trace: Iterable[TraceLine]) -> tuple[TraceLine, ...]:
    """The same trace; if it is long, each run of ordinary days in one line."""
    trace = tuple(trace)
    if len(trace) <= READABLE:
        return trace
    lines: list[TraceLine] = []
    run: list[TraceLine] = []
    for line in trace:
        if _ordinary(line):
            run.append(line)
            continue
        lines += [*_short(run), line]
        run = []
    return (*lines, *_short(run))


def _ordinary(line: TraceLine) -> bool:
    """A weekend, or a day of work on which something counted."""
    counted = line.params.get("days") or line.params.get("seconds")
    return line.code == DayKind.WEEKEND or (line.code in WORKED and bool(counted))


def _short(run: Sequence[TraceLine]) -> list[TraceLine]:
    return [_weeks(run)] if len(run) > 1 else list(run)


def _weeks(run: Sequence[TraceLine]) -> TraceLine:
    """One line for the run: what counted, on how many days worked, and how many days off lay between."""
    params: dict[str, str | int] = {
        "from": run[0].params["from"],
        "to": run[-1].params["to"],
        "worked": sum(_dates(line) for line in run if line.code != DayKind.WEEKEND),
        "makeup": sum(_dates(line) for line in run if line.code == DayKind.MAKEUP),
        "off": sum(_dates(line) for line in run if line.code == DayKind.WEEKEND),
    }
    for unit in ("days", "seconds"):
        if any(unit in line.params for line in run):
            params[unit] = sum(int(line.params.get(unit, 0)) for line in run)
    return TraceLine(run[0].at, "weeks", params)


def _dates(line: TraceLine) -> int:
    first, last = (date.fromisoformat(str(line.params[key])) for key in ("from", "to"))
    return (last - first).days + 1
