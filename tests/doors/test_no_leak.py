"""Bounds end with whoever they were for: whatever happens to a request, the next one on its connection has none."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from gongzhi.base import postgres
from gongzhi.base.actor import RESIDENT
from gongzhi.base.bounds import EVERYTHING, NOTHING, bounded, passing, present, turn_to
from gongzhi.base.errors import Refused
from gongzhi.cases import clock_loop, operations, verification
from gongzhi.cases.models import CaseRecord, CaseStep
from gongzhi.config.urls import urlpatterns as doors
from tests import cell
from tests.cases.conftest import MINUTE, NOW, Town
from tests.doors.conftest import key_of
from tests.races.conftest import DATABASE

WHOLE = EVERYTHING


def seen() -> int:
    """How many cases the database shows here and now."""
    return CaseRecord.objects.count()


def told() -> tuple[str, ...]:
    """What the connection itself still holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('gongzhi.' || name, true), '') FROM unnest(%s::text[]) AS name",
            [list(NOTHING.settings())],
        )
        return tuple(row[0] for row in cursor.fetchall() if row[0])


def count(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(seen()))


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def refuses(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        raise Refused("no")


def spoils_its_transaction(request: HttpRequest) -> HttpResponse:
    passes = passing("case:00000000-0000-7000-8000-000000000000")
    with transaction.atomic(), passes, connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    return HttpResponse()


def loses_its_connection(request: HttpRequest) -> HttpResponse:
    connection.close()
    return HttpResponse(str(seen()))


def streams(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(str(seen()) for _ in range(2))


VIEWS = (count, breaks, refuses, spoils_its_transaction, loses_its_connection, streams)
urlpatterns = [*(path(f"try/{view.__name__}", view) for view in VIEWS), *doors]
handler404, handler500 = "gongzhi.config.failures.not_found", "gongzhi.config.failures.broken"


@pytest.fixture
def alone(open_town: Town, settings: Any) -> Iterator[Town]:
    """Three committed cases, and a test that reaches nothing by itself."""
    settings.ROOT_URLCONF = __name__
    for number in range(3):
        open_town.report(number + 1)
    with bounded(NOTHING):
        yield open_town


def client(username: str = "") -> Client:
    visitor = Client(raise_request_exception=False)
    if username:
        visitor.force_login(get_user_model().objects.get(username=username))
    return visitor


@pytest.mark.parametrize("view", VIEWS)
def test_after_any_request_the_connection_holds_nothing(
    alone: Town, view: Callable[..., HttpResponse]
) -> None:
    answer = client("dispatcher").get(f"/try/{view.__name__}")
    b"".join(answer) if answer.streaming else answer.content
    assert (told(), present(), seen()) == ((), NOTHING, 0)
    assert client().get("/try/count").content == b"0"


def test_a_request_reaches_what_its_person_reaches_and_the_next_one_nothing(alone: Town) -> None:
    order = ["dispatcher", "", "handler2", "dispatcher", "sysadmin", ""]
    found = [client(name).get("/try/count").content for name in order]
    assert found == [b"3", b"0", b"0", b"3", b"0", b"0"]


def test_a_new_connection_in_the_middle_of_a_request_has_its_bounds(alone: Town) -> None:
    assert client("dispatcher").get("/try/loses_its_connection").content == b"3"


def test_what_is_read_after_the_answer_began_is_nothing(alone: Town) -> None:
    assert b"".join(client("dispatcher").get("/try/streams")) == b"00"


def test_a_key_bounds_its_own_call_alone(alone: Town) -> None:
    headers = {"Authorization": f"Bearer {key_of('dispatcher')}"}
    assert Client().get("/api/v1/queue?tab=all", headers=headers).json()["total"] == 3
    assert (told(), seen()) == ((), 0)


def test_threads_do_not_share_bounds(alone: Town) -> None:
    names, meet = ["dispatcher", "", "head", "sysadmin", "verifier", ""], threading.Barrier(6)

    def visit(name: str) -> bytes:
        try:
            visitor = client(name)
            meet.wait(20)
            return b"".join(visitor.get("/try/count").content for _ in range(8))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(visit, names))
    assert found == [b"3" * 8, b"0" * 8, b"3" * 8, b"0" * 8, b"3" * 8, b"0" * 8]


def test_bounds_nest_and_a_roll_back_takes_back_the_same(alone: Town) -> None:
    with bounded(WHOLE):
        with pytest.raises(DatabaseError), transaction.atomic(), bounded(NOTHING):
            assert seen() == 0
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
        assert seen() == 3
        with pytest.raises(KeyError), transaction.atomic(), bounded(NOTHING):
            raise KeyError
        assert seen() == 3
    assert (told(), seen()) == ((), 0)


def test_bounds_can_not_be_set_for_good(alone: Town) -> None:
    done: list[object] = []

    def try_it() -> None:
        try:
            turn_to(WHOLE)
        except RuntimeError as error:
            done.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=try_it)  # a thread begins outside every `bounded`
    thread.start()
    thread.join()
    assert len(done) == 1


def test_a_resident_reports_asks_and_rates_without_reaching_any_other_case(alone: Town) -> None:
    receipt = alone.report(50)
    assert alone.report(50).created is False
    operations.add_information(
        case=receipt.case_code, text="还在", by=RESIDENT, now=NOW + MINUTE, receipt=True
    )
    assert seen() == 0


def test_the_engine_fires_clocks_and_checks_chains_by_its_own_policy(
    alone: Town, postgres_server: postgres.Server
) -> None:
    assert clock_loop.tick(NOW + 2 * MINUTE) == 0  # as the application the loop would find nothing
    as_role(postgres.ENGINE, postgres_server)
    assert clock_loop.tick(NOW + 2 * MINUTE) >= 3
    clock_loop.chores(NOW + 2 * MINUTE)
    assert CaseStep.objects.filter(kind="clock_breached").count() >= 3
    checked = verification.verify_all()
    assert checked.clean and checked.cases == 3
    assert verification.rebuild_all().clean


def as_role(role: str, source: postgres.Server) -> None:
    cell.use_role(role, source)
    connection.settings_dict["NAME"] = DATABASE


def test_a_check_that_sees_a_part_refuses_to_call_it_whole(alone: Town) -> None:
    for check in (verification.verify_all, verification.rebuild_all):
        with pytest.raises(PermissionError):
            check()
    with bounded(EVERYTHING):
        assert verification.verify_all().cases == 3
