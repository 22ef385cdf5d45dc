"""Definitions go into the database once and never change."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from gongzhi.base.actor import SYSTEM
from gongzhi.base.errors import Conflict, NotFound
from gongzhi.programs import operations, queries
from gongzhi.programs.models import Definition, ProgramCard
from tests.programs.conftest import KIND, PROGRAM, Write

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PROGRAMS = Path(__file__).resolve().parents[2] / "programs"
pytestmark = pytest.mark.django_db


def load(folder: Path) -> operations.LoadResult:
    return operations.load(folder=folder, by=SYSTEM, now=NOW)


def test_the_same_folder_is_loaded_once(write: Write) -> None:
    assert load(write()).new == ("trial.drain 1",)
    again = load(write())
    assert (again.new, again.unchanged) == ((), 1)
    assert (
        Definition.objects.filter(program="trial").count(),
        ProgramCard.objects.filter(key="trial").count(),
    ) == (1, 1)


def test_a_stored_definition_comes_back_as_it_was_read(write: Write) -> None:
    (kind,) = load(write()).loaded.kinds
    assert queries.kind(kind.sha256) == kind
    assert queries.current_kind("trial.drain", TODAY) == kind


def test_an_edit_under_the_same_version_is_refused(write: Write) -> None:
    load(write())
    with pytest.raises(Conflict, match="版本号却还是 1"):
        load(write(KIND.replace("5 分钟", "6 分钟")))


def test_a_new_version_takes_over_on_its_day_and_open_cases_keep_the_old(write: Write) -> None:
    (old,) = load(write()).loaded.kinds
    later = PROGRAM.replace('"1"', '"2"').replace("2025-01-01", "2026-12-01")
    (new,) = load(write(KIND.replace("5 分钟", "6 分钟"), later)).loaded.kinds
    assert queries.current_kind("trial.drain", date(2026, 11, 30)) == old
    assert queries.current_kind("trial.drain", date(2026, 12, 1)) == new
    assert queries.current_kind("trial.drain", date(2024, 12, 31)) is None
    assert queries.kind(old.sha256) == old


def test_a_kind_ends_on_its_last_day(write: Write) -> None:
    load(write(KIND + "effective_until: 2026-11-23\n"))
    assert queries.current_kind("trial.drain", TODAY) is not None
    assert queries.current_kind("trial.drain", date(2026, 11, 24)) is None
    assert queries.current_kinds(date(2026, 11, 24)) == []


def test_a_kind_does_not_vanish_with_its_file(write: Write) -> None:
    folder = write()
    load(folder)
    (folder / "trial" / "cases" / "drain.yaml").unlink()
    with pytest.raises(Conflict, match="文件没了"):
        load(write(name="ditch"))


def test_a_folder_with_mistakes_leaves_nothing_behind(write: Write) -> None:
    with pytest.raises(operations.ProblemsFound, match="1 处要改") as refusal:
        load(write(KIND.replace("5 分钟", "5 工日")))
    assert [problem.line for problem in refusal.value.problems] == [12]
    assert not Definition.objects.filter(program="trial").exists()


def test_a_row_can_not_be_changed_or_removed(write: Write) -> None:
    load(write())
    row = Definition.objects.get(key="trial.drain")
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Definition.objects.filter(pk=row.pk).update(version="9")


def test_an_unknown_digest_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.kind("0" * 64)


def test_the_real_programs_load_and_are_offered_with_their_kinds() -> None:
    load(PROGRAMS)
    programs = {program.key: program for program in queries.programs(TODAY)}
    assert set(programs) >= {"linkage", "emergency", "hazards", "intake"}
    assert programs["linkage"].clauses == ("5.1.2",)
    assert len(programs["hazards"].kinds) == 10
    unsorted = queries.current_kind("intake.unsorted", TODAY)
    assert unsorted is not None and not unsorted.selectable
    suggested = queries.suggest_kind("井盖不见了", TODAY)
    assert suggested is not None and suggested.key == "hazards.manhole"


def test_the_plans_own_limits_are_kept() -> None:
    load(PROGRAMS)
    limits = {}
    for key in ("linkage.quarrel", "emergency.fire_or_explosion"):
        kind = queries.current_kind(key, TODAY)
        assert kind is not None
        for clock in kind.clocks:
            limit = queries.limit_for(clock, "general", ())
            limits[f"{kind.program}.{clock.name}"] = f"{limit.value} {limit.unit}"
    assert limits == {
        "linkage.respond": "1 minutes",
        "linkage.start": "5 minutes",
        "linkage.feed_back": "30 minutes",
        "emergency.respond": "1 minutes",
        "emergency.arrive": "30 minutes",
        "emergency.handle": "2 hours",
    }


def test_a_kind_says_whether_its_personal_data_is_destroyed_at_closing(write: Write) -> None:
    (plain,) = load(write()).loaded.kinds
    assert plain.sha256 not in queries.destroying_at_closing()
    changed = KIND.replace("subject:", 'version: "2"\npersonal_data: destroy_at_closing\nsubject:', 1)
    (kind,) = load(write(changed)).loaded.kinds
    assert queries.destroying_at_closing() == [kind.sha256]
    assert queries.kind(kind.sha256).personal_data == "destroy_at_closing"


def test_every_emergency_is_one_of_them(db: None) -> None:
    load(PROGRAMS)
    titles = {queries.kind(sha256).program for sha256 in queries.destroying_at_closing()}
    assert titles == {"emergency"} and len(queries.destroying_at_closing()) == 6
