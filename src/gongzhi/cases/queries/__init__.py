"""Every read of cases used outside this part; staff see only what `visibility` lets through."""

from gongzhi.cases.queries.nearby import similar
from gongzhi.cases.queries.opened import held_contents
from gongzhi.cases.queries.proof import proof_of
from gongzhi.cases.queries.public import (
    is_public_photo,
    open_public_photo,
    public_map,
    public_picture,
    receipt_fits,
    reporter_may_see_photo,
)
from gongzhi.cases.queries.queue import QueueFilters, all_rows, queue, row_of
from gongzhi.cases.queries.staff import case_picture, may_see_photo, suggestion, why_due
from gongzhi.cases.queries.support import my_support, own_copy
from gongzhi.cases.queries.untold import may_settle, untold
from gongzhi.cases.queries.vitals import Vitals, last_beat, vitals
from gongzhi.cases.queries.watching import Lateness, LoopState, lateness, loop_state
from gongzhi.cases.queries.work import my_work

__all__ = [
    "Lateness",
    "LoopState",
    "QueueFilters",
    "Vitals",
    "all_rows",
    "case_picture",
    "held_contents",
    "is_public_photo",
    "last_beat",
    "lateness",
    "loop_state",
    "may_see_photo",
    "may_settle",
    "my_support",
    "my_work",
    "open_public_photo",
    "own_copy",
    "proof_of",
    "public_map",
    "public_picture",
    "queue",
    "receipt_fits",
    "reporter_may_see_photo",
    "row_of",
    "similar",
    "suggestion",
    "untold",
    "vitals",
    "why_due",
]
