"""The fund as the fold of its movements: nothing appears, nothing vanishes, nothing goes below zero."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.tips.types import FundMoveKind


@dataclass(frozen=True, slots=True)
class Move:
    """A movement of so many fen."""

    kind: FundMoveKind
    amount: int


@dataclass(frozen=True, slots=True)
class FundState:
    """What the fund holds, in fen: deposited = available + reserved + paid."""

    available: int = 0
    reserved: int = 0
    paid: int = 0

    @property
    def deposited(self) -> int:
        return self.available + self.reserved + self.paid


EMPTY = FundState()


def moved(state: FundState, move: Move) -> FundState:
    """The fund after a movement; refused if it would take more than there is."""
    if move.amount <= 0:
        raise Refused(_("An amount is more than nothing."), code="bad_amount", field="amount")
    a, r, p = state.available, state.reserved, state.paid
    after = {
        FundMoveKind.DEPOSITED: FundState(a + move.amount, r, p),
        FundMoveKind.RESERVED: FundState(a - move.amount, r + move.amount, p),
        FundMoveKind.PAID: FundState(a, r - move.amount, p + move.amount),
        FundMoveKind.RETURNED: FundState(a + move.amount, r - move.amount, p),
    }[move.kind]
    if after.available < 0 or after.reserved < 0:
        raise Refused(_("There is not enough money in the fund for this."), code="fund_empty", field="amount")
    return after
