"""A backup taken from a running cell becomes a cell that proves itself; anything less is refused."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gongzhi.base import postgres
from tests import cell
from tests.config.process import RunningCell, gongzhi

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def places() -> Iterator[tuple[Path, Path, RunningCell]]:
    """A running cell with the demo, and a backup of it."""
    folder = cell.make_folder()
    running = RunningCell(folder)
    running.start()
    try:
        _store_a_photo(running)
        taken = folder.with_name(folder.name + "-backup")
        done = gongzhi(folder, "backup", str(taken))
        assert done.returncode == 0, done.stderr
        assert "keys are not in it" in done.stdout
        yield folder, taken, running
        shutil.rmtree(taken)
    finally:
        running.stop()
        cell.remove_folder(folder)


def _store_a_photo(running: RunningCell) -> None:
    import io

    import httpx
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(picture, "JPEG")
    address = f"http://127.0.0.1:{running.port}/api/v1/photos"
    answer = httpx.post(address, files={"photo": ("a.jpg", picture.getvalue(), "image/jpeg")}, timeout=20)
    assert answer.status_code == 201, answer.text


def counted(folder: Path) -> tuple[int, ...]:
    tables = ("cases_casestep", "cases_caserecord", "trust_content", "files_photo", "notices_notice")
    with psycopg.connect(postgres.Server(folder, folder / "keys").url(postgres.SUPERUSER)) as connection:
        return tuple(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables)


@pytest.fixture
def empty(folder: Path, places) -> Path:
    """An empty data directory that holds the keys and nothing else."""
    shutil.copytree(places[0] / "keys", folder / "keys")
    return folder


def test_a_backup_holds_no_key_and_says_what_it_is(places):
    _, taken, _ = places
    names = {path.name for path in taken.rglob("*")}
    assert {"database.dump", "SHA256SUMS", "backup.json"} <= names
    assert not {name for name in names if name.endswith(".key") or name == "postgres.json"}
    label = json.loads((taken / "backup.json").read_text())
    assert label["files"] == len(list((taken / "files").glob("??/*"))) >= 3
    assert taken.stat().st_mode & 0o077 == 0


def test_a_restored_cell_proves_itself_and_has_every_row(places, empty):
    original, taken, _ = places
    done = gongzhi(empty, "restore", str(taken))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 problems" in done.stdout
    again = RunningCell(empty, GONGZHI_DEMO="no")
    again.start()
    try:
        assert counted(empty) == counted(original)
        assert gongzhi(empty, "verify").returncode == 0
        assert gongzhi(empty, "rebuild").returncode == 0
    finally:
        again.stop()


def test_a_restore_never_touches_what_is_there(places, empty):
    (empty / "files").mkdir()
    done = gongzhi(empty, "restore", str(places[1]))
    assert done.returncode == 2 and "is not empty" in done.stderr
    assert sorted(path.name for path in empty.iterdir()) == ["files", "keys"]
    running = gongzhi(places[0], "restore", str(places[1]))
    assert running.returncode == 2, "the running cell itself"


def test_a_backup_is_refused_a_folder_that_holds_something(places, tmp_path):
    (tmp_path / "x").write_text("somebody's")
    done = gongzhi(places[0], "backup", str(tmp_path))
    assert done.returncode == 2 and [path.name for path in tmp_path.iterdir()] == ["x"]


def test_without_the_keys_nothing_is_restored(places, folder):
    done = gongzhi(folder, "restore", str(places[1]))
    assert done.returncode == 2 and "keys are missing" in done.stderr
    assert not (folder / "postgres").exists()


@pytest.mark.parametrize("harm", ["changed", "cut", "lost", "slipped in", "unfinished"])
def test_a_backup_that_is_not_as_it_was_written_is_refused(places, empty, tmp_path, harm):
    copy = tmp_path / "copy"
    shutil.copytree(places[1], copy)
    file = next((copy / "files").glob("??/*"))
    if harm == "changed":
        file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:])
    elif harm == "cut":
        (copy / "database.dump").write_bytes((copy / "database.dump").read_bytes()[:-1])
    elif harm == "lost":
        file.unlink()
    elif harm == "slipped in":
        (copy / "files" / "more").write_text("x")
    else:
        (copy / "backup.json").unlink()
    done = gongzhi(empty, "restore", str(copy))
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert [path.name for path in empty.iterdir()] == ["keys"]


def test_a_photo_that_is_lost_is_found_by_the_restore(places, empty, tmp_path, monkeypatch):
    """A backup that is whole, and was made of a cell that was not."""
    from gongzhi.config.archive import DIGESTS, LABEL, Archive

    copy = tmp_path / "copy"
    shutil.copytree(places[1], copy)
    lost = next((copy / "files").glob("??/*"))
    lost.unlink()
    label = json.loads((copy / LABEL).read_text())
    (copy / DIGESTS).unlink()
    (copy / LABEL).unlink()
    Archive(copy).finish({key: label[key] for key in ("made_at", "version", "files", "base", "keys")})
    done = gongzhi(empty, "restore", str(copy))
    assert done.returncode == 1 and lost.name in done.stdout and "1 problems" in done.stdout


def test_with_the_keys_asked_for_a_backup_is_enough_by_itself(places, folder, tmp_path):
    taken = tmp_path / "whole"
    assert gongzhi(places[0], "backup", str(taken), "--with-keys").returncode == 0
    assert (taken / "keys" / "master.key").stat().st_mode & 0o777 == 0o600
    done = gongzhi(folder, "restore", str(taken))
    assert done.returncode == 0, done.stdout + done.stderr
