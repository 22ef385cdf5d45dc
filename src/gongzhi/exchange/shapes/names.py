"""The names of the staff steps, as they stand in the field `step`."""

from enum import StrEnum


class StepName(StrEnum):
    ACCEPT = "accept"
    SORT = "sort"
    DECLINE = "decline"
    LINK = "link"
    ASSIGN = "assign"
    ADD_TASK = "add_task"
    DELEGATE = "delegate"
    RETURN = "return"
    RULE = "rule"
    RESPOND = "respond"
    ARRIVE = "arrive"
    FEED_BACK = "feed_back"
    START = "start"
    NOTE = "note"
    ADD_INFORMATION = "add_information"
    RESOLVE = "resolve"
    WITHDRAW_TASK = "withdraw_task"
    VERIFY = "verify"
    CLOSE = "close"
    REOPEN = "reopen"
    SUSPEND = "suspend"
    RESUME = "resume"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    SUPERVISE = "supervise"
    ANSWER_SUPERVISION = "answer_supervision"
    RELOCATE = "relocate"


STEP_NAMES = frozenset(StepName)
