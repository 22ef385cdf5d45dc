"""The administrators' commands, on a real cell in a folder of its own."""

import json
from importlib import resources

import pytest

from tests.config.process import gongzhi

GOOD = "username,display_name\nwang.new,王新\nli.new,李新\n"


@pytest.fixture
def prepared(folder):
    done = gongzhi(folder, "prepare")
    assert done.returncode == 0, done.stderr
    return folder


def calendar(folder, **changes: object):
    shipped = resources.files("gongzhi.base").joinpath("data", "calendars", "cn-2026.1.json")
    path = folder / "calendar.json"
    path.write_text(json.dumps(json.loads(shipped.read_text("utf-8")) | changes), "utf-8")
    return str(path)


@pytest.mark.slow
def test_people_come_in_from_a_list_and_a_calendar_from_a_file(prepared):
    people = prepared / "people.csv"
    people.write_text(GOOD + "x,短\n", "utf-8")
    done = gongzhi(prepared, "people", "import", str(people))
    assert done.returncode == 1 and "people.csv, line 4: A user name has 2 to 40" in done.stdout
    people.write_text(GOOD, "utf-8")
    assert (
        "2 accounts could be opened" in gongzhi(prepared, "people", "import", str(people), "--dry-run").stdout
    )
    assert "2 accounts opened" in gongzhi(prepared, "people", "import", str(people)).stdout
    assert gongzhi(prepared, "people", "import", str(people)).returncode == 1
    opened = gongzhi(prepared, "people", "open", "first.admin", "张一", "--administrator", "system_admin")
    again = gongzhi(prepared, "people", "password", "first.admin")
    assert (opened.returncode, again.returncode) == (0, 0)
    assert len({opened.stdout, again.stdout}) == 2 and len(again.stdout.strip()) == 14
    assert gongzhi(prepared, "people", "password", "nobody.here").returncode == 2

    refused = gongzhi(prepared, "calendar", "import", calendar(prepared))
    assert refused.returncode == 1 and "already" in refused.stderr
    done = gongzhi(
        prepared, "calendar", "import", calendar(prepared, version="cn-2026.2", published="2026-11-20")
    )
    assert done.returncode == 0 and "in force: cn-2026.2" in done.stdout
    assert gongzhi(prepared, "calendar", "recalculate").returncode == 0
    assert gongzhi(prepared, "calendar", "show").stdout.startswith("cn-2026.2:")
    assert "0 files removed" in gongzhi(prepared, "files", "sweep").stdout


def test_the_worker_sweeps_the_files_every_day():
    from procrastinate.contrib.django import app

    found = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert found.get("files.sweep") == "20 19 * * *"
