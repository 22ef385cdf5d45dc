"""Amounts as people type and read them: yuan with two decimals outside, whole fen inside."""

import re

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused

TYPED = re.compile(r"(\d{1,10})(?:\.(\d{1,2}))?")


def fen(typed: str, *, field: str = "") -> int:
    """An amount in yuan, as typed, in fen."""
    found = TYPED.fullmatch(re.sub(r"[\s,，¥￥]", "", typed))
    if found is None:
        raise Refused(_("Type an amount in yuan, such as 1200 or 1200.50."), code="bad_amount", field=field)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def yuan(amount: int) -> str:
    """Fen as people read them: ¥1,200.50."""
    return f"¥{amount // 100:,}.{amount % 100:02d}"
