"""The state of the cell in plain words, and the working calendar."""

import json
import tomllib
import uuid
from datetime import timedelta
from importlib import resources

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi import VERSION
from gongzhi.base import calendars
from gongzhi.base.actor import RESIDENT
from gongzhi.base.errors import Refused
from gongzhi.cases import clock_loop, operations
from gongzhi.cases import queries as cases
from gongzhi.programs.types import Source
from tests.administration.conftest import noted, now
from tests.cell import REPOSITORY

STATUS, CALENDAR = "/administration/status/", "/administration/calendar/"


def paper(day: str, name: str = "cn-2026.2") -> dict:
    """A paper that gives one more day off."""
    folder = resources.files("gongzhi.base").joinpath("data", "calendars")
    body = json.loads(folder.joinpath("cn-2026.1.json").read_text("utf-8"))
    body |= {"version": name, "published": "2026-11-20"}
    body["years"][1]["holidays"].append({"name": "National Day", "from": day, "to": day})
    return body


def test_a_clock_loop_that_never_ran_is_said_with_what_to_do(system):
    page = system.see(STATUS)
    assert "从没运行过" in page and "gongzhi clock" in page and "马上处理" in page


def test_a_clock_loop_that_is_alive_is_well_and_its_blind_time_is_shown(system):
    clock_loop.beat(now() - timedelta(minutes=30))
    clock_loop.beat(now())
    page = system.see(STATUS)
    assert "从没运行过" not in page
    assert "最近七天 1 次" in page and "30 分" in page


def test_a_clock_loop_that_has_stopped_is_noticed(system):
    clock_loop.beat(now() - timedelta(minutes=3))
    page = system.see(STATUS)
    assert "马上处理" in page and "把它再启动" in page


def test_a_full_disk_is_said_before_it_is_full(system, monkeypatch):
    from gongzhi.base import machine

    monkeypatch.setattr(machine, "disk", lambda folder: machine.Disk(100 * 1024**3, 2 * 1024**3))
    assert "共 100 GB，剩 2 GB（2%）" in system.see(STATUS)


def test_the_version_is_that_of_the_package(system):
    pyproject = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert pyproject["project"]["version"] == VERSION
    assert f"<dd>{VERSION}</dd>" in system.see(STATUS)


def test_it_lists_the_programs_and_the_calendar(system):
    page = system.see(STATUS)
    assert "cn-2026.1" in page and "hazards" in page


def send_calendar(system, body: dict | bytes):
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False, indent=1).encode()
    return system.send(f"{CALENDAR}import/", file=SimpleUploadedFile("c.json", data))


def hazard() -> str:
    """A report with clocks in working days."""
    return operations.report_case(
        client_id=uuid.uuid4(),
        kind="hazards.manhole",
        text="井盖没了",
        place=None,
        place_text="菜场",
        source=Source.RESIDENT,
        by=RESIDENT,
        now=now(),
    ).case_code


def test_a_new_calendar_comes_in_and_running_clocks_wait_to_be_counted_again(system):
    from gongzhi.cases.models import CaseClock, CaseRecord

    code = hazard()
    before = {c.id: c.due_at for c in CaseClock.objects.filter(case__code=code, status="running")}
    first_working_day = next(
        day
        for day in (now().date() + timedelta(days=n) for n in range(1, 20))
        if calendars.current().is_working(day)
    )
    assert send_calendar(system, paper(first_working_day.isoformat())).status_code == 302
    assert calendars.current().version == "cn-2026.2"
    behind = operations.behind(calendar="cn-2026.2")
    assert behind.cases == 1
    assert "1 件未结事项按旧日历计时" in system.see(CALENDAR)
    system.send(f"{CALENDAR}recalculate/")
    after = {c.id: c.due_at for c in CaseClock.objects.filter(case__code=code, status="running")}
    assert sum(before[clock] != after[clock] for clock in before) == behind.clocks
    assert CaseRecord.objects.get(code=code).calendar == "cn-2026.2"
    assert operations.behind(calendar="cn-2026.2").cases == 0
    assert [row.data["act"] for row in noted("calendar_changed")] == ["recalculated", "imported"]
    assert cases.loop_state(now()).running >= 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{\n"version": "x",\n oops', "第 3 行：不是合格的 JSON"),
        (b"\xff\xfe", "第 1 行：不是 UTF-8 文本"),
        (b"[]", "第 1 行：日历文件以 { 开头"),
        (b'{\n"published": "2026-13-01",\n"years": []}', "第 2 行"),
    ],
)
def test_a_bad_calendar_is_refused_with_its_line_and_reason(system, body, says):
    answer = send_calendar(system, body)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert calendars.current().version == "cn-2026.1"


def test_a_contradiction_is_refused_with_the_line_of_the_day():
    body = paper("2026-11-24")
    body["years"][1]["makeup_days"].append("2026-11-25")
    text = json.dumps(body, indent=1)
    line = next(n for n, said in enumerate(text.splitlines(), 1) if "2026-11-25" in said)
    with pytest.raises(Refused, match=f"第 {line} 行：.*不是周六、周日"):
        calendars.read_file(text.encode())
