"""Whatever is killed under load: nothing that was promised is lost, and nothing is there twice.

KILLS=50 python -m pytest tests/faults/test_kills.py -s prints the figures of a long run.
"""

import os
import random
import time
from collections import Counter

import pytest

from tests.config.process import RunningCell, gongzhi
from tests.faults import reckoning
from tests.faults.killing import kill, victims
from tests.faults.load import Load
from tests.faults.reckoning import Reckoning
from tests.live import wait_for

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("KILLS", "4"))
SEED = int(os.environ.get("KILLS_SEED", "1"))
SECONDS_FOR_LETTERS = 180  # the look for what was left lying comes every minute


@pytest.fixture
def cell(folder, quick_programs, post_office):
    """`gongzhi run` as a user runs it: durable, demo county, mail to a real server."""
    running = RunningCell(
        folder,
        GONGZHI_PROGRAMS=str(quick_programs),
        GONGZHI_REPORTS_PER_ADDRESS="0",
        GONGZHI_EMAIL="smtp",
        GONGZHI_EMAIL_HOST="127.0.0.1",
        GONGZHI_EMAIL_PORT=str(post_office.port),
    )
    running.start()
    yield running
    running.stop()


def test_nothing_promised_is_lost_or_doubled_whatever_is_killed(cell, post_office, capsys):
    load = Load(cell.port, key_of_a_dispatcher(cell))
    load.begin()
    try:
        killed = kill_under_load(cell)
    finally:
        load.end()
    wait_for(f"http://127.0.0.1:{cell.port}/healthz", 60)
    found = Reckoning(cell.folder)

    assert load.wrong == []
    assert len(load.receipts) > 10 * KILLS
    assert found.lost_or_doubled(load.receipts) == set()
    assert found.rows(reckoning.GAPS) == []
    assert found.not_accepted_once(load.accepted) == set()
    time.sleep(13)  # the last report's clock
    assert found.wait_until_none(reckoning.DUE, 30) == 0
    wrong, breaches, warnings = found.clocks_gone_wrong(load.receipts)
    assert wrong == []
    assert breaches > 0
    found.wait_until_none(reckoning.OPEN, 20)
    found.let_time_pass()
    assert found.wait_until_none(reckoning.OPEN, SECONDS_FOR_LETTERS) == 0
    letters = found.letters(load.accepted)
    arrived = Counter(str(mail["Message-ID"])[1:].split("@")[0] for mail in post_office.mails)
    assert sorted(code for code, _key in letters) == sorted(load.accepted)
    assert [key for _code, key in letters if not arrived[key]] == []
    assert_clean(cell)
    with capsys.disabled():
        print(f"\n{sum(killed.values())} kills {dict(killed)}")
        print(f"{len(load.receipts)} reports, {len(load.accepted)} accepted, answers {load.tries}")
        print(f"{breaches} breaches and {warnings} warnings, each once; {len(letters)} letters, ", end="")
        print(f"{sum(n > 1 for n in arrived.values())} of them carried twice under the same key")


def key_of_a_dispatcher(cell) -> str:
    asked = ("token", "dispatcher", "--scope", "case:step", "--scope", "case:read")
    return gongzhi(cell.folder, *asked, **cell.settings).stdout.strip()


def kill_under_load(cell) -> Counter[str]:
    """Kill, look whether the cell comes back by itself, and prove the ledger, again and again."""
    chance, killed = random.Random(SEED), Counter[str]()
    for target in victims(KILLS, SEED):
        time.sleep(chance.uniform(0.5, 3.0))
        kill(cell, target)
        killed[target] += 1
        wait_for(f"http://127.0.0.1:{cell.port}/healthz", 60)
        assert_clean(cell)
    return killed


def assert_clean(cell) -> None:
    proved = gongzhi(cell.folder, "verify", **cell.settings)
    assert proved.returncode == 0, proved.stdout + proved.stderr + cell.log.read_text()[-4000:]
