"""Pure decisions about cases: may this step follow, what does it change, when is it due. No database, no clock."""

from gongzhi.cases.rules.arrows import ARROWS, ENDED, OPEN, UNASSIGNED, Arrow, Hand, arrow
from gongzhi.cases.rules.checks import check, may
from gongzhi.cases.rules.clocks import judge, limit_of, profile_of, working
from gongzhi.cases.rules.fold import Laws, apply, fold
from gongzhi.cases.rules.likeness import likely_same, same_words
from gongzhi.cases.rules.support import fits, months_later
from gongzhi.cases.types import RIGHTS_KIND, CaseState, Step

__all__ = [
    "ARROWS",
    "ENDED",
    "OPEN",
    "RIGHTS_KIND",
    "UNASSIGNED",
    "Arrow",
    "Hand",
    "Laws",
    "apply",
    "arrow",
    "check",
    "fits",
    "fold",
    "judge",
    "likely_same",
    "limit_of",
    "may",
    "months_later",
    "next_state",
    "profile_of",
    "same_words",
    "working",
]


def next_state(state: CaseState, step: Step, laws: Laws, hands: frozenset[Hand]) -> CaseState:
    """Check a step and take it."""
    check(state, step, hands, laws.kind(state.definition))
    return apply(state, step, laws)
