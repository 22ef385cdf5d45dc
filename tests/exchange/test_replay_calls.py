"""The replay of fire calls: its verdicts are those of a script that shares no code with it, unit by unit."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.exchange import independent_calls

HEAD = [
    "Call Number",
    "Unit ID",
    "Call Type",
    "Received DtTm",
    "Entry DtTm",
    "Dispatch DtTm",
    "Response DtTm",
    "On Scene DtTm",
    "Available DtTm",
]
DAY = "2015-11-01 "  # the night summer time ended there: an hour that came twice
CALLS = (
    # call, unit, received, entry, dispatch, response, on scene, available
    (
        "1",
        "E1",
        "00:59:50",
        "01:00:10",
        "01:00:30",
        "01:01:50",
        "01:05:50",
        "01:40:00",
    ),  # turnout and travel to the second
    ("1", "T2", "00:59:50", "01:00:10", "01:00:40", "01:02:01", "01:07:50", "02:00:41"),  # each a second late
    ("1", "M3", "00:59:50", "01:00:10", "01:00:40", "", "01:06:00", "01:30:00"),  # no response
    (
        "1",
        "B4",
        "00:59:50",
        "01:00:10",
        "01:50:00",
        "01:50:30",
        "",
        "01:55:00",
    ),  # sent when the first had gone home
    ("2", "E5", "23:00:00", "23:00:20", "23:00:40", "23:05:00", "23:04:00", "23:03:00"),  # backwards
    ("2", "E6", "23:00:00", "23:00:20", "23:00:40", "23:01:00", "23:07:59", ""),  # never available
    ("3", "E1", "03:00:00", "03:00:00", "03:00:00", "03:00:00", "03:00:00", "03:00:00"),  # all at once
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv"
    with path.open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(HEAD)
        for call, unit, *times in CALLS:
            writer.writerow([call, unit, "Alarms", *(DAY + time if time else "" for time in times)])
    return path


def replay(file: Path, out: Path, *more: str) -> str:
    """The command as somebody types it, in a cell of its own."""
    command = [sys.executable, "-m", "gongzhi", "replay", "calls", str(file), "--out", str(out), *more]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GONGZHI_", "DATABASE_"))
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_missing_and_backward_times_are_unknown_and_seconds_are_exact(file, tmp_path):
    told = replay(file, tmp_path / "out.csv")
    expected, found = (
        independent_calls.verdicts(str(file)),
        independent_calls.written(str(tmp_path / "out.csv")),
    )
    assert independent_calls.differences(expected, found) == []
    assert expected["1", "E1", "turnout"] == ("80", "yes")
    assert expected["1", "T2", "turnout"] == ("81", "no")
    assert expected["2", "E5", "travel"] == ("", "unknown")
    assert expected["2", "E6", "cleared"] == ("", "unknown")
    assert "3 cases" in told


@pytest.mark.shared
def test_real_calls_are_judged_as_the_independent_script_judges_them(shared_data, tmp_path):
    file, rows = shared_data / "service_requests" / "sf_fire_calls.csv.gz", 420
    replay(file, tmp_path / "out.csv", "--limit", str(rows))
    expected = independent_calls.verdicts(str(file), rows)
    found = independent_calls.written(str(tmp_path / "out.csv"))
    assert len(found) == 4 * rows
    assert independent_calls.differences(expected, found) == []
