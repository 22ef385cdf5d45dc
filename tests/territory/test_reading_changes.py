"""A change list is read for one county; a bad line is named."""

import pytest

from gongzhi.base.errors import Refused
from gongzhi.territory.reading.changes import ChangeKind, read_changes
from gongzhi.territory.types import Level
from tests.territory import lists


def test_it_takes_the_changes_of_one_county_from_the_large_to_the_small(tmp_path):
    file = lists.changes(
        tmp_path / "changes.csv",
        "330122003001,renamed,village,迎春社区居委会,迎春苑社区居委会",
        "330127100000,removed,town,千岛湖镇,",
        "330122102000,added,town,,横村镇",
    )
    rows = read_changes(file, "330122")
    assert [(row.kind, row.level, row.code) for row in rows] == [
        (ChangeKind.ADDED, Level.TOWNSHIP, "330122102000"),
        (ChangeKind.RENAMED, Level.COMMUNITY, "330122003001"),
    ]
    assert (rows[1].old_name, rows[1].new_name) == ("迎春社区居委会", "迎春苑社区居委会")


@pytest.mark.parametrize(
    "line",
    [
        "330122003001,merged,village,迎春社区居委会,",
        "330122003001,renamed,hamlet,迎春社区居委会,迎春苑社区居委会",
        "330122003001,renamed,village,迎春社区居委会,",
        "330122003001,removed,village,,",
        "330122003001,added,village,迎春社区居委会,",
        "330122003001,added,town,,迎春镇",
        "33012200300,added,village,,迎春社区居委会",
    ],
)
def test_it_refuses_a_bad_line_and_names_it(tmp_path, line):
    with pytest.raises(Refused) as refusal:
        read_changes(lists.changes(tmp_path / "changes.csv", line), "330122")
    assert (refusal.value.code, refusal.value.params["line"]) == ("bad_file", 2)


def test_it_refuses_the_same_code_twice(tmp_path):
    file = lists.changes(
        tmp_path / "changes.csv",
        "330122003001,removed,village,迎春社区居委会,",
        "330122003001,added,village,,迎春苑社区居委会",
    )
    with pytest.raises(Refused) as refusal:
        read_changes(file, "330122")
    assert refusal.value.params["line"] == 3


def test_it_refuses_a_list_without_two_columns_of_names(tmp_path):
    file = tmp_path / "changes.csv"
    file.write_text("code,change,level,name\n330122003001,removed,village,迎春社区居委会\n", encoding="utf-8")
    with pytest.raises(Refused):
        read_changes(file, "330122")


@pytest.mark.shared
def test_it_reads_the_national_change_list(shared_data):
    rows = read_changes(shared_data / "divisions" / "changes_2022_2023.csv.gz", "441403")
    assert len(rows) == 432
