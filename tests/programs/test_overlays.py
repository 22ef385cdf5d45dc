"""A county's differences are laid over a program; nothing is copied."""

from pathlib import Path

from gongzhi.programs.loader import check, read_folder
from gongzhi.programs.types import Limit, LimitUnit
from tests.programs.conftest import KIND, Write


def overlay(tmp_path: Path, text: str, name: str = "trial") -> Path:
    folder = tmp_path / "tonglu"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def test_it_changes_only_what_it_names(write: Write, tmp_path: Path) -> None:
    over = overlay(tmp_path, "version: tonglu.1\ncases:\n  drain:\n    clocks: {respond: {limit: 1 小时}}\n")
    plain, changed = read_folder(write()).kinds[0], read_folder(write(), over).kinds[0]
    assert changed.clocks[0].limits[0].limit == Limit(1, LimitUnit.HOURS)
    assert (changed.clocks[0].stops, changed.title) == (plain.clocks[0].stops, plain.title)
    assert (plain.version, changed.version) == ("1", "1+tonglu.1")
    assert plain.sha256 != changed.sha256


def test_an_empty_value_takes_a_part_away(write: Write, tmp_path: Path) -> None:
    over = overlay(tmp_path, "version: t1\ncases:\n  drain:\n    keywords:\n")
    assert read_folder(write(), over).kinds[0].keywords == ()


def test_it_may_change_the_defaults_of_all_kinds(write: Write, tmp_path: Path) -> None:
    over = overlay(tmp_path, "version: t1\nprogram:\n  owner: water\n  defaults: {sources: [hotline]}\n")
    loaded = read_folder(write(), over)
    assert (loaded.programs[0].owner, loaded.kinds[0].sources) == ("water", ("hotline",))
    assert loaded.kinds[0].version == "1+t1"


def test_a_problem_is_shown_in_the_overlay_where_it_stands(write: Write, tmp_path: Path) -> None:
    over = overlay(
        tmp_path, "version: t1\ncases:\n  drain:\n    clocks:\n      respond:\n        limit: 3 工日\n"
    )
    (problem,) = check(write(), over)
    assert (problem.file, problem.line, problem.code) == ("tonglu/trial.yaml", 6, "unknown_unit")


def test_it_can_not_invent_a_kind_or_a_program(write: Write, tmp_path: Path) -> None:
    over = overlay(tmp_path, "version: t1\ncases:\n  drains: {title: 水沟}\n")
    overlay(tmp_path, "version: t1\n", "trail")
    problems = check(write(), over)
    assert [(p.file, p.code) for p in problems] == [
        ("tonglu/trail.yaml", "unknown_kind"),
        ("tonglu/trial.yaml", "unknown_kind"),
    ]
    assert "是不是想写“drain”？" in problems[1].message


def test_it_needs_a_version_of_its_own(write: Write, tmp_path: Path) -> None:
    over = overlay(tmp_path, "cases:\n  drain: {icon: droplet}\n")
    assert [p.code for p in check(write(KIND), over)] == ["missing"]
