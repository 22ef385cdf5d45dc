"""The loops' time: never ahead of the truth, whatever is done to the machine's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from gongzhi.base import steady
from gongzhi.base.steady import SteadyTime

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
JUMP = timedelta(minutes=5)


class Machine:
    """A wall clock that can be set, and a count that can't."""

    def __init__(self) -> None:
        self.count, self.wrong_by = 1000.0, timedelta(0)
        self.time = SteadyTime(lambda: self.truth + self.wrong_by, lambda: self.count)

    @property
    def truth(self) -> datetime:
        return NOON + timedelta(seconds=self.count - 1000.0)

    def read(self, after: float = 1.0) -> timedelta:
        """How far the loop's time is from the truth, some seconds later."""
        self.count += after
        return self.time() - self.truth


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_it_is_the_wall_clock_while_nothing_happens(machine):
    assert [machine.read() for _ in range(3)] == [timedelta(0)] * 3


def test_small_corrections_are_followed(machine):
    machine.wrong_by = timedelta(seconds=0.4)
    assert machine.read() == machine.wrong_by
    machine.wrong_by = timedelta(seconds=0.8)
    assert machine.read() == machine.wrong_by


def test_a_step_forth_and_back_is_never_ahead_and_costs_nothing(machine):
    machine.wrong_by = JUMP
    assert {machine.read(10) for _ in range(20)} == {timedelta(0)}
    machine.wrong_by = timedelta(0)
    assert {machine.read() for _ in range(3)} == {timedelta(0)}


def test_a_step_back_and_forth_waits_and_then_catches_up_at_once(machine):
    machine.wrong_by = -JUMP
    assert {machine.read(10) for _ in range(20)} == {-JUMP}
    machine.wrong_by = timedelta(0)
    assert machine.read() == timedelta(0)


def test_a_step_that_stands_is_believed(machine, caplog):
    machine.wrong_by = JUMP
    machine.read()
    assert machine.read(steady.BELIEVED_AFTER - 1) == timedelta(0)
    assert machine.read() == JUMP
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_it_goes_on_counting_after_a_step_was_believed(machine):
    machine.wrong_by = JUMP
    machine.read()
    machine.read(steady.BELIEVED_AFTER)
    machine.wrong_by = 2 * JUMP
    assert machine.read() == JUMP
