"""Every read of cases used outside this part; staff see only what `visibility` lets through."""

from gongzhi.cases.queries.nearby import similar
from gongzhi.cases.queries.public import (
    is_public_photo,
    public_map,
    public_picture,
    receipt_fits,
    reporter_may_see_photo,
)
from gongzhi.cases.queries.queue import QueueFilters, all_rows, queue, row_of
from gongzhi.cases.queries.staff import case_picture, may_see_photo, suggestion, why_due
from gongzhi.cases.queries.work import my_work

__all__ = [
    "QueueFilters",
    "all_rows",
    "case_picture",
    "is_public_photo",
    "may_see_photo",
    "my_work",
    "public_map",
    "public_picture",
    "queue",
    "receipt_fits",
    "reporter_may_see_photo",
    "row_of",
    "similar",
    "suggestion",
    "why_due",
]
