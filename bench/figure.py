"""One measured figure, and the ceiling it is to be held against."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `ceiling` is the best this machine gave in the same run, in the same unit; `aim` says what was asked."""

    name: str
    value: float
    unit: str
    ceiling: float | None = None
    aim: str = ""

    @property
    def ratio(self) -> float | None:
        """Share of the ceiling reached: comparable between noisy machines, unlike the value."""
        return None if not self.ceiling else self.value / self.ceiling
