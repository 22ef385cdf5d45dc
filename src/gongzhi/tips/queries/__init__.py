"""Every read of tips and rewards that needs no member's key."""

from gongzhi.tips.proofs import check as check_proof
from gongzhi.tips.proofs import public_key as proof_key
from gongzhi.tips.queries.custody import ceremonies_for, key_state, members_with_keys
from gongzhi.tips.queries.members import (
    handed_copy,
    handed_to,
    handlers,
    interests_of,
    tip_for_member,
    tip_header,
    tips_for,
    without_access,
)
from gongzhi.tips.queries.money import fund, reward_rule, rewards_waiting
from gongzhi.tips.queries.reporter import file_for_reporter, intake, tip_for_reporter
from gongzhi.tips.rules.redaction import spans_of

__all__ = [
    "ceremonies_for",
    "check_proof",
    "file_for_reporter",
    "fund",
    "handed_copy",
    "handed_to",
    "handlers",
    "intake",
    "interests_of",
    "key_state",
    "members_with_keys",
    "proof_key",
    "reward_rule",
    "rewards_waiting",
    "spans_of",
    "tip_for_member",
    "tip_for_reporter",
    "tip_header",
    "tips_for",
    "without_access",
]
