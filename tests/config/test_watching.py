"""What a monitor asks: does the process live, is the cell ready, and its figures."""

import re
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from gongzhi.base import machine, postgres
from gongzhi.cases import clock_loop
from gongzhi.cases.models import CaseClock
from gongzhi.config import health, measuring
from gongzhi.config.tally import Tally
from gongzhi.trust import keyring
from tests.cases.conftest import Town

SAMPLE = re.compile(r'([a-z_]+)(?:\{([a-z]+)="([^"]*)"\})? (\S+)')


@pytest.fixture(autouse=True)
def _ask_anew(monkeypatch):
    monkeypatch.setattr(health, "ASK_AGAIN_AFTER", -1.0)


@pytest.fixture
def ready(demo_cell, client, monkeypatch):
    """A cell whose clock loop has just left a sign of life."""
    keyring.master_key(keyring.current())
    clock_loop.beat(timezone.now())
    return lambda: client.get("/readyz")


def figures(client, **more) -> dict[str, float]:
    """The samples of `/metrics` by name and label."""
    answer = client.get("/metrics", **more)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/openmetrics-text")
    lines = answer.content.decode().splitlines()
    assert lines[-1] == "# EOF"
    found = [SAMPLE.fullmatch(line) for line in lines if not line.startswith("#")]
    assert all(found), lines
    return {f"{m[1]}{{{m[3]}}}" if m[2] else m[1]: float(m[4]) for m in found}


def test_a_cell_that_can_work_is_ready(ready):
    assert (ready().status_code, ready().content) == (200, b"ok\n")


def test_a_silent_clock_loop_is_said(ready, monkeypatch):
    monkeypatch.setattr(health, "SILENT_AFTER", timedelta(seconds=-1))
    answer = ready()
    assert answer.status_code == 503 and b"clock loop: silent for 0 s" in answer.content


def test_missing_migrations_are_counted(ready):
    behind = frozenset({("cases", "9998_x"), ("cases", "9999_y"), *health._known_migrations})
    kept, health._known_migrations = health._known_migrations, behind
    try:
        assert b"migrations: 2 not applied" in ready().content
    finally:
        health._known_migrations = kept


def test_keys_that_are_gone_are_said_without_a_path(ready, settings, tmp_path):
    (tmp_path / "master.key").write_text("not a key")
    settings.GONGZHI_KEYS = tmp_path
    answer = ready()
    assert answer.status_code == 503 and b"keys: not readable" in answer.content
    assert str(tmp_path).encode() not in answer.content


def test_a_disk_without_room_is_said(ready, monkeypatch):
    monkeypatch.setattr(machine, "disk", lambda folder: machine.Disk(10**12, 10**6))
    assert b"disk: almost full" in ready().content


def test_a_read_only_database_is_said(clean_cell, client):
    clock_loop.beat(timezone.now())
    with psycopg.connect(clean_cell.url(postgres.SUPERUSER), autocommit=True) as admin:
        admin.execute("ALTER DATABASE gongzhi SET default_transaction_read_only = on")
        try:
            connection.close()
            answer = client.get("/readyz")
            assert (answer.status_code, client.get("/healthz").status_code) == (503, 200)
            assert b"database: reachable, not writable" in answer.content
        finally:
            admin.execute("ALTER DATABASE gongzhi RESET default_transaction_read_only")
            connection.close()
    assert b"writable" not in client.get("/readyz").content


def test_a_database_that_is_away_is_said_without_its_address(clean_cell, client):
    kept = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        answer = client.get("/readyz")
        assert client.get("/healthz").status_code == 200, "a process that lives is not restarted for it"
        assert figures(client)["gongzhi_database_up"] == 0
    finally:
        connection.settings_dict["HOST"] = kept
        connection.close()
    assert answer.status_code == 503 and b"database: not reachable" in answer.content
    assert b"nowhere" not in answer.content


def test_the_figures_are_those_of_the_database(demo_cell, client):
    before = figures(client)
    town = Town()
    town.report(now=timezone.now())
    clock = CaseClock.objects.exclude(next_at=None).first()
    CaseClock.objects.filter(pk=clock.pk).update(next_at=timezone.now() - timedelta(seconds=90))
    clock_loop.beat(timezone.now() - timedelta(seconds=50))
    clock_loop.beat(timezone.now())
    after = figures(client)
    assert after["gongzhi_cases_open{reported}"] == before["gongzhi_cases_open{reported}"] + 1
    assert after["gongzhi_reports_recent{1m}"] == before["gongzhi_reports_recent{1m}"] + 1
    assert 90 <= after["gongzhi_clock_lateness_seconds"] < 120
    assert 49 < after["gongzhi_blind_seconds_total"] - before["gongzhi_blind_seconds_total"] < 60
    assert after["gongzhi_database_up"] == 1


def test_a_refused_report_and_a_taken_one_are_counted_at_the_door(demo_cell, client):
    before = figures(client)
    assert client.post("/api/v1/reports", {}, content_type="application/json").status_code == 422
    body = {
        "client_id": "0192f0c1-0000-7000-8000-000000000001",
        "kind": "linkage.blocked_road",
        "text": "路口被堵住了",
        "place_text": "文化路口",
    }
    assert client.post("/api/v1/reports", body, content_type="application/json").status_code == 201
    after = figures(client)
    grown = {name for name in after if after[name] > before.get(name, 0)}
    assert {"gongzhi_intake_seconds_count", "gongzhi_intake_seconds_sum"} <= grown
    assert "gongzhi_intake_not_taken_total{refused}" in grown
    assert after["gongzhi_intake_seconds_count"] == before["gongzhi_intake_seconds_count"] + 1
    assert after["gongzhi_intake_seconds_bucket{+Inf}"] == after["gongzhi_intake_seconds_count"]


@pytest.mark.parametrize("proxied", [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}])
def test_a_stranger_needs_the_key_also_behind_our_own_proxy(demo_cell, client, settings, proxied):
    assert client.get("/metrics", **proxied).status_code == 404
    settings.GONGZHI_METRICS_KEY = "k" * 20
    assert client.get("/metrics", **proxied).status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ", **proxied).status_code == 404
    assert figures(client, HTTP_AUTHORIZATION=f"Bearer {'k' * 20}", **proxied)


COUNTING = """
import sys, threading
from pathlib import Path
from gongzhi.config.tally import Tally
tally = Tally(Path(sys.argv[1]), ("a", "b"))
threads = [threading.Thread(target=lambda: [tally.add({"a": 1, "b": 2}) for _ in range(500)]) for _ in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_processes_and_threads_that_count_together_lose_nothing(tmp_path):
    path = tmp_path / "t"
    running = [subprocess.Popen([sys.executable, "-c", COUNTING, str(path)]) for _ in range(3)]
    assert [process.wait(30) for process in running] == [0, 0, 0]
    assert Tally(path, ("a", "b")).read() == {"a": 4500, "b": 9000}
    assert Tally(path, ("a", "b", "c")).read() == {"a": 0, "b": 0, "c": 0}, "another version"


def test_a_full_disk_under_the_counters_costs_no_report(monkeypatch, caplog):
    def full() -> Tally:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(measuring, "tally", full)
    measuring.count(201, 0.1)
    assert "No space left" in caplog.text
