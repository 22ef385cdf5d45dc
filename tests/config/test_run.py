import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from gongzhi.base import postgres
from tests import cell as throwaway
from tests.config.process import RunningCell, gongzhi

pytestmark = pytest.mark.slow


def test_it_starts_stops_and_finds_everything_again(folder):
    cell = RunningCell(folder)
    cell.start()
    try:
        page = httpx.get(f"http://127.0.0.1:{cell.port}/")
        assert page.status_code == 200
        password = cell.password()
        assert_a_second_run_is_refused(cell)
        code = report(cell)
    finally:
        assert cell.stop() < 10
    assert cell.process.returncode == 0
    assert cell.leftovers() == []

    assert cell.start() < patience()
    try:
        assert cell.password() == password
        assert httpx.get(f"http://127.0.0.1:{cell.port}/api/v1/cases/{code}").status_code == 200
        assert gongzhi(folder, "verify").returncode == 0, "a command works beside a running cell"
    finally:
        cell.stop()
    assert gongzhi(folder, "verify").returncode == 0, "and on a cell that is not running"
    assert cell.leftovers() == []


def patience() -> float:
    """15 seconds on a machine with nothing else to do; the suite may share its cores with others."""
    return 15 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def assert_a_second_run_is_refused(cell):
    done = gongzhi(cell.folder, "run", GONGZHI_PORT="1")
    assert done.returncode == 2
    assert "already running" in done.stderr


def report(cell) -> str:
    said = {
        "client_id": "0190b5a4-8a52-7cc0-9d4c-6d2f5a1b3c01",
        "kind": None,
        "text": "路灯不亮，晚上看不清台阶",
        "location": None,
        "place_text": "示例路口",
        "contact": None,
    }
    answer = httpx.post(f"http://127.0.0.1:{cell.port}/api/v1/reports", json=said)
    assert answer.status_code == 201, answer.text
    return answer.json()["case_code"]


def test_a_child_that_is_killed_comes_back_and_none_outlives_the_parent(folder):
    cell = RunningCell(folder)
    cell.start()
    children = Path(f"/proc/{cell.process.pid}/task/{cell.process.pid}/children").read_text().split()
    clock = next(pid for pid in children if "clock" in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(int(clock), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while "clock ended with code -9" not in cell.log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    cell.process.kill()
    cell.process.wait()
    while left := cell.leftovers():
        assert time.monotonic() < deadline + 10, left
        time.sleep(0.1)


@pytest.mark.parametrize("roles", ["three", "one"])
def test_it_runs_on_a_database_server_with_three_roles_or_one(folder, roles):
    elsewhere = throwaway.make_folder()
    with throwaway.server(elsewhere) as server:
        addresses = {
            "DATABASE_URL": server.url(postgres.APP if roles == "three" else postgres.OWNER),
            "DATABASE_OWNER_URL": server.url(postgres.OWNER),
            "DATABASE_ENGINE_URL": server.url(postgres.ENGINE if roles == "three" else postgres.OWNER),
        }
        cell = RunningCell(folder, **addresses)
        cell.start()
        try:
            assert not (folder / "postgres").exists()
            report(cell)
        finally:
            cell.stop()
        assert gongzhi(folder, "verify", **addresses).returncode == 0
    throwaway.remove_folder(elsewhere)
