"""The buttons of a case: what this person may do to it now, and which of them is the obvious one."""

from collections.abc import Iterator, Set

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.accounts.types import Scope
from gongzhi.cases.laws import LAWS
from gongzhi.cases.operations.hands import handles
from gongzhi.cases.pictures import AllowedStep
from gongzhi.cases.rules import Hand, fits, may
from gongzhi.cases.types import CaseState, StepKind, TaskRole, TaskState, TaskStatus

# operation, the step it takes, title, key; in the order of the action bar
ON_CASE: tuple[tuple[str, StepKind, Promise, str], ...] = (
    ("accept", StepKind.ACCEPTED, _("Accept"), "a"),
    ("assign", StepKind.ASSIGNED, _("Assign it"), "d"),
    ("rule", StepKind.RULED, _("Give a ruling"), "d"),
    ("verify", StepKind.VERIFIED, _("Check the work"), "v"),
    ("close", StepKind.CLOSED, _("Close the case"), "e"),
    ("resume", StepKind.RESUMED, _("Resume"), ""),
    ("decide_extension", StepKind.EXTENSION_APPROVED, _("Decide on more time"), ""),
    ("feed_back", StepKind.FED_BACK, _("Tell the reporter"), "c"),
    ("respond", StepKind.RESPONDED, _("Answered"), ""),
    ("decline", StepKind.DECLINED, _("Decline"), "x"),
    ("link", StepKind.LINKED, _("Join to another"), "l"),
    ("sort", StepKind.SORTED, _("Sort into a kind"), ""),
    ("add_task", StepKind.TASK_ADDED, _("Add a supporting agency"), ""),
    ("suspend", StepKind.SUSPENDED, _("Suspend"), ""),
    ("supervise", StepKind.SUPERVISED, _("Supervise"), "s"),
    ("answer_supervision", StepKind.SUPERVISION_ANSWERED, _("Answer the supervision order"), ""),
    ("relocate", StepKind.RELOCATED, _("Correct the place"), ""),
    ("reopen", StepKind.REOPENED, _("Reopen"), ""),
    ("agree_appointment", StepKind.APPOINTMENT_AGREED, _("Agree on an appointment"), ""),
    ("hold_appointment", StepKind.APPOINTMENT_HELD, _("We met"), ""),
    ("cancel_appointment", StepKind.APPOINTMENT_CANCELLED, _("Call an appointment off"), ""),
    ("renew_support", StepKind.CONSENT_RENEWED, _("The person agrees to go on"), ""),
    ("end_support", StepKind.SUPPORT_ENDED, _("End the support"), ""),
    ("answer_right", StepKind.RIGHT_ANSWERED, _("Answer the request"), ""),
    ("note", StepKind.NOTED, _("Note"), "n"),
    ("hold", StepKind.CONTENTS_HELD, _("Hold as evidence"), ""),
    ("erase", StepKind.CONTENT_ERASED, _("Erase for ever"), ""),
)
ON_TASK: tuple[tuple[str, StepKind, Promise, str], ...] = (
    ("take_up_support", StepKind.DELEGATED, _("I take this up"), ""),
    ("arrive", StepKind.ARRIVED, _("I am here"), ""),
    ("start", StepKind.STARTED, _("Begin"), "b"),
    ("resolve", StepKind.RESOLVED, _("Work done"), "r"),
    ("delegate", StepKind.DELEGATED, _("Give to somebody"), ""),
    ("return", StepKind.RETURNED, _("Not ours"), ""),
    ("ask_extension", StepKind.EXTENSION_ASKED, _("Ask for more time"), ""),
)
WITHDRAW = ("withdraw_task", StepKind.TASK_WITHDRAWN, _("Take back"), "")
MAIN_FIRST = (
    "answer_right",
    "take_up_support",
    "hold_appointment",
    "accept",
    "rule",
    "assign",
    "start",
    "resolve",
    "verify",
    "close",
    "resume",
)


def allowed_steps(state: CaseState, hands: Set[Hand], scope: Scope) -> tuple[AllowedStep, ...]:
    """Every step this person may take now; one of them is the main one."""
    found = [*_on_tasks(state, hands, scope), *_on_case(state, hands, scope)]
    main = next((step for name in MAIN_FIRST for step in found if step.step == name), None)
    return tuple(
        AllowedStep(
            s.step, s.title, s.key, main is not None and (s.step, s.task) == (main.step, main.task), s.task
        )
        for s in sorted(found, key=lambda s: s is not main)
    )


def task_steps(state: CaseState, task: TaskState) -> tuple[AllowedStep, ...]:
    """What the one who has this task may do with it now."""
    found = list(_handler_steps(state, task))
    order = ("arrive", "start", "resolve")
    main = next((s.step for name in order for s in found if s.step == name), "")
    return tuple(AllowedStep(s.step, s.title, s.key, s.step == main, s.task) for s in found)


def _on_case(state: CaseState, hands: Set[Hand], scope: Scope) -> Iterator[AllowedStep]:
    for name, kind, title, key in ON_CASE:
        if (
            fits(LAWS.kind(state.definition), kind)
            and may(state, kind, hands)
            and _makes_sense(name, state, hands, scope)
        ):
            yield AllowedStep(name, str(title), key, False)


def _makes_sense(name: str, state: CaseState, hands: Set[Hand], scope: Scope) -> bool:
    """Leave out buttons whose pressing could only be refused."""
    own_work = f"person:{scope.person}" in state.resolvers
    needs_verifier = (
        LAWS.kind(state.definition).verification.role == "verifier" and Hand.VERIFIER not in hands
    )
    busy = any(task.open for task in state.tasks)
    senseless = {
        "verify": own_work or busy or needs_verifier,
        "close": busy,
        "decline": busy,
        "link": busy,
        "assign": any(t.open and t.role is TaskRole.LEAD for t in state.tasks),
        "decide_extension": state.extension_asked is None,
        "answer_supervision": not state.supervision_open,
        "supervise": state.supervision_open,
        "hold_appointment": not any(a.open for a in state.appointments),
        "cancel_appointment": not any(a.open for a in state.appointments),
    }
    return not senseless.get(name, False)


def _on_tasks(state: CaseState, hands: Set[Hand], scope: Scope) -> Iterator[AllowedStep]:
    for task in state.tasks:
        if not task.open:
            continue
        if handles(scope, task):
            yield from _handler_steps(state, task)
        if Hand.CENTRE in hands and may(state, WITHDRAW[1], hands):
            yield AllowedStep(WITHDRAW[0], str(WITHDRAW[2]), WITHDRAW[3], False, task.id)


def _handler_steps(state: CaseState, task: TaskState) -> Iterator[AllowedStep]:
    definition = LAWS.kind(state.definition)
    for name, kind, title, key in ON_TASK:
        if not task.open or not fits(definition, kind) or not may(state, kind, {Hand.HANDLER}):
            continue
        done = {
            "take_up_support": definition.support is None or bool(task.person),
            "arrive": task.arrived_at is not None,
            "start": task.status is TaskStatus.STARTED,
            "return": state.ruled and task.role is TaskRole.LEAD,
            "ask_extension": state.extension_asked is not None,
        }
        if not done.get(name, False):
            yield AllowedStep(name, str(title), key, False, task.id)
