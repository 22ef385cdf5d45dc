"""What the clocks of recorded calls must say, straight from the CSV: imports nothing of ours, shares no code.

python tests/exchange/independent_calls.py calls.csv.gz verdicts.csv     prints the differences
"""

import csv
import gzip
import sys
from datetime import datetime

# clock: from column, to column, limit in seconds
CLOCKS = {
    "turnout": ("Dispatch DtTm", "Response DtTm", 80),
    "travel": ("Response DtTm", "On Scene DtTm", 240),
    "on_scene": ("Received DtTm", "On Scene DtTm", 480),
    "cleared": ("Dispatch DtTm", "Available DtTm", 3600),
}


def verdicts(path: str, rows: int | None = None) -> dict[tuple[str, str, str], tuple[str, str]]:
    """(call, unit, clock) → (seconds, yes/no/unknown), for the first so many rows."""
    expected = {}
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            if rows is not None and number >= rows:
                break
            for clock, (start, stop, limit) in CLOCKS.items():
                expected[row["Call Number"], row["Unit ID"], clock] = judge(row[start], row[stop], limit)
    return expected


def judge(start: str, stop: str, limit: int) -> tuple[str, str]:
    if not start or not stop:
        return "", "unknown"
    seconds = int((datetime.fromisoformat(stop) - datetime.fromisoformat(start)).total_seconds())
    if seconds < 0:
        return "", "unknown"
    return str(seconds), "yes" if seconds <= limit else "no"


def written(path: str) -> dict[tuple[str, str, str], tuple[str, str]]:
    """The same from a file of `gongzhi replay calls --out`."""
    with open(path, encoding="utf-8") as lines:
        return {
            (row["call_number"], row["unit_id"], row["clock"]): (row["seconds"], row["met"])
            for row in csv.DictReader(lines)
        }


def differences(expected: dict, found: dict) -> list[str]:
    keys = sorted(expected.keys() | found.keys())
    return [
        f"{key}: {expected.get(key)} ≠ {found.get(key)}"
        for key in keys
        if expected.get(key) != found.get(key)
    ]


if __name__ == "__main__":
    wanted, got = verdicts(sys.argv[1]), written(sys.argv[2])
    different = differences(wanted, got)
    print("\n".join(different[:20]))
    print(f"{len(wanted)} verdicts expected, {len(got)} found, {len(different)} different")
    sys.exit(1 if different else 0)
