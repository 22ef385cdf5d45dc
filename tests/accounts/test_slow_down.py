"""Guessing gets slower and slower, over all processes, and never locks anybody out for ever."""

import os
import subprocess
import sys
from datetime import timedelta
from functools import partial

import pytest

from gongzhi.accounts import slow_down
from gongzhi.accounts.models import SignInTry
from gongzhi.accounts.rules import FREE_TRIES, LONGEST_WAIT, wait_after
from gongzhi.accounts.slow_down import OPEN, Guess
from gongzhi.base import postgres
from tests.accounts.county import NOW
from tests.accounts.side_by_side import side_by_side

NAME = Guess("name", "dispatcher")
SECOND = timedelta(seconds=1)

IN_ANOTHER_PROCESS = """
import sys, django; django.setup()
from django.utils.dateparse import parse_datetime
from gongzhi.accounts.slow_down import Guess, take_try
now = parse_datetime(sys.argv[1])
print(sum(not take_try([Guess("name", "dispatcher")], now=now) for _ in range(4)))
"""


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (5000, 900)]
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(tries: int, seconds: int):
    assert wait_after(tries, FREE_TRIES) == timedelta(seconds=seconds)


def test_after_five_tries_the_door_shuts_and_opens_again(db):
    assert [slow_down.take_try([NAME], now=NOW) for _ in range(FREE_TRIES)] == [OPEN] * FREE_TRIES
    assert slow_down.take_try([NAME], now=NOW) == 30 * SECOND
    assert slow_down.take_try([NAME], now=NOW + 29 * SECOND) == SECOND
    assert slow_down.take_try([NAME], now=NOW + 30 * SECOND) == OPEN
    assert slow_down.take_try([NAME], now=NOW + 31 * SECOND) == 59 * SECOND


def test_tries_while_the_door_is_shut_make_the_wait_no_longer(db):
    for _ in range(500):
        slow_down.take_try([NAME], now=NOW)
    assert slow_down.closed_for([NAME], now=NOW) == 30 * SECOND


def test_a_stranger_who_never_stops_locks_nobody_out_for_more_than_a_quarter_of_an_hour(db):
    now = NOW
    for _ in range(30):
        now += slow_down.take_try([NAME], now=now)
        slow_down.take_try([NAME], now=now)
    assert slow_down.closed_for([NAME], now=now) <= LONGEST_WAIT


def test_an_hour_of_quiet_or_the_right_answer_starts_anew(db):
    for _ in range(FREE_TRIES):
        slow_down.take_try([NAME], now=NOW)
    slow_down.forget([NAME], now=NOW)
    assert slow_down.take_try([NAME], now=NOW) == OPEN
    for _ in range(FREE_TRIES):
        slow_down.take_try([NAME], now=NOW)
    for _ in range(FREE_TRIES - 1):
        assert slow_down.take_try([NAME], now=NOW + timedelta(hours=2)) == OPEN


def test_right_answers_from_an_office_are_not_counted_against_it(db):
    office = slow_down.from_address("192.0.2.1")
    for _ in range(200):
        assert slow_down.take_try([office], now=NOW) == OPEN
        slow_down.give_back(office)


def test_the_failures_of_an_office_are_forgotten_hour_by_hour(db):
    office = slow_down.from_address("192.0.2.1")
    for minute in range(0, 600, 2):
        assert slow_down.take_try([office], now=NOW + timedelta(minutes=minute)) == OPEN


def test_one_name_or_address_does_not_slow_another(db):
    for _ in range(FREE_TRIES):
        slow_down.take_try([NAME], now=NOW)
    assert slow_down.take_try([Guess("name", "handler")], now=NOW) == OPEN
    assert slow_down.take_try([slow_down.from_address("192.0.2.1")], now=NOW) == OPEN


def test_neither_name_nor_address_can_be_read_from_the_table(db):
    slow_down.take_try([NAME, slow_down.from_address("192.0.2.1")], now=NOW)
    kept = b"".join(bytes(row.digest) for row in SignInTry.objects.all())
    assert len(kept) == 64
    assert b"dispatcher" not in kept


def test_tries_side_by_side_are_all_counted(clean_cell):
    results = side_by_side(*(partial(slow_down.take_try, [NAME], now=NOW) for _ in range(12)))
    assert results.count(OPEN) == FREE_TRIES


def test_two_processes_share_one_count(clean_cell: postgres.Server):
    environment = {"DATABASE_URL": clean_cell.url(postgres.APP)}
    went_ahead = [_other_process(environment) for _ in range(2)]
    assert sum(went_ahead) == FREE_TRIES


def _other_process(environment: dict[str, str]) -> int:
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS, NOW.isoformat()]
    ended = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout)
