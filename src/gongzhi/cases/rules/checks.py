"""May this step follow? Everything that refuses a step, in one place, in words the user can act on."""

from collections.abc import Callable, Set

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongzhi.base.errors import NotAllowed, Refused
from gongzhi.cases.rules import support
from gongzhi.cases.rules.arrows import OPEN, Hand, arrow
from gongzhi.cases.types import CaseState, CaseStatus, Step, StepKind, TaskRole
from gongzhi.programs.types import CaseKind

CHECKS = (StepKind.VERIFIED, StepKind.REWORK_ORDERED)
Check = Callable[[CaseState, Step], None]


def check(state: CaseState, step: Step, hands: Set[Hand], kind: CaseKind) -> None:
    """Refuse a step that may not follow; `hands` says in what capacities the actor acts on this case."""
    taken = arrow(step.kind, state.status)
    if taken is None or support.past_the_queue(state, step, kind):
        raise Refused(
            _("This can't be done now: the case has moved on. Reload the page."), code="wrong_state"
        )
    support.belongs(state, step, kind)
    if not taken.hands & hands:
        raise NotAllowed(_("This step belongs to somebody else on this case."), code="wrong_hand")
    for condition in CONDITIONS.get(step.kind, ()):
        condition(state, step)
    _checked_by_whom_the_kind_names(step, hands, kind)
    _evidence_is_there(step, kind)


def _checked_by_whom_the_kind_names(step: Step, hands: Set[Hand], kind: CaseKind) -> None:
    if step.kind in CHECKS and kind.verification.role == "verifier" and Hand.VERIFIER not in hands:
        raise NotAllowed(_("This kind of matter is checked by a verifier."), code="wrong_hand")


def _evidence_is_there(step: Step, kind: CaseKind) -> None:
    held = {name for name, _content, _commitment in step.contents}
    for asked in kind.evidence:
        if asked.required and asked.at == step.kind and asked.type not in held:
            words = {"evidence": asked.title.show(get_language())}
            raise Refused(_("Please add: %(evidence)s.") % words, code="no_evidence", field=asked.type)


def may(state: CaseState, kind: StepKind, hands: Set[Hand]) -> bool:
    """Whether a button for this step makes sense; the conditions are checked when it is pressed."""
    taken = arrow(kind, state.status)
    return taken is not None and bool(taken.hands & hands)


def _task_is_open(state: CaseState, step: Step) -> None:
    task = state.task(step.data.get("task", ""))
    if task is None:
        raise Refused(_("There is no such task on this case."), code="no_task", field="task")
    if not task.open:
        raise Refused(_("This task has ended already."), code="task_ended", field="task")


def _lead_is_open_or_supporting(state: CaseState, step: Step) -> None:
    task = state.task(step.data.get("task", ""))
    if state.status is CaseStatus.RESOLVED and task is not None and task.role is TaskRole.LEAD:
        raise Refused(_("The lead agency has finished already."), code="task_ended", field="task")


def _a_ruling_binds(state: CaseState, step: Step) -> None:
    task = state.task(step.data["task"])
    if state.ruled and task is not None and task.role is TaskRole.LEAD:
        raise Refused(
            _("The centre has ruled that this is yours: it can't be returned again."), code="ruling_binds"
        )


def _nothing_open(state: CaseState, step: Step) -> None:
    if any(task.open for task in state.tasks):
        raise Refused(
            _("Some agencies are still at work: wait for them or withdraw their tasks first."),
            code="open_tasks",
        )


def _somebody_else(state: CaseState, step: Step) -> None:
    if step.actor in state.resolvers:
        raise NotAllowed(_("Whoever did the work can't be the one who checks it."), code="own_work")


def _not_checked_by_the_resolver(state: CaseState, step: Step) -> None:
    _nothing_open(state, step)
    if not set(state.verifiers) - set(state.resolvers):
        raise Refused(_("Nobody but the resolver has checked this yet."), code="not_verified")


def _one_lead(state: CaseState, step: Step) -> None:
    leads = [t for t in step.data["tasks"] if t["role"] == TaskRole.LEAD]
    expected = 0 if step.kind is StepKind.TASK_ADDED else 1
    if len(leads) != expected:
        raise Refused(_("Exactly one agency leads a case."), code="one_lead", field="lead")
    busy = {(t.organisation, t.team) for t in state.tasks if t.open}
    named = [(t["organisation"], t.get("team", "")) for t in step.data["tasks"]]
    if len(set(named)) != len(named) or busy & set(named):
        raise Refused(_("The same agency can't have two tasks on a case."), code="twice", field="supporting")


def _no_lead_at_work(state: CaseState, step: Step) -> None:
    lead = state.lead_task
    if lead is not None and lead.open:
        raise Refused(_("An agency leads this case already: withdraw its task first."), code="has_lead")


def _no_extension_waiting(state: CaseState, step: Step) -> None:
    if state.extension_asked is not None:
        raise Refused(_("An extension was asked already and waits for the centre."), code="already_asked")
    _task_is_open(state, step)


def _extension_waits(state: CaseState, step: Step) -> None:
    if state.extension_asked is None:
        raise Refused(_("Nobody has asked for an extension."), code="nothing_asked")


def _verdict_once(state: CaseState, step: Step) -> None:
    if state.verdict_solved is not None:
        raise Refused(_("You have given your verdict on this already."), code="verdict_given")


def _until_lies_ahead(state: CaseState, step: Step) -> None:
    if step.data["until"] <= step.happened_at.isoformat():
        raise Refused(_("The date must lie ahead."), code="past_date", field="until")


def _supervision_waits(state: CaseState, step: Step) -> None:
    if not state.supervision_open:
        raise Refused(_("There is no supervision order to answer."), code="nothing_asked")


def _tasks_of_others_closed(state: CaseState, step: Step) -> None:
    if state.status not in OPEN or any(t.open for t in state.tasks):
        raise Refused(_("Agencies are at work on this case: withdraw their tasks first."), code="open_tasks")


def _the_task_it_needs_is_open(state: CaseState, step: Step) -> None:
    """Whoever opens a contact as a handler names the task; the centre and verifiers name none."""
    if step.data.get("task"):
        _task_is_open(state, step)


def _not_held(state: CaseState, step: Step) -> None:
    if state.held_until is not None and state.held_until > step.happened_at:
        raise Refused(
            _("It is held as evidence until %(date)s: nothing is erased before.")
            % {"date": timezone.localdate(state.held_until).isoformat()},
            code="held",
        )


CONDITIONS: dict[StepKind, tuple[Check, ...]] = {
    StepKind.ASSIGNED: (_no_lead_at_work, _one_lead),
    StepKind.RULED: (_one_lead,),
    StepKind.TASK_ADDED: (_one_lead,),
    StepKind.DELEGATED: (_task_is_open,),
    StepKind.RETURNED: (_task_is_open, _a_ruling_binds),
    StepKind.STARTED: (_task_is_open, _lead_is_open_or_supporting),
    StepKind.ARRIVED: (_task_is_open,),
    StepKind.RESOLVED: (_task_is_open, _lead_is_open_or_supporting),
    StepKind.TASK_WITHDRAWN: (_task_is_open,),
    StepKind.DECLINED: (_tasks_of_others_closed,),
    StepKind.LINKED: (_tasks_of_others_closed,),
    StepKind.VERIFIED: (_somebody_else, _nothing_open),
    StepKind.REWORK_ORDERED: (_somebody_else,),
    StepKind.CLOSED: (_not_checked_by_the_resolver,),
    StepKind.VERDICT_GIVEN: (_verdict_once,),
    StepKind.SUSPENDED: (_until_lies_ahead,),
    StepKind.EXTENSION_ASKED: (_no_extension_waiting,),
    StepKind.EXTENSION_APPROVED: (_extension_waits,),
    StepKind.EXTENSION_REFUSED: (_extension_waits,),
    StepKind.SUPERVISION_ANSWERED: (_supervision_waits,),
    StepKind.CONTACT_REVEALED: (_the_task_it_needs_is_open,),
    StepKind.CONTENTS_HELD: (_until_lies_ahead,),
    StepKind.CONTENT_ERASED: (_not_held,),
    StepKind.APPOINTMENT_AGREED: (support.lies_ahead,),
    StepKind.APPOINTMENT_HELD: (support.appointment_is_open,),
    StepKind.APPOINTMENT_CANCELLED: (support.appointment_is_open,),
}
