"""The lifecycle of a tip as plain data: which step leads from where to where, and why it exists."""

from dataclasses import dataclass

from gongzhi.tips.types import TipStatus, TipStepKind

S, K = TipStatus, TipStepKind
LIVE = frozenset({S.RECEIVED, S.READ, S.HANDED_OVER, S.ANSWERED})
OPENED = LIVE - {S.RECEIVED}
ENDED = frozenset({S.CLOSED, S.DECLINED})
EVERY = LIVE | ENDED


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step, where it may start, where it leads (None = nowhere else), and the reason it exists."""

    step: TipStepKind
    starts: frozenset[TipStatus]
    leads_to: TipStatus | None
    why: str


ARROWS: tuple[Arrow, ...] = (
    Arrow(K.READ, frozenset({S.RECEIVED}), S.READ, "the reporter learns that somebody has read it"),
    Arrow(
        K.HANDED_OVER,
        OPENED,
        S.HANDED_OVER,
        "whoever can check it gets a redacted copy; a second copy may go elsewhere",
    ),
    Arrow(
        K.HANDLER_ANSWERED,
        frozenset({S.HANDED_OVER, S.ANSWERED}),
        S.ANSWERED,
        "what came of it returns to the unit that knows the reporter's words",
    ),
    Arrow(K.CLOSED, OPENED, S.CLOSED, "an outcome and an answer; nobody waits for ever"),
    Arrow(
        K.DECLINED,
        frozenset({S.RECEIVED, S.READ}),
        S.DECLINED,
        "it belongs elsewhere: the right door is named, once it went out it can't be declined",
    ),
    Arrow(K.REOPENED, ENDED, S.READ, "the reporter brought something new"),
    Arrow(K.MESSAGE_FROM_REPORTER, EVERY, None, "the reporter may always write, also after it was closed"),
    Arrow(K.MESSAGE_TO_REPORTER, OPENED | ENDED, None, "the unit asks and answers once it has read it"),
    Arrow(K.IDENTITY_GIVEN, EVERY, None, "a reporter may decide later to be known to two custodians"),
    Arrow(K.IDENTITY_ASKED, OPENED | {S.CLOSED}, None, "with a purpose from a closed list"),
    Arrow(K.IDENTITY_OPENED, EVERY, None, "two custodians together; the reporter will read of it"),
    Arrow(K.ORIGINAL_OPENED, OPENED | ENDED, None, "with a reason; the reporter will read of it"),
    Arrow(K.BLOCKED, EVERY, None, "whoever is close to it loses the key they had"),
    Arrow(K.RECUSED, EVERY, None, "a member steps aside"),
    Arrow(K.ACCESS_GIVEN, EVERY, None, "no tip hangs on one person"),
    Arrow(
        K.REWARD_PROPOSED,
        frozenset({S.CLOSED}),
        None,
        "only what was found true is rewarded, and it is known at closing",
    ),
    Arrow(K.REWARD_DECIDED, EVERY, None, "by a second person, and finance above the limit"),
    Arrow(K.REWARD_CLAIMED, EVERY, None, "by whoever holds the receipt"),
    Arrow(K.DELETION_WARNED, ENDED, None, "nothing is erased without a warning"),
    Arrow(K.KEPT_LONGER, ENDED, None, "somebody still needs it"),
    Arrow(K.ERASED, ENDED, None, "a live tip is never erased"),
)

_BY_STEP = {one.step: one for one in ARROWS}


def arrow(step: TipStepKind) -> Arrow:
    """The arrow of a step; the first step of all has none."""
    return _BY_STEP[step]


def may_follow(status: TipStatus, step: TipStepKind) -> bool:
    """True if the step may be taken where the tip stands."""
    return step in _BY_STEP and status in _BY_STEP[step].starts
