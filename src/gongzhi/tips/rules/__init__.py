"""Pure decisions about tips: what may follow, who may not know, what is cut out, what a reward comes to, what the fund holds."""

from gongzhi.tips.rules.arrows import ARROWS, Arrow, arrow, may_follow
from gongzhi.tips.rules.blocking import RoutedTo, grounds, route
from gongzhi.tips.rules.fund import EMPTY, FundState, Move, moved
from gongzhi.tips.rules.redaction import CUT, redact, spans_of
from gongzhi.tips.rules.rewards import needs_finance, reward_amount

__all__ = [
    "ARROWS",
    "CUT",
    "EMPTY",
    "Arrow",
    "FundState",
    "Move",
    "RoutedTo",
    "arrow",
    "grounds",
    "may_follow",
    "moved",
    "needs_finance",
    "redact",
    "reward_amount",
    "route",
    "spans_of",
]
