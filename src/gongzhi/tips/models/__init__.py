"""The tables: headers in plain, everything else in boxes."""

from gongzhi.tips.models.custody import Ceremony, RecoveryKey, Release, Share, SplitSecret
from gongzhi.tips.models.keys import GuessWindow, Interest, PersonalKey
from gongzhi.tips.models.money import FundMove, Reward
from gongzhi.tips.models.sealed import (
    Access,
    HandOver,
    HandOverAccess,
    HandOverFile,
    RecoveryAccess,
    TipFile,
    TipIdentity,
    TipMessage,
)
from gongzhi.tips.models.tip import Block, Tip, TipStep

__all__ = [
    "Access",
    "Block",
    "Ceremony",
    "FundMove",
    "GuessWindow",
    "HandOver",
    "HandOverAccess",
    "HandOverFile",
    "Interest",
    "PersonalKey",
    "RecoveryAccess",
    "RecoveryKey",
    "Release",
    "Reward",
    "Share",
    "SplitSecret",
    "Tip",
    "TipFile",
    "TipIdentity",
    "TipMessage",
    "TipStep",
]
