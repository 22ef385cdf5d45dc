"""Every write of tips and rewards used outside this part."""

from gongzhi.tips.operations.answering import (
    answer_reporter,
    close_tip,
    decline_tip,
    keep_longer,
    reopen_tip,
)
from gongzhi.tips.operations.custody import (
    approve_ceremony,
    ask_new_custodians,
    ask_recovery,
    refuse_ceremony,
    set_up_recovery,
)
from gongzhi.tips.operations.handing import (
    answer_handed,
    hand_over,
    open_handed,
    open_handed_file,
    preview_hand_over,
)
from gongzhi.tips.operations.identities import ask_identity, read_identity
from gongzhi.tips.operations.intake import add_message, give_identity, open_receipt, submit_tip
from gongzhi.tips.operations.keys import change_passphrase, end_key, set_up_key, unlock
from gongzhi.tips.operations.members import declare_interest, end_interest, recuse, share_access
from gongzhi.tips.operations.reading import open_file, open_original, open_tip
from gongzhi.tips.operations.rewards import (
    approve_as_finance,
    approve_reward,
    claim_reward,
    deposit,
    find_claim,
    pay_reward,
    propose_reward,
    refuse_reward,
)

__all__ = [
    "add_message",
    "answer_handed",
    "answer_reporter",
    "approve_as_finance",
    "approve_ceremony",
    "approve_reward",
    "ask_identity",
    "ask_new_custodians",
    "ask_recovery",
    "change_passphrase",
    "claim_reward",
    "close_tip",
    "declare_interest",
    "decline_tip",
    "deposit",
    "end_interest",
    "end_key",
    "find_claim",
    "give_identity",
    "hand_over",
    "keep_longer",
    "open_file",
    "open_handed",
    "open_handed_file",
    "open_original",
    "open_receipt",
    "open_tip",
    "pay_reward",
    "preview_hand_over",
    "propose_reward",
    "read_identity",
    "recuse",
    "refuse_ceremony",
    "refuse_reward",
    "reopen_tip",
    "set_up_key",
    "set_up_recovery",
    "share_access",
    "submit_tip",
    "unlock",
]
