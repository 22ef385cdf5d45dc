"""Steps that decide who does it: assign, add, delegate, return, rule, withdraw."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.pictures import Suggestion, TaskPicture
from gongzhi.desk.filters import as_uuid
from gongzhi.desk.forms import choices
from gongzhi.desk.forms.step_form import StepForm, as_ids, written


class LeadForm(StepForm):
    """One agency leads, others support."""

    lead = forms.ChoiceField(label=_("Lead agency"))
    supporting = forms.MultipleChoiceField(
        label=_("Supporting agencies"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        agencies = choices.agencies()
        self.choices_of("lead").choices = choices.with_empty(agencies, gettext("Choose…"))
        suggestion = self.picture.suggestion
        self.start_with("lead", suggestion.lead_id if suggestion else "")
        self.choices_of("supporting").choices = choices.flat(agencies)
        if suggestion:
            self.suggest_supporting(suggestion)

    def suggest_supporting(self, suggestion: Suggestion) -> None:
        """Those the rule names come first and say so; ticked beforehand are only those it always calls in."""
        field = self.choices_of("supporting")
        always, maybe = dict(suggestion.must_support), dict(suggestion.supporting)
        marked = {
            **{identity: gettext("%s (always)") % name for identity, name in always.items()},
            **{identity: gettext("%s (suggested)") % name for identity, name in maybe.items()},
        }
        others = [option for option in choices.flat(choices.agencies()) if option[0] not in marked]
        field.choices = [*marked.items(), *others]
        self.start_with("supporting", list(always))
        if marked:
            hint = gettext("%(reason)s Tick whom this case needs: it is checked when all of them are done.")
            field.help_text = hint % {"reason": suggestion.reason}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("lead") in cleaned.get("supporting", []):
            self.add_error(
                "supporting", ValidationError(_("The lead agency can't support itself: untick it."))
            )
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {
            "lead": UUID(self.cleaned_data["lead"]),
            "supporting": as_ids(self.cleaned_data["supporting"]),
        }


class AssignForm(LeadForm):
    """Give the case to its lead agency."""

    heading = _("Assign")
    submit = _("Assign")
    note = written(_("Note for the agencies"), required=False, rows=2)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "note": self.cleaned_data["note"]}


class RuleForm(LeadForm):
    """The centre decides after a second return."""

    heading = _("Rule who leads")
    submit = _("Rule")
    hint = _("This ruling binds: the agency you name can't return the case again.")
    ground = written(_("Ground"), help_text=_("The agencies read it."))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "ground": self.cleaned_data["ground"]}


class AddTaskForm(StepForm):
    """Another agency is needed."""

    heading = _("Call in another agency")
    submit = _("Call in")
    organisation = forms.ChoiceField(label=_("Agency"))
    note = written(_("What it should do"), required=False, rows=2)

    def prepare(self) -> None:
        busy = {task.organisation_id for task in self.picture.tasks if task.ended_at is None}
        free = [(group, [o for o in options if o[0] not in busy]) for group, options in choices.agencies()]
        self.choices_of("organisation").choices = choices.with_empty(free, gettext("Choose…"))

    def arguments(self) -> dict[str, Any]:
        return {"organisation": UUID(self.cleaned_data["organisation"]), "note": self.cleaned_data["note"]}


class TaskForm(StepForm):
    """A step on one task of the case."""

    def chosen_task(self) -> TaskPicture | None:
        """The task the form is about."""
        wanted = str(self["task"].value() or "")
        return next((task for task in self.picture.tasks if task.id == wanted), None)

    def arguments(self) -> dict[str, Any]:
        return {"task": self.cleaned_data["task"]}


class DelegateForm(TaskForm):
    """The agency names who goes."""

    heading = _("Name who goes")
    submit = _("Hand over")
    team = forms.ChoiceField(label=_("Team"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)

    def prepare(self) -> None:
        task = self.chosen_task()
        organisation = as_uuid(task.organisation_id) if task else None
        for name, options in (("team", choices.teams), ("person", choices.people)):
            found = options(organisation) if organisation else []
            self.choices_of(name).choices = choices.with_empty(found, gettext("Nobody in particular"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("team") and not cleaned.get("person"):
            raise ValidationError(_("Choose a team or a person."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {**super().arguments(), "team": cleaned["team"], "person": as_uuid(cleaned["person"])}


class ReturnForm(TaskForm):
    """Not ours."""

    heading = _("Return: not ours")
    submit = _("Return")
    hint = _("The clock runs on. After a second return the centre rules, and that binds.")
    danger = True
    ground = written(_("Ground"), help_text=_("Which duty list or rule says whose it is?"))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "ground": self.cleaned_data["ground"]}


class WithdrawForm(TaskForm):
    """The centre takes an order back."""

    heading = _("Withdraw the task")
    submit = _("Withdraw")
    danger = True
    ground = written(_("Ground"), help_text=_("The agency reads it."), rows=2)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "ground": self.cleaned_data["ground"]}
