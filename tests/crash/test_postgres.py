"""What was acknowledged is still there after the worst that can happen to the database."""

import signal
import threading

import psycopg
import pytest

from gongzhi.base import postgres
from tests import cell


@pytest.fixture
def server():
    folder = cell.make_folder()
    with postgres.Server(folder, folder / "keys") as running:
        yield running
    cell.remove_folder(folder)


@pytest.mark.slow
def test_every_acknowledged_row_survives_a_kill(server):
    acknowledged: list[int] = []
    enough = threading.Event()

    def insert() -> None:
        with psycopg.connect(server.url(postgres.OWNER), autocommit=True) as connection:
            connection.execute("CREATE TABLE seen (number int PRIMARY KEY)")
            try:
                for number in range(100_000):
                    connection.execute("INSERT INTO seen VALUES (%s)", [number])
                    acknowledged.append(number)
                    if number == 200:
                        enough.set()
            except psycopg.OperationalError:
                return

    writer = threading.Thread(target=insert)
    writer.start()
    assert enough.wait(20)
    server.process.send_signal(signal.SIGKILL)
    writer.join(20)
    server.process.wait()
    server.launch()

    with psycopg.connect(server.url(postgres.OWNER)) as connection:
        kept = {row[0] for row in connection.execute("SELECT number FROM seen")}
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1


def test_a_second_starter_is_told_so(server):
    with pytest.raises(postgres.InUse):
        postgres.Server(server.data_dir, server.keys_dir).start()
    assert server.answers()


def test_a_path_too_long_for_a_socket_works(tmp_path_factory):
    folder = cell.make_folder()
    deep = folder / ("long" * 20) / ("way" * 10)
    try:
        with postgres.Server(deep, deep / "keys", settings=cell.FAST_AND_FORGETFUL) as server:
            assert server.answers()
            assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        server.socket_dir.rmdir()
    finally:
        cell.remove_folder(folder)


def test_chinese_words_are_words_to_the_search(server):
    with psycopg.connect(server.url(postgres.APP)) as connection:
        found = connection.execute("SELECT similarity('共享单车乱停放', '共享单车停放')").fetchone()
    assert found[0] > 0.4
