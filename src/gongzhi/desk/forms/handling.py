"""Steps of the work itself: milestones, start, notes, resolve, check, close."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.types import Outcome
from gongzhi.desk.forms import choices
from gongzhi.desk.forms.dispatch import TaskForm
from gongzhi.desk.forms.photos import PhotosField
from gongzhi.desk.forms.step_form import StepForm, written


class MilestoneForm(TaskForm):
    """Changes no state, stops the clocks named after it."""

    milestone: ClassVar[str]

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "milestone": self.milestone}


class RespondForm(MilestoneForm):
    """Somebody answered the call."""

    milestone = "respond"
    heading = _("Responded")
    submit = _("We have responded")
    hint = _("Stops the response clock.")


class ArriveForm(MilestoneForm):
    """On site."""

    milestone = "arrive"
    heading = _("Confirm arrival")
    submit = _("We are on site")
    hint = _("Stops the arrival clock.")


class StartForm(TaskForm):
    """Work has begun."""

    heading = _("Start")
    submit = _("Start the work")


class FeedBackForm(MilestoneForm):
    """The resident is told how it stands."""

    milestone = "feed_back"
    heading = _("Feed back to the resident")
    submit = _("Send")
    hint = _("The resident reads exactly these words on the case page.")
    reply = written(_("Reply"), help_text=_("What was done, what comes next, by when."))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "words_for_reporter": self.cleaned_data["reply"]}


class NoteForm(StepForm):
    """Something worth writing down."""

    heading = _("Add a note")
    submit = _("Save the note")
    hint = _("Only staff who may see this case read it.")
    guarded = False
    note = written(_("Note"))
    photos = PhotosField(label=_("Photos"))

    def arguments(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


class ResolveForm(TaskForm):
    """The agency says it is done."""

    heading = _("Finish the task")
    submit = _("It is done")
    hint = _("Somebody else will check it.")
    criteria, evidence_at = "closure", "resolved"
    note = written(_("What was done"))
    photos = PhotosField(label=_("Photos of the result"))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "note": self.cleaned_data["note"]}


class VerifyForm(StepForm):
    """Somebody else checks it."""

    heading = _("Check the result")
    submit = _("Save the check")
    criteria, evidence_at = "closure", "verified"
    passed = forms.ChoiceField(
        label=_("Is it really done?"),
        choices=[("yes", _("Yes, it is done")), ("no", _("No, back to work"))],
        widget=forms.RadioSelect,
    )
    note = written(_("What you saw"), required=False, help_text=_("Wanted if it goes back to work."))
    photos = PhotosField(label=_("Photos"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("passed") == "no" and not cleaned.get("note"):
            self.add_error("note", gettext("Say what is still to be done."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {"passed": self.cleaned_data["passed"] == "yes", "note": self.cleaned_data["note"]}


class CloseForm(StepForm):
    """Name the outcome and close."""

    heading = _("Close the case")
    submit = _("Close")
    hint = _("The resident is asked whether it is solved; a “no” opens it again.")
    criteria = "closure"
    outcome = forms.ChoiceField(label=_("Outcome"))
    reply = written(
        _("Answer to the resident"), required=False, help_text=_("Wanted when it was not fixed: say why.")
    )

    def prepare(self) -> None:
        self.choices_of("outcome").choices = choices.outcomes()
        self.start_with("outcome", (self.picture.outcome or Outcome.FIXED).value)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") not in (None, Outcome.FIXED.value) and not cleaned.get("reply"):
            self.add_error("reply", gettext("Say why it was not fixed."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {"outcome": Outcome(self.cleaned_data["outcome"]), "reply": self.cleaned_data["reply"]}


class ReopenForm(StepForm):
    """A later re-inspection found it not solved."""

    heading = _("Open it again")
    submit = _("Open it again")
    ground = written(_("Ground"), help_text=_("What the re-inspection found."))

    def arguments(self) -> dict[str, Any]:
        return {"ground": self.cleaned_data["ground"]}
