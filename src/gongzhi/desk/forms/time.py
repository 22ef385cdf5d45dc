"""Steps about time: suspend, resume, extend; and the centre's chase."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.pictures import ClockPicture
from gongzhi.cases.types import ClockStatus
from gongzhi.desk.forms import choices
from gongzhi.desk.forms.dispatch import TaskForm
from gongzhi.desk.forms.step_form import StepForm, written
from gongzhi.programs.types import LimitUnit

LONGEST_EXTENSION = 365


class SuspendForm(StepForm):
    """It can't go on before a date."""

    heading = _("Suspend until a date")
    submit = _("Suspend")
    hint = _("The clocks pause. On that day the case comes back by itself.")
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    ground = written(_("Reason"), help_text=_("What must happen first, and who waits for whom."))

    def arguments(self) -> dict[str, Any]:
        morning = datetime.combine(self.cleaned_data["until"], time.min)
        return {"until": timezone.make_aware(morning), "ground": self.cleaned_data["ground"]}


class ResumeForm(StepForm):
    """The obstacle is gone."""

    heading = _("Take it up again")
    submit = _("Take it up again")
    hint = _("The clocks run on from where they stood.")

    def arguments(self) -> dict[str, Any]:
        return {}


class AskExtensionForm(TaskForm):
    """More time, with a ground."""

    heading = _("Ask for more time")
    submit = _("Ask")
    hint = _("The centre decides. Until then the clock runs.")
    clock = forms.ChoiceField(label=_("Which clock"))
    value = forms.IntegerField(label=_("How much"), min_value=1, max_value=LONGEST_EXTENSION)
    unit = forms.ChoiceField(label=_("Unit"))
    ground = written(_("Ground"), help_text=_("What stands in the way, and the dated plan."))

    def prepare(self) -> None:
        self.choices_of("clock").choices = [(clock.name, clock.title) for clock in self.extendable()]
        self.choices_of("unit").choices = units()

    def extendable(self) -> list[ClockPicture]:
        """The running clocks of the task that the kind allows to be lengthened."""
        task, kind = self.chosen_task(), self.picture.definition
        allowed = {clock.name for clock in kind.clocks if clock.extendable} if kind else set()
        clocks = (*(task.clocks if task else ()), *self.picture.clocks)
        return [clock for clock in clocks if clock.status is ClockStatus.RUNNING and clock.name in allowed]

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            **super().arguments(),
            "clock": cleaned["clock"],
            "value": cleaned["value"],
            "unit": cleaned["unit"],
            "ground": cleaned["ground"],
        }


class DecideExtensionForm(StepForm):
    """The centre grants it or does not."""

    heading = _("Decide on more time")
    submit = _("Decide")
    granted = forms.ChoiceField(
        label=_("More time?"), choices=[("yes", _("Granted")), ("no", _("Refused"))], widget=forms.RadioSelect
    )
    ground = written(_("Reason"), required=False, rows=2, help_text=_("Wanted when it is refused."))

    def arguments(self) -> dict[str, Any]:
        return {"approve": self.cleaned_data["granted"] == "yes", "ground": self.cleaned_data["ground"]}


class SuperviseForm(StepForm):
    """The centre chases, apart from the handling."""

    heading = _("Put under supervision")
    submit = _("Issue the supervision order")
    hint = _("The agency must answer. The handling and its clocks go on as they are.")
    order = written(_("What must be explained or put right"))

    def arguments(self) -> dict[str, Any]:
        return {"order": self.cleaned_data["order"]}


class AnswerSupervisionForm(TaskForm):
    """The agency answers the chase."""

    heading = _("Answer the supervision order")
    submit = _("Send the answer")
    answer = written(_("Answer"), help_text=_("What happened, what is done now, by when."))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "answer": self.cleaned_data["answer"]}


def units() -> choices.Options:
    """The units a limit can be lengthened by."""
    return [
        (LimitUnit.WORKING_DAYS.value, gettext("working days")),
        (LimitUnit.WORKING_HOURS.value, gettext("working hours")),
        (LimitUnit.CALENDAR_DAYS.value, gettext("days")),
        (LimitUnit.HOURS.value, gettext("hours")),
        (LimitUnit.MINUTES.value, gettext("minutes")),
    ]
