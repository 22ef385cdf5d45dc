"""What every step's form has in common."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.base.errors import Refused
from gongzhi.cases.pictures import CasePicture
from gongzhi.desk.visitor import Visitor
from gongzhi.programs import checklist

LONGEST_NOTE = 2000


class StepForm(forms.Form):
    """A step on a case: `version` tells which state of the case the person was looking at."""

    heading: ClassVar[Any] = ""
    submit: ClassVar[Any] = _("Save")
    hint: ClassVar[Any] = ""
    danger: ClassVar[bool] = False
    plain: ClassVar[bool] = False  # sent by the browser itself, not by htmx
    guarded: ClassVar[bool] = True  # refused when somebody else has moved the case meanwhile
    criteria: ClassVar[str] = ""  # which of the kind's criteria to show: registration · closure
    evidence_at: ClassVar[str] = ""  # the step whose evidence the kind asks for

    version = forms.IntegerField(widget=forms.HiddenInput)
    task = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, picture: CasePicture, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.picture = picture
        self.visitor = visitor
        for field in self.fields.values():
            field.error_messages["required"] = _("Please fill this in.")
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and first values from the case."""

    @property
    def checklist(self) -> list[str]:
        """What the kind asks to be true or to be shown for this step."""
        match self.criteria:
            case "registration":
                return checklist.for_registration(self.picture.definition)
            case "closure":
                return checklist.for_closure(self.picture.definition, self.evidence_at)
        return []

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside the field it speaks of, else above the form."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused.message))

    def arguments(self) -> dict[str, Any]:
        """What the operation gets besides the case, the actor and the time."""
        raise NotImplementedError

    def start_with(self, name: str, value: Any) -> None:
        """The first value of a field, unless the person or the address already gave one."""
        self.initial.setdefault(name, value)

    def choices_of(self, name: str) -> forms.ChoiceField:
        """The field, known to be one with choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


def written(label: Any, *, required: bool = True, help_text: Any = "", rows: int = 3) -> forms.CharField:
    """A text somebody writes in their own words."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def as_ids(values: list[str]) -> tuple[uuid.UUID, ...]:
    """Chosen options as ids."""
    return tuple(uuid.UUID(value) for value in values)
