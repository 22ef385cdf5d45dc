"""Recovery to a moment: a base backup, the archived log, and a report that came just before and one just after."""

import shutil
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from gongzhi.base import postgres
from tests import cell
from tests.config.process import RunningCell, gongzhi

pytestmark = pytest.mark.slow


@pytest.fixture
def folders() -> Iterator[list[Path]]:
    """The cell's, the archive's, the restored cell's."""
    made = [cell.make_folder() for _ in range(3)]
    made[1].chmod(0o777)  # the PostgreSQL system user writes here
    yield made
    for folder in made:
        cell.remove_folder(folder)


def report(running: RunningCell, text: str) -> str:
    body = {
        "client_id": str(uuid.uuid4()),
        "kind": "linkage.blocked_road",
        "text": text,
        "place_text": "路口",
    }
    answer = httpx.post(f"http://127.0.0.1:{running.port}/api/v1/reports", json=body, timeout=20)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_code"])


def asked(folder: Path, statement: str, *values: object) -> list[tuple]:
    url = postgres.Server(folder, folder / "keys").url(postgres.SUPERUSER)
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement, values).fetchall()


def archived(folder: Path, archive: Path) -> None:
    """Wait until the log up to now lies in the archive."""
    [(segment,)] = asked(folder, "SELECT pg_walfile_name(pg_switch_wal())")
    deadline = time.monotonic() + 30
    while not (archive / f"{segment}.gz").exists():
        assert time.monotonic() < deadline, sorted(archive.iterdir())
        time.sleep(0.1)


def test_a_cell_comes_back_as_it_was_at_a_moment(folders, tmp_path):
    folder, archive, restored = folders
    running = RunningCell(folder, GONGZHI_WAL_ARCHIVE=str(archive))
    running.start()
    try:
        taken = gongzhi(folder, "backup", str(tmp_path / "base"), "--base")
        assert taken.returncode == 0, taken.stderr
        before = report(running, "到那一刻为止")
        [(moment,)] = asked(folder, "SELECT clock_timestamp()")
        time.sleep(0.1)
        after = report(running, "那一刻以后")
        archived(folder, archive)
    finally:
        running.stop()
    shutil.copytree(folder / "keys", restored / "keys")

    _needs_the_log(restored, tmp_path / "base")
    done = _recovered(restored, tmp_path / "base", archive, moment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 problems" in done.stdout
    with postgres.Server(restored, restored / "keys"):
        codes = {row[0] for row in asked(restored, "SELECT code FROM cases_caserecord")}
    assert before in codes
    assert after not in codes
    assert gongzhi(restored, "verify").returncode == 0


def _needs_the_log(restored: Path, taken: Path) -> None:
    done = gongzhi(restored, "restore", str(taken))
    assert done.returncode == 2 and "--wal" in done.stderr
    assert [path.name for path in restored.iterdir()] == ["keys"]


def _recovered(restored: Path, taken: Path, archive: Path, moment: datetime):
    more = ["--wal", str(archive), "--until", moment.isoformat()]
    return gongzhi(restored, "restore", str(taken), *more)
