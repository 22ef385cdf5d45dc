"""The closed lists here equal those of the parts they stand for."""

from gongzhi.base.calendar import UNITS as CALENDAR_UNITS
from gongzhi.cases.types import CaseStatus, StepKind
from gongzhi.programs.types import LimitUnit, Source, Subject
from gongzhi.programs.vocabulary import CLOCK_STEPS, SOURCES, STATUSES, STEPS, SUBJECTS, UNITS


def test_steps_and_statuses_are_those_of_a_case() -> None:
    assert tuple(StepKind) == STEPS
    assert tuple(CaseStatus) == STATUSES
    assert set(CLOCK_STEPS) < set(STEPS)


def test_every_unit_subject_and_source_has_a_name() -> None:
    assert set(UNITS) == set(LimitUnit) == set(CALENDAR_UNITS)
    assert (set(SUBJECTS), set(SOURCES)) == (set(Subject), set(Source))
