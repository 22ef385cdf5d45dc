"""The replay of messages: hours kept, years pressed, every message a case, the ledger clean."""

import csv
import gzip
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from gongzhi.cases import verification
from gongzhi.cases.models import CaseRecord
from gongzhi.exchange.replay import messages, reading
from gongzhi.exchange.replay.reading import CHINA, LONGEST, read_messages
from gongzhi.exchange.replay.story import Story
from gongzhi.exchange.replay.table import table, width

SEED = 7
TOLD = (
    ("2019-05-06T08:10:00", "路灯不亮", "学校后门的路灯一闪一闪。"),
    ("2017-01-01T23:59:59", "噪音扰民", "楼下烧烤摊半夜还放音响，太吵了。"),
    ("", "井盖破损", "菜场门口的井盖破了一半。"),
    ("2012-02-29T12:00:00", "消防通道堵塞", "三号楼消防通道堆满杂物。"),
    ("", "遛狗不牵绳", "公园里有人遛狗不牵绳。"),
    ("2019-12-31T06:00:00", "积水", "下雨后地下道积水。" + "很深。" * 1500),
    ("2018-07-15T17:30:00", "请问怎么办", "想问一下手续。"),
    ("2016-10-10T10:10:10", "危墙", "老厂房外墙开裂，瓷砖掉下来。"),
)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A small file of messages nobody ever wrote."""
    path = tmp_path / "messages.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["id", "title", "time", "body", "level1"])
        writer.writerows((n, title, time, body, "城乡建设") for n, (time, title, body) in enumerate(TOLD))
    return path


def test_a_message_keeps_its_weekday_and_hour(told):
    for message in read_messages(told, SEED):
        time = TOLD[message.row][0]
        if time:
            then, now = datetime.fromisoformat(time), message.at.astimezone(CHINA)
            assert (then.weekday(), then.time()) == (now.weekday(), now.time())


def test_the_order_of_dates_is_kept_from_week_to_week(told):
    first, last = reading.FIRST_MONDAY, reading.FIRST_MONDAY + timedelta(weeks=reading.WEEKS)
    found = read_messages(told, SEED)
    assert all(first <= message.at < last for message in found)
    weeks = {message.row: (message.at - first).days // 7 for message in found}
    assert weeks[3] <= weeks[7] <= weeks[1] <= weeks[6] <= weeks[0] <= weeks[5]


def test_the_same_seed_gives_the_same_hours_and_another_seed_others(told):
    assert read_messages(told, SEED) == read_messages(told, SEED)
    assert read_messages(told, SEED) != read_messages(told, SEED + 1)


def test_what_does_not_fit_into_one_report_is_not_cut_off(told):
    long = next(message for message in read_messages(told, SEED) if message.rest)
    assert len(long.text) == LONGEST
    assert long.text + long.rest == f"{TOLD[long.row][1]}\n{TOLD[long.row][2]}"


def test_every_message_becomes_a_case_and_comes_round(told, demo_cell):
    said: list[str] = []
    assert messages.replay(read_messages(told, SEED), SEED, said.append), "\n".join(said)
    assert CaseRecord.objects.count() == len(TOLD)
    assert Counter(CaseRecord.objects.values_list("status", flat=True))["reported"] == 0
    assert "丢失" in said[0]
    assert verification.verify_all().clean


def outcome(told: Path) -> list[str]:
    said: list[str] = []
    messages.replay(read_messages(told, SEED), SEED, said.append)
    return said


def test_the_whole_replay_is_the_same_every_time(told, demo_cell):
    with transaction.atomic():
        first = outcome(told)
        transaction.set_rollback(True)
    assert outcome(told) == first


def test_a_lost_message_is_noticed(told, demo_cell, monkeypatch):
    def forgetful(self: Story) -> None:
        self.played.sent = 1

    original = Story.report
    monkeypatch.setattr(
        Story, "report", lambda self: forgetful(self) if self.message.row == 3 else original(self)
    )
    said: list[str] = []
    assert not messages.replay(read_messages(told, SEED), SEED, said.append)


@pytest.mark.shared
def test_real_messages_come_round_whole(shared_data, demo_cell):
    file = shared_data / "messages" / "labelled_raw.csv.gz"
    said: list[str] = []
    assert messages.replay(read_messages(file, messages.SEED, 40), messages.SEED, said.append), "\n".join(
        said
    )
    assert CaseRecord.objects.count() == 40


def test_a_table_stands_in_line_with_chinese_in_it():
    lines = table(("单位", "n"), [("县公安局", 1), ("fire", 22)]).splitlines()
    assert {width(line) for line in lines} == {12}
