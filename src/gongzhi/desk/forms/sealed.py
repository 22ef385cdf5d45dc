"""What touches sealed contents: opening a contact or an original, holding back from erasure, erasing."""

import uuid
from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import queries as cases
from gongzhi.cases.operations.opening import LONGEST_WORDS
from gongzhi.cases.types import ErasureGround, RevealPurpose
from gongzhi.desk.forms import choices
from gongzhi.desk.forms.step_form import StepForm, written

BY_HAND = (ErasureGround.ASKED, ErasureGround.NOT_NEEDED, ErasureGround.WRONG, ErasureGround.UNLAWFUL)


class ContactForm(StepForm):
    """Open one personal field for a purpose."""

    heading = _("Open the contact")
    submit = _("Open for 60 seconds")
    hint = _(
        "Who opens it, when and what for stands on the case. The reporter sees your organisation, not you."
    )
    guarded = False
    purpose = forms.ChoiceField(label=_("What for"), widget=forms.RadioSelect)
    field = forms.ChoiceField(label=_("Which"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("More words"), required=False, max_length=LONGEST_WORDS)

    def prepare(self) -> None:
        left = [
            (field.name, f"{field.title} {field.masked}") for field in self.picture.sealed if field.masked
        ]
        self.choices_of("purpose").choices = choices.reveal_purposes()
        self.choices_of("field").choices = left
        if left:
            self.start_with("field", left[0][0])
        if len(left) == 1 and not self.is_bound:
            self.fields["field"].widget = forms.HiddenInput()

    def arguments(self) -> dict[str, Any]:
        return {
            "field": self.cleaned_data["field"],
            "purpose": RevealPurpose(self.cleaned_data["purpose"]),
            "note": self.cleaned_data["note"],
        }


class OriginalForm(StepForm):
    """Open the original of a photo."""

    heading = _("Open the original photo")
    submit = _("Open it")
    hint = _(
        "The original holds what the camera wrote: time, place, device. Who opens it and why stands on the case."
    )
    guarded = False
    plain: ClassVar[bool] = True  # the answer is a file
    photo = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_WORDS)

    def arguments(self) -> dict[str, Any]:
        return {"photo": self.cleaned_data["photo"], "reason": self.cleaned_data["reason"]}


class HoldForm(StepForm):
    """Keep what the case holds as evidence until a day."""

    heading = _("Hold as evidence")
    submit = _("Hold")
    hint = _("Nothing of this case is erased before that day. A later hold replaces the day.")
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    ground = written(_("Reason"), help_text=_("Which investigation needs it, and who asked."))
    guarded = False

    def arguments(self) -> dict[str, Any]:
        morning = datetime.combine(self.cleaned_data["until"], time.min)
        return {"until": timezone.make_aware(morning), "ground": self.cleaned_data["ground"]}


class EraseForm(StepForm):
    """Erase one content for ever."""

    heading = _("Erase for ever")
    submit = _("Erase for ever")
    hint = _("Nobody can bring it back. The case keeps a line that says what was erased, when and why.")
    danger = True
    guarded = False
    content = forms.ChoiceField(label=_("What"))
    reason = forms.ChoiceField(label=_("Why"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        held = cases.held_contents(self.visitor.scope, self.picture.row.code)
        self.choices_of("content").choices = [
            (str(one.id), f"{one.title} · {timezone.localtime(one.at):%Y-%m-%d %H:%M}") for one in held
        ]
        self.choices_of("reason").choices = choices.erasure_grounds(BY_HAND)

    def arguments(self) -> dict[str, Any]:
        return {"content": uuid.UUID(self.cleaned_data["content"]), "reason": self.cleaned_data["reason"]}
