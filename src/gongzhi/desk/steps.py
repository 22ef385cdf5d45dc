"""Which form and which operation stand behind each step's name in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gongzhi.cases import operations
from gongzhi.desk.forms import dispatch, handling, intake, sealed, support, time
from gongzhi.desk.forms.step_form import StepForm

Operation = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class StepPage:
    form: type[StepForm]
    operation: Operation


STEPS: dict[str, StepPage] = {
    "accept": StepPage(intake.AcceptForm, operations.accept_case),
    "sort": StepPage(intake.SortForm, operations.sort_case),
    "decline": StepPage(intake.DeclineForm, operations.decline_case),
    "link": StepPage(intake.LinkForm, operations.link_case),
    "relocate": StepPage(intake.RelocateForm, operations.relocate_case),
    "assign": StepPage(dispatch.AssignForm, operations.assign_case),
    "rule": StepPage(dispatch.RuleForm, operations.rule_case),
    "add_task": StepPage(dispatch.AddTaskForm, operations.add_task),
    "delegate": StepPage(dispatch.DelegateForm, operations.delegate_task),
    "return": StepPage(dispatch.ReturnForm, operations.return_task),
    "withdraw_task": StepPage(dispatch.WithdrawForm, operations.withdraw_task),
    "respond": StepPage(handling.RespondForm, operations.mark_milestone),
    "arrive": StepPage(handling.ArriveForm, operations.mark_milestone),
    "feed_back": StepPage(handling.FeedBackForm, operations.mark_milestone),
    "start": StepPage(handling.StartForm, operations.start_task),
    "note": StepPage(handling.NoteForm, operations.add_note),
    "resolve": StepPage(handling.ResolveForm, operations.resolve_task),
    "verify": StepPage(handling.VerifyForm, operations.verify_case),
    "close": StepPage(handling.CloseForm, operations.close_case),
    "reopen": StepPage(handling.ReopenForm, operations.reopen_case),
    "suspend": StepPage(time.SuspendForm, operations.suspend_case),
    "resume": StepPage(time.ResumeForm, operations.resume_case),
    "ask_extension": StepPage(time.AskExtensionForm, operations.ask_extension),
    "decide_extension": StepPage(time.DecideExtensionForm, operations.decide_extension),
    "supervise": StepPage(time.SuperviseForm, operations.supervise_case),
    "take_up_support": StepPage(support.TakeUpForm, operations.take_up_support),
    "agree_appointment": StepPage(support.AgreeAppointmentForm, operations.agree_appointment),
    "hold_appointment": StepPage(support.HoldAppointmentForm, operations.hold_appointment),
    "cancel_appointment": StepPage(support.CancelAppointmentForm, operations.cancel_appointment),
    "renew_support": StepPage(support.RenewSupportForm, operations.renew_support),
    "end_support": StepPage(support.EndSupportForm, operations.end_support),
    "answer_right": StepPage(support.AnswerRightForm, operations.answer_right),
    "answer_supervision": StepPage(time.AnswerSupervisionForm, operations.answer_supervision),
    "hold": StepPage(sealed.HoldForm, operations.hold_contents),
    "erase": StepPage(sealed.EraseForm, operations.erase_content),
}
