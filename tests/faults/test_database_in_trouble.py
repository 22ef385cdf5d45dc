"""A database that is full, that only reads, or that has no connection left: said calmly, and over without hands."""

import json
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gongzhi.base import postgres
from tests import cell as cells
from tests.config.process import RunningCell, gongzhi
from tests.faults.load import PLACE
from tests.faults.reckoning import Reckoning

pytestmark = pytest.mark.slow
DISK = "700m"


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A file system of its own for a whole cell, so small that a test can fill it."""
    folder = cells.make_folder()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", str(folder)], check=False
    )
    if mounted.returncode:
        cells.remove_folder(folder)
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    cells.remove_folder(folder)


@pytest.fixture(scope="module")
def cell(small_disk: Path) -> Iterator[RunningCell]:
    running = RunningCell(small_disk, GONGZHI_REPORTS_PER_ADDRESS="0")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def superuser(cell: RunningCell) -> Iterator[psycopg.Connection]:
    server = postgres.Server(cell.folder, cell.folder / "keys")
    with psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True) as line:
        yield line


class Answer:
    """What a caller got."""

    def __init__(self, port: int, method: str, path: str, said: dict[str, Any] | None = None) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=30)
        body = json.dumps(said) if said is not None else None
        line.request(method, path, body, {"Content-Type": "application/json", "Accept-Language": "zh-hans"})
        answer = line.getresponse()
        self.status, self.headers, self.text = answer.status, answer.headers, answer.read().decode()
        line.close()


def report(cell: RunningCell, client: uuid.UUID | None = None) -> Answer:
    said = {
        "client_id": str(client or uuid.uuid4()),
        "kind": None,
        "text": "路灯不亮" * 50,
        "location": PLACE,
    }
    return Answer(cell.port, "POST", "/api/v1/reports", said)


def until(met: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < ends, "it did not come to that"
        time.sleep(0.2)


def is_calm(answer: Answer) -> bool:
    return answer.status == 503 and int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def only_reading(superuser: psycopg.Connection) -> Iterator[Callable[[], None]]:
    """The database takes no change, until the function is called."""

    def again() -> None:
        superuser.execute("ALTER SYSTEM RESET default_transaction_read_only")
        superuser.execute("SELECT pg_reload_conf()")

    superuser.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    superuser.execute("SELECT pg_reload_conf()")
    yield again
    again()


@pytest.fixture
def without_connections(superuser: psycopg.Connection) -> Iterator[Callable[[], None]]:
    """The web processes get no connection, until the function is called."""

    def again() -> None:
        superuser.execute(f"ALTER ROLE {postgres.APP} CONNECTION LIMIT -1")

    superuser.execute(f"ALTER ROLE {postgres.APP} CONNECTION LIMIT 0")
    superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [postgres.APP]
    )
    yield again
    again()


@pytest.fixture
def code(cell: RunningCell) -> str:
    """A case of before."""
    return str(json.loads(report(cell).text)["case_code"])


def test_a_database_that_only_reads_takes_no_report_and_shows_its_pages(
    cell: RunningCell, code: str, only_reading: Callable[[], None]
) -> None:
    client = uuid.uuid4()
    until(lambda: report(cell).status == 503)
    refused = report(cell, client)
    assert is_calm(refused) and json.loads(refused.text)["code"] == "away"
    assert "再发一次" in refused.text
    assert Answer(cell.port, "GET", "/").status == 200
    only_reading()
    until(lambda: report(cell, client).status in (200, 201))


def test_without_a_connection_left_a_page_says_so_and_when_to_come_back(
    cell: RunningCell, code: str, without_connections: Callable[[], None]
) -> None:
    until(lambda: is_calm(report(cell)))
    page = Answer(cell.port, "GET", f"/c/{code}/")
    assert is_calm(page) and "暂时取不到" in page.text and "<html" in page.text
    assert Answer(cell.port, "GET", "/readyz").status == 503
    without_connections()
    until(lambda: report(cell).status == 201)
    until(lambda: Answer(cell.port, "GET", "/readyz").status == 200)


def test_on_a_full_disk_nothing_acknowledged_is_lost_and_room_is_enough_to_go_on(cell: RunningCell) -> None:
    receipts: dict[str, dict[str, str]] = {}

    def sent() -> Answer:
        client = uuid.uuid4()
        answer = report(cell, client)
        assert answer.status == 201 or is_calm(answer), (answer.status, answer.text[:300])
        if answer.status == 201:
            receipts[str(client)] = json.loads(answer.text)
        return answer

    sent()
    with (cell.folder / "ballast").open("wb") as ballast:
        ballast.write(b"x" * (shutil.disk_usage(cell.folder).free - 200_000))
    until(lambda: sent().status == 503, 90)
    while_full = [sent().status for _n in range(5)]
    (cell.folder / "ballast").unlink()
    until(lambda: sent().status == 201)
    assert 503 in while_full
    assert Reckoning(cell.folder).lost_or_doubled(receipts) == set()
    proved = gongzhi(cell.folder, "verify", **cell.settings)
    assert proved.returncode == 0, proved.stdout + proved.stderr
