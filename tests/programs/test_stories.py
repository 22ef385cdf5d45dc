"""How a story is written, and what its writer is told when it is wrong."""

from datetime import datetime

from gongzhi.base.calendar import LOCAL
from gongzhi.programs.loader import check, read_folder
from gongzhi.programs.types import Limit, LimitUnit
from tests.programs.conftest import Write

STORY = """\
- title: 水沟两天没通
  kind: trial.drain
  given: {reported: 2026-11-20 17:00, severity: grave}
  when:
    - {at: 17:02, step: accepted, by: dispatcher}
    - {at: 2026-11-21 09:00, step: extension_approved, by: dispatcher, clock: respond, extension: 2 天}
  then:
    status: accepted
    clocks:
      respond: {is: met, due: 2026-11-20 17:05}
"""


def test_a_story_is_read_with_times_carried_from_line_to_line(write: Write) -> None:
    (story,) = read_folder(write(story=STORY)).situations
    assert story.given.reported_at == datetime(2026, 11, 20, 17, 0, tzinfo=LOCAL)
    assert [step.at.isoformat()[:16] for step in story.when] == ["2026-11-20T17:02", "2026-11-21T09:00"]
    assert story.when[1].extension == Limit(2, LimitUnit.CALENDAR_DAYS)
    assert story.then.clocks[0].due == datetime(2026, 11, 20, 17, 5, tzinfo=LOCAL)


def test_mistakes_in_a_story_are_told_with_their_lines(write: Write) -> None:
    story = (
        STORY.replace("kind: trial.drain", "kind: trial.drian")
        .replace("step: accepted", "step: acepted")
        .replace("2026-11-21 09:00", "16:00")
        .replace("status: accepted", "status: done")
        .replace("is: met", "is: kept")
    )
    problems = [(p.line, p.code) for p in check(write(story=story))]
    assert problems == [
        (2, "unknown_kind"),
        (5, "unknown_step"),
        (6, "time_runs_back"),
        (8, "unknown_value"),
        (10, "unknown_value"),
    ]


def test_an_unknown_clock_severity_and_time_are_told(write: Write) -> None:
    story = STORY.replace("grave", "awful").replace("respond: {is", "repond: {is").replace("17:02", "five")
    assert {p.code for p in check(write(story=story))} == {"unknown_severity", "unknown_clock", "not_time"}
