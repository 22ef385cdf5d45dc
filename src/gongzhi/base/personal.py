"""How a field that holds personal data declares itself: an undeclared one fails the build."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Personal:
    """Why we hold it, on what legal ground, for how long, and with whom it may be shared."""

    purpose: str
    basis: str
    retention: str
    sharing: str  # none · conditional · unconditional
