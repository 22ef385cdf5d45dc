"""Steps of support cases and the answer to a request about one's own data."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.base.ids import new_id
from gongzhi.cases import titles
from gongzhi.cases.types import AppointmentWay
from gongzhi.desk.forms.step_form import StepForm, written
from gongzhi.desk.visitor import Visitor
from gongzhi.programs import queries as programs
from gongzhi.programs.types import Consenting
from gongzhi.trust.types import ConsentWay

GIVERS = {Consenting.PERSON: _("The person agrees"), Consenting.GUARDIAN: _("The guardian agrees")}
WAYS = {ConsentWay.IN_PERSON: _("Said in person"), ConsentWay.PAPER: _("Signed on paper")}


class TakeUpForm(StepForm):
    """Make a support case one's own."""

    heading = _("Take this up")
    submit = _("I take this up")
    hint = _("From now on nobody else of your team can open it. Get in touch with the person next.")

    def arguments(self) -> dict[str, Any]:
        return {}


class AgreeAppointmentForm(StepForm):
    """A visit or talk the person agreed to."""

    heading = _("Agree on an appointment")
    submit = _("Write it down")
    hint = _("Only what the person agreed to. The person reads every word.")

    way = forms.ChoiceField(
        label=_("How you meet"), choices=[(way.value, titles.WAY[way]) for way in AppointmentWay]
    )
    at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    note = written(_("Where, and what about"), required=False, rows=2)

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"way": AppointmentWay(cleaned["way"]), "at": cleaned["at"], "note": cleaned["note"]}


class AppointmentForm(StepForm):
    """A step on one of the appointments that stand."""

    appointment = forms.ChoiceField(label=_("Which appointment"))

    def prepare(self) -> None:
        held = self.picture.support.appointments if self.picture.support else ()
        self.choices_of("appointment").choices = [
            (a.id, f"{date_format(timezone.localtime(a.at), 'Y-m-d H:i')} {a.way_title}")
            for a in held
            if a.open
        ]

    def arguments(self) -> dict[str, Any]:
        return {"appointment": self.cleaned_data["appointment"]}


class HoldAppointmentForm(AppointmentForm):
    """They met."""

    heading = _("We met")
    submit = _("Write it down")
    hint = _("A note is not needed. The person reads what you write. Whoever did not come owes no reason.")
    note = written(_("Note"), required=False)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "note": self.cleaned_data["note"]}


class CancelAppointmentForm(AppointmentForm):
    """Call one off."""

    heading = _("Call an appointment off")
    submit = _("Call it off")


class ConsentForm(forms.Form):
    """Who agrees, and how it was given."""

    giver = forms.ChoiceField(label=_("Who agrees"))
    way = forms.ChoiceField(label=_("How it was given"), choices=list(WAYS.items()))

    def consent(self) -> dict[str, Any]:
        """The consent as operations take it."""
        return {"giver": Consenting(self.cleaned_data["giver"]), "way": ConsentWay(self.cleaned_data["way"])}


class RenewSupportForm(StepForm, ConsentForm):
    """The person agrees to go on."""

    heading = _("The person agrees to go on")
    submit = _("Record the consent")
    hint = _("The time counts anew from today.")
    guarded = False

    def prepare(self) -> None:
        givers = self.picture.support.givers if self.picture.support else ()
        self.choices_of("giver").choices = [(by, GIVERS[Consenting(by)]) for by in givers]

    def arguments(self) -> dict[str, Any]:
        return self.consent()


class EndSupportForm(StepForm):
    """The help is done, or the person said so."""

    heading = _("End the support")
    submit = _("End it")
    hint = _("You can't open it any more afterwards. What was written is erased when its time is over.")
    danger = True
    note = written(_("A word to the person"), required=False)

    def arguments(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


class AnswerRightForm(StepForm):
    """Do as asked, or refuse with the reason and the article."""

    heading = _("Answer the request")
    submit = _("Answer and close")
    hint = _(
        "“As asked” carries it out at once: deleting and withdrawing erase, a correction goes on the file."
    )

    granted = forms.ChoiceField(
        label=_("Decision"), choices=[("yes", _("As asked")), ("no", _("Refused"))], widget=forms.RadioSelect
    )
    reply = written(_("Reply"), help_text=_("What was done, or why not, in plain words."))
    law = forms.CharField(
        label=_("Law and article"),
        max_length=100,
        required=False,
        help_text=_("Needed for a refusal: for example Personal Information Protection Law, art. 47."),
    )

    def arguments(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"granted": cleaned["granted"] == "yes", "reply": cleaned["reply"], "law": cleaned["law"]}


class OpenSupportForm(ConsentForm):
    """A social worker writes down what somebody asks for, with the consent it rests on."""

    kind = forms.ChoiceField(label=_("Kind of support"))
    text = forms.CharField(
        label=_("What the person asks for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.CharField(label=_("Phone number or e-mail"), max_length=120, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    told = forms.BooleanField(
        label=_("The person knows what for, who reads it, how long, and how to stop it, and agrees")
    )

    def __init__(self, *args: Any, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("client_id", str(new_id()))
        kind, giver = self.fields["kind"], self.fields["giver"]
        assert isinstance(kind, forms.ChoiceField) and isinstance(giver, forms.ChoiceField)
        offered = [k for k in programs.current_kinds(visitor.today) if k.support is not None]
        for field in self.fields.values():
            field.error_messages["required"] = _("Please fill this in.")
        kind.choices = [("", gettext("Choose…")), *((k.key, k.title.show(get_language())) for k in offered)]
        giver.choices = list(GIVERS.items())

    def arguments(self) -> dict[str, Any]:
        """What the operation gets besides the source, the actor and the time."""
        names = ("kind", "text", "contact", "client_id")
        return {**self.consent(), **{name: self.cleaned_data[name] for name in names}}
