"""Steps of the centre on a fresh report: accept, sort, decline, join, correct the place."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongzhi.base.ids import clean_code, is_case_code
from gongzhi.cases.types import Door
from gongzhi.desk.filters import as_uuid
from gongzhi.desk.forms import choices
from gongzhi.desk.forms.kind_questions import KindQuestions
from gongzhi.desk.forms.step_form import StepForm, written
from gongzhi.programs import queries as programs
from gongzhi.programs.types import CaseKind
from gongzhi.territory.types import Level, Point


class SortForm(KindQuestions, StepForm):
    """What kind of matter it is and how grave; the title others will read."""

    heading = _("What is it?")
    submit = _("Save the kind")
    criteria = "registration"

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity"),
        required=False,
        error_messages={"invalid_choice": _("This kind has no such severity.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=80, required=False, help_text=_("No names, no numbers of people.")
    )

    def prepare(self) -> None:
        today, row = self.visitor.today, self.picture.row
        nothing = gettext("Leave it as it is") if row.kind else gettext("Choose…")
        self.choices_of("kind").choices = choices.with_empty(choices.kinds(today), nothing)
        self.start_with("title", "" if row.title == row.kind_title else row.title)
        self.start_with("kind", self.likely_kind())
        self.start_with("severity", row.severity)
        self.asked_already = row.kind if self.picture.answers else ""
        kind = programs.current_kind(str(self["kind"].value() or ""), today)
        self.choices_of("severity").choices = severities(kind, today)
        fills(self, "kind", "severity", reverse("desk:severity_options"))

    def likely_kind(self) -> str:
        """The kind the case has, else the one its words suggest."""
        definition = self.picture.definition
        if definition is not None and definition.selectable:
            return definition.key
        suggested = programs.suggest_kind(self.picture.text, self.visitor.today)
        return suggested.key if suggested else ""

    def arguments(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("kind", "severity", "title")}
        return {**given, "form": self.answers()}


class AcceptForm(SortForm):
    """Take a report on, sorting it in the same breath."""

    heading = _("Accept this report")
    submit = _("Accept")
    hint = _("The resident is told at once that you have taken it on.")


class DeclineForm(StepForm):
    """Not a matter for the centre: name the right door."""

    heading = _("Decline and show the right door")
    submit = _("Decline")
    hint = _(
        "The resident reads your ground and the door to go to. Urgent danger: pass it on yourself first."
    )
    danger = True

    door = forms.ChoiceField(label=_("The right door"))
    ground = written(_("Ground"), help_text=_("Say in plain words why it can't be taken on here."))

    def prepare(self) -> None:
        self.choices_of("door").choices = choices.with_empty(choices.doors(), gettext("Choose…"))

    def arguments(self) -> dict[str, Any]:
        return {"door": Door(self.cleaned_data["door"]), "ground": self.cleaned_data["ground"]}


class LinkForm(StepForm):
    """The same matter as an earlier report."""

    heading = _("Join to an earlier report")
    submit = _("Join")
    hint = _("Both become one case. Everybody who reported it is kept informed.")

    to = forms.CharField(
        label=_("Code of the earlier case"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def prepare(self) -> None:
        if self.picture.similar:
            self.start_with("to", self.picture.similar[0].code)

    def clean_to(self) -> str:
        code = clean_code(self.cleaned_data["to"])
        if not is_case_code(code):
            raise ValidationError(_("A case code has 13 digits. Check them once more."))
        if code == self.picture.row.code:
            raise ValidationError(_("A case can't be joined to itself."))
        return code

    def arguments(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["to"]}


class PlaceForm(forms.Form):
    """A place: a point on the map, an area from the list, or words; any of them will do."""

    township = forms.ChoiceField(label=_("Township"), required=False)
    area = forms.ChoiceField(label=_("Community or village"), required=False)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)


class RelocateForm(StepForm, PlaceForm):
    """The place was wrong or vague."""

    heading = _("Correct the place")
    submit = _("Save the place")
    hint = _("Click the map, or choose an area, or both.")

    def prepare(self) -> None:
        fill_areas(self)

    def arguments(self) -> dict[str, Any]:
        return place_of(self.cleaned_data)


def fill_areas(form: forms.Form) -> None:
    """Townships, and the communities of the chosen one."""
    township, area = form.fields["township"], form.fields["area"]
    assert isinstance(township, forms.ChoiceField) and isinstance(area, forms.ChoiceField)
    township.choices = choices.with_empty(choices.areas(Level.TOWNSHIP), gettext("Not chosen"))
    area.choices = communities(str(form["township"].value() or ""))
    fills(form, "township", "area", reverse("desk:area_options"))


def communities(township: str) -> choices.Options:
    """The communities of a township given by its id, none if none is chosen."""
    parent = as_uuid(township)
    found = choices.areas(Level.COMMUNITY, parent) if parent else []
    return choices.with_empty(found, gettext("Not chosen"))


def severities(kind: CaseKind | None, today: date) -> choices.Options:
    """The severities of a kind; before one is chosen, every severity there is."""
    found = choices.severities(kind) or choices.all_severities(today)
    return choices.with_empty(found, gettext("As usual for this kind"))


def fills(form: forms.Form, chosen: str, filled: str, address: str) -> None:
    """A choice in one select fetches the options of another."""
    form.fields[chosen].widget.attrs.update(
        {"hx-get": address, "hx-target": f"#{form[filled].id_for_label}", "hx-params": chosen}
    )


def place_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """A cleaned place as operations take it: a point if there is one, else the smallest area chosen."""
    lon, lat = cleaned.get("lon"), cleaned.get("lat")
    chosen = cleaned.get("area") or cleaned.get("township") or ""
    point = Point(lon, lat) if lon is not None and lat is not None else None
    return {"place": point, "area": None if point else as_uuid(chosen)}
