"""What other parts may hold of a sealed content."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sealed:
    """A receipt for something sealed: its id and SHA-256(salt ‖ value)."""

    id: uuid.UUID
    commitment: str  # hex


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a kind of content is held: the declaration that PIPL asks for."""

    key: str
    purpose: str
    basis: str
    retention_days: int  # after the case is closed
    sharing: str  # none · conditional · unconditional
