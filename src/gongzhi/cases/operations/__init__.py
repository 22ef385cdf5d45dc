"""Every write of the closed loop: keyword-only, `by=` and `now=`, one transaction, one ledger step."""

from gongzhi.cases.operations.calendars import Behind, behind, import_calendar, recalculate
from gongzhi.cases.operations.centre import (
    accept_case,
    add_task,
    assign_case,
    decide_extension,
    decline_case,
    link_case,
    relocate_case,
    resume_case,
    rule_case,
    sort_case,
    supervise_case,
    suspend_case,
    withdraw_task,
)
from gongzhi.cases.operations.checking import (
    close_case,
    give_verdict,
    reopen_case,
    verify_case,
)
from gongzhi.cases.operations.erasing import erase_content, hold_contents
from gongzhi.cases.operations.grids import end_grid
from gongzhi.cases.operations.handling import (
    add_note,
    answer_supervision,
    ask_extension,
    delegate_task,
    mark_milestone,
    resolve_task,
    return_task,
    start_task,
)
from gongzhi.cases.operations.intake import add_information, report_case
from gongzhi.cases.operations.opening import open_original, reveal_contact
from gongzhi.cases.operations.retention import erase_due
from gongzhi.cases.operations.rights import answer_right, ask_right, note_copy_taken, withdraw_contact
from gongzhi.cases.operations.support import (
    agree_appointment,
    cancel_appointment,
    end_support,
    hold_appointment,
    open_support,
    renew_support,
    take_up_support,
    withdraw_support,
)

__all__ = [
    "Behind",
    "accept_case",
    "add_information",
    "add_note",
    "add_task",
    "agree_appointment",
    "answer_right",
    "answer_supervision",
    "ask_extension",
    "ask_right",
    "assign_case",
    "behind",
    "cancel_appointment",
    "close_case",
    "decide_extension",
    "decline_case",
    "delegate_task",
    "end_grid",
    "end_support",
    "erase_content",
    "erase_due",
    "give_verdict",
    "hold_appointment",
    "hold_contents",
    "import_calendar",
    "link_case",
    "mark_milestone",
    "note_copy_taken",
    "open_original",
    "open_support",
    "recalculate",
    "relocate_case",
    "renew_support",
    "reopen_case",
    "report_case",
    "resolve_task",
    "resume_case",
    "return_task",
    "reveal_contact",
    "rule_case",
    "sort_case",
    "start_task",
    "supervise_case",
    "suspend_case",
    "take_up_support",
    "verify_case",
    "withdraw_contact",
    "withdraw_support",
    "withdraw_task",
]
