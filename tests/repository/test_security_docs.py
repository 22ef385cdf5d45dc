"""The two tables of docs/security say what is so: every number once, every test there, the sums right."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.repository.source import REPOSITORY

SECURITY = REPOSITORY / "docs" / "security"
TABLES = ("asvs.md", "mlps3.md")
STATES = {"met", "n/a", "open"}
ROW = re.compile(r"^\| (?P<item>[^|]+) \| (?P<state>[^|]+) \| (?P<how>[^|]+) \|(?P<cited>[^|]*)\|$", re.M)


def rows(page: str) -> list[dict[str, str]]:
    """The rows of a page's tables, their heads left out."""
    found = ROW.finditer((SECURITY / page).read_text(encoding="utf-8"))
    return [row.groupdict() for row in found if row["item"] not in ("number", "item")]


def is_there(cited: str) -> bool:
    """A file of this repository, or a test in one."""
    path, _, test = cited.partition("::")
    file: Path = REPOSITORY / path
    return file.is_file() and (not test or f"def {test}(" in file.read_text(encoding="utf-8"))


@pytest.mark.shared
def test_every_number_of_the_first_two_levels_stands_there_once(shared_data):
    text = (shared_data / "security" / "asvs-5.0.0.csv").read_text(encoding="utf-8-sig")
    wanted = [row["req_id"] for row in csv.DictReader(text.splitlines()) if row["L"] in ("1", "2")]
    assert [row["item"] for row in rows("asvs.md")] == wanted


@pytest.mark.parametrize("page", TABLES)
def test_every_line_has_one_of_three_states_and_a_sentence(page):
    assert len(rows(page)) > 30
    assert [row for row in rows(page) if row["state"] not in STATES or len(row["how"].strip()) < 4] == []


@pytest.mark.parametrize("page", TABLES)
def test_what_is_met_cites_what_shows_it(page):
    assert [row["item"] for row in rows(page) if row["state"] == "met" and "`" not in row["cited"]] == []


@pytest.mark.parametrize("page", TABLES)
def test_every_test_and_file_that_is_cited_is_there(page):
    cited = {name for row in rows(page) for name in re.findall(r"`([^`]+)`", row["cited"])}
    assert sorted(name for name in cited if not is_there(name)) == []


def test_a_test_that_is_not_there_would_be_found():
    assert is_there("tests/repository/test_security_docs.py::test_a_test_that_is_not_there_would_be_found")
    assert not is_there("tests/repository/test_security_docs.py::test_that_nobody_wrote")
    assert not is_there("tests/nowhere.py")


@pytest.mark.parametrize("page", TABLES)
def test_the_sums_at_the_top_are_right(page):
    told = re.search(
        r"\*\*(\d+) \w+: (\d+) met, (\d+) n/a, (\d+) open\.\*\*",
        (SECURITY / page).read_text(encoding="utf-8"),
    )
    assert told is not None
    count = Counter(row["state"] for row in rows(page))
    assert [int(n) for n in told.groups()] == [count.total(), count["met"], count["n/a"], count["open"]]
