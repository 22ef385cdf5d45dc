"""Every story beside a program is told to the real rules and must end as it says."""

from pathlib import Path

import pytest

from gongzhi.programs.loader import read_folder
from gongzhi.programs.situations import ClockExpected, Situation
from tests.situations.telling import clock, holder, outcome, tell

LOADED = read_folder(Path(__file__).resolve().parents[2] / "programs")
KINDS = {kind.key: kind for kind in LOADED.kinds}


def test_the_programs_have_no_problems() -> None:
    assert [str(problem) for problem in LOADED.problems] == []


@pytest.mark.parametrize("program", sorted({kind.program for kind in LOADED.kinds}))
def test_a_program_has_at_least_three_stories(program: str) -> None:
    assert sum(f"/{program}/" in story.file for story in LOADED.situations) >= 3


@pytest.mark.parametrize("story", LOADED.situations, ids=lambda story: f"{story.kind}: {story.title}")
def test_a_story_ends_as_it_says(story: Situation) -> None:
    state = tell(story, KINDS)
    assert state.status == story.then.status
    if story.then.holder:
        assert holder(state) == story.then.holder
    for expected in story.then.clocks:
        stands = clock(state, expected.name, expected.task)
        assert _as_said(expected, outcome(stands), story) == expected.outcome, expected.name
        if expected.due is not None:
            assert stands.due_at == expected.due, expected.name


def _as_said(expected: ClockExpected, stands: str, story: Situation) -> str:
    """A clock nobody stopped is breached once the moment the story looks at it is past its due time."""
    overdue = story.then.at is not None and expected.due is not None and story.then.at > expected.due
    return "breached" if stands == "running" and overdue else stands
