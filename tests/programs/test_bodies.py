"""A definition has one digest, whatever the file looks like."""

from dataclasses import replace
from pathlib import Path

import pytest

from gongzhi.programs.bodies import digest_of, from_body, to_body
from gongzhi.programs.loader import read_folder
from gongzhi.programs.types import CaseKind
from tests.programs.conftest import KIND, PROGRAM, Write

PROGRAMS = Path(__file__).resolve().parents[2] / "programs"


def kind_of(write: Write, kind: str = KIND, program: str = PROGRAM) -> CaseKind:
    return read_folder(write(kind, program)).kinds[0]


def test_blanks_comments_and_the_order_of_keys_change_nothing(write: Write) -> None:
    turned = "# 水沟\n" + KIND.replace("subject: facilities\n", "") + "\n\nsubject:   'facilities'\n"
    assert kind_of(write).sha256 == kind_of(write, turned).sha256


def test_the_order_of_clocks_and_of_sources_changes_nothing(write: Write) -> None:
    second = (
        "  arrive:\n    title: {zh: 到场}\n    starts: [reported]\n    stops: [arrived]\n    limit: 9 分钟\n"
    )
    after = KIND.replace("dispatch:", second + "dispatch:")
    before = KIND.replace("clocks:\n", "clocks:\n" + second)
    assert kind_of(write, after).sha256 == kind_of(write, before).sha256
    turned = PROGRAM.replace("[resident, grid_worker]", "[grid_worker, resident]")
    assert kind_of(write).sha256 == kind_of(write, KIND, turned).sha256


def test_what_is_written_in_the_defaults_is_the_same_as_written_in_the_kind(write: Write) -> None:
    moved = PROGRAM.replace("  sources: [resident, grid_worker]\n", "")
    assert kind_of(write).sha256 == kind_of(write, KIND + "sources: [resident, grid_worker]\n", moved).sha256


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("5 分钟", "6 分钟"),
        ("水沟堵了", "水沟塞了"),
        ("[accepted]", "[accepted, responded]"),
        ("water", "housing"),
    ],
)
def test_any_change_of_meaning_changes_it(write: Write, old: str, new: str) -> None:
    assert kind_of(write).sha256 != kind_of(write, KIND.replace(old, new)).sha256


def test_a_field_left_at_its_default_leaves_no_trace(write: Write) -> None:
    kind = kind_of(write)
    assert "urgent" not in to_body(kind) and "extra" not in to_body(kind)
    assert digest_of(kind) == digest_of(replace(kind, urgent=False))


@pytest.mark.parametrize("kind", read_folder(PROGRAMS).kinds, ids=lambda kind: kind.key)
def test_a_kind_comes_back_from_its_body_unchanged(kind: CaseKind) -> None:
    assert from_body(to_body(kind), kind.sha256) == kind
    assert digest_of(kind) == kind.sha256
