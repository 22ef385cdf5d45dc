"""The administrators' forms: each turns into the arguments of one operation."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.accounts import directory
from gongzhi.accounts.types import OrganisationKind, Role
from gongzhi.base.errors import Refused


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OperationForm(forms.Form):
    """A form whose refusals come from the operation, beside the field they are about."""

    def submit(self, operation: Callable[[dict[str, Any]], Any]) -> bool:
        """Check, then run the operation with what was filled in; False leaves the reasons on the form."""
        if not self.is_valid():
            return False
        try:
            self.outcome = operation(self.cleaned_data)
        except Refused as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, required=False, widget=DayInput())


def _text(
    label: Any, limit: int = 80, hint: Any = "", *, required: bool = True, offers: str = ""
) -> forms.CharField:
    attributes = {"list": offers, "autocomplete": "off"} if offers else {"autocomplete": "off"}
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(label=label, max_length=limit, help_text=hint, required=required, widget=widget)


class NewPersonForm(OperationForm):
    """Open an account."""

    username = _text(
        _("User name"), 40, _("Small letters and digits; it is for signing in and never changes.")
    )
    display_name = _text(_("Name of the person"), 40, _("As colleagues and residents read it."))
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For notices about assigned work.")
    )
    expires_on = _day(_("Expires on"), _("From this day the account no longer opens. Empty: it goes on."))


class ExpiryForm(OperationForm):
    """When an account ends by itself."""

    expires_on = _day(_("Expires on"), _("From this day the account no longer opens. Empty: it goes on."))


class ReasonForm(OperationForm):
    """Why something ends."""

    reason = _text(_("Why"), 200)


class OrganisationForm(OperationForm):
    """Add an organisation."""

    name = _text(_("Name"))
    code = _text(_("Code"), 60, _("As programs name it, such as fire or centre.county; it never changes."))
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=lambda: [(kind.value, kind.label) for kind in OrganisationKind],
    )
    area = _text(_("Area"), 120, _("Empty: the whole cell."), required=False, offers="areas")
    dispatchable = forms.BooleanField(label=_("Cases can be given to it"), required=False, initial=True)


class TeamForm(OperationForm):
    """Add a team."""

    name = _text(_("Team"))


class GrantForm(OperationForm):
    """Give a role."""

    role = forms.ChoiceField(label=_("Role"), choices=lambda: [(role.value, role.label) for role in Role])
    organisation = forms.ChoiceField(label=_("Organisation"))
    area = _text(_("Area"), 120, _("The role holds there and in all areas below it."), offers="areas")
    valid_from = _day(_("From"), _("Empty: today."))
    valid_to = _day(_("Until"), _("The first day it no longer holds. Empty: until it is ended."))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = directory.organisations(on=on)
        choices = [(str(line.id), line.name) for line in lines if line.ended_on is None]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]


class PostForm(OperationForm):
    """Appoint the head of an area."""

    area = _text(_("Area"), 120, offers="areas")
    person = _text(_("Head"), 40, _("User name, or the name if nobody else has it."))
    deputies = _text(
        _("Deputies"), 200, _("In the order in which they stand in; a space between two."), required=False
    )


class UploadForm(OperationForm):
    """A file."""

    file = forms.FileField(label=_("File"))
