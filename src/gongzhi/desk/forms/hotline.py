"""What the operator writes down while the caller talks."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.base.ids import new_id
from gongzhi.desk.forms import choices
from gongzhi.desk.forms.intake import PlaceForm, fill_areas, fills, place_of, severities
from gongzhi.desk.forms.kind_questions import KindQuestions
from gongzhi.desk.visitor import Visitor
from gongzhi.programs import queries as programs


class HotlineForm(KindQuestions, PlaceForm):
    """One call: what, where, how grave, who may be called back."""

    text = forms.CharField(
        label=_("What the caller says"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    severity = forms.ChoiceField(label=_("Severity"), required=False)
    place_text = forms.CharField(
        label=_("Place in words"),
        max_length=200,
        required=False,
        help_text=_("Street, number, what is next to it."),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail"),
        max_length=120,
        required=False,
        help_text=_("Sealed: handlers see it only in part."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    no_reply = forms.BooleanField(label=_("The caller wants no reply"), required=False)
    secret = forms.BooleanField(label=_("Keep the caller secret"), required=False)
    link_to = forms.CharField(required=False, widget=forms.HiddenInput)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visitor = visitor
        self.initial.setdefault("client_id", str(new_id()))
        kind = self.fields["kind"]
        severity = self.fields["severity"]
        assert isinstance(kind, forms.ChoiceField) and isinstance(severity, forms.ChoiceField)
        kind.choices = choices.with_empty(choices.kinds(visitor.today), gettext("Not sure: sort it later"))
        chosen = programs.current_kind(str(self["kind"].value() or ""), visitor.today)
        severity.choices = severities(chosen, visitor.today)
        fills(self, "kind", "severity", reverse("desk:severity_options"))
        fill_areas(self)

    @property
    def wishes(self) -> list[BoundField]:
        """What the caller may ask for, to tick."""
        return [self["no_reply"], self["secret"]]

    def arguments(self) -> dict[str, Any]:
        """What the report operation gets besides the source, the actor and the time."""
        cleaned = self.cleaned_data
        return {
            **place_of(cleaned),
            "text": cleaned["text"],
            "client_id": cleaned["client_id"],
            "kind": cleaned["kind"] or None,
            "severity": cleaned["severity"] or None,
            "place_text": cleaned["place_text"],
            "contact": cleaned["contact"],
            "link_to": cleaned["link_to"] or None,
            "form": self.answers(),
            "no_reply": cleaned["no_reply"],
            "secret": cleaned["secret"],
        }
