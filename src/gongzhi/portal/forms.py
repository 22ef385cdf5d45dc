"""What residents type, read and checked before anything is written."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from gongzhi.cases.types import Right
from gongzhi.programs.types import Consenting
from gongzhi.territory.types import Point

LONGEST_TEXT, LONGEST_PLACE, LONGEST_CONTACT = 2000, 200, 120
MOST_PHOTOS = 6
TOKEN_SALT, TOKEN_LASTS = "portal.photo", 7 * 24 * 3600


def _words(longest: int, too_long: Any) -> forms.CharField:
    nul = _("There is a character in it that can't be kept. Type it again by hand.")
    field = forms.CharField(required=False, max_length=longest, error_messages={"max_length": too_long})
    field.error_messages["null_characters_not_allowed"] = nul
    return field


class PointForm(forms.Form):
    """A point on the map, in degrees; both halves or none."""

    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)

    def place(self) -> Point | None:
        """The point, if both of its halves are there."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return Point(lon, lat) if lon is not None and lat is not None else None


class ReportForm(PointForm):
    """The report page: everything but a word or a photo is optional."""

    client_id = forms.UUIDField()
    text = _words(
        LONGEST_TEXT, _("That is too long. Keep it to %(limit_value)d characters; more can be added later.")
    )
    kind = forms.CharField(required=False, max_length=100)
    place_text = _words(
        LONGEST_PLACE, _("That is too long for a place. %(limit_value)d characters are enough.")
    )
    contact = _words(LONGEST_CONTACT, _("That is too long. One phone number or e-mail address is enough."))
    no_reply = forms.BooleanField(required=False)
    secret = forms.BooleanField(required=False)
    link_to = forms.CharField(required=False, max_length=20)
    seen = forms.BooleanField(required=False)


class MoreForm(forms.Form):
    """More facts from somebody who holds the receipt."""

    text = _words(LONGEST_TEXT, _("That is too long. Keep it to %(limit_value)d characters."))


class VerdictForm(forms.Form):
    """Solved or not, and why not."""

    solved = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": _("Choose one: solved or not solved.")},
    )
    why = _words(LONGEST_TEXT, _("That is too long. Keep it to %(limit_value)d characters."))

    def clean(self) -> dict[str, Any]:
        """Say what is still wrong, so that somebody can put it right."""
        given = super().clean() or {}
        if given.get("solved") == "no" and not given.get("why", "").strip() and "why" not in self.errors:
            self.add_error("why", _("Say in a few words what is still wrong, so that it can be put right."))
        return given


class RightForm(forms.Form):
    """A request about one's own data: two codes and what is asked."""

    client_id = forms.UUIDField()
    about = forms.CharField(max_length=40, error_messages={"required": _("Enter the case code.")})
    receipt = forms.CharField(max_length=40, error_messages={"required": _("Enter the receipt code.")})
    right = forms.ChoiceField(
        choices=[(right.value, right.value) for right in Right],
        error_messages={"required": _("Choose what you ask."), "invalid_choice": _("Choose what you ask.")},
    )
    text = _words(LONGEST_TEXT, _("That is too long. Keep it to %(limit_value)d characters."))


class SupportForm(forms.Form):
    """A wish for support; without the tick there is no case."""

    client_id = forms.UUIDField()
    text = forms.CharField(
        max_length=LONGEST_TEXT, error_messages={"required": _("Say in a sentence what would help you.")}
    )
    contact = forms.CharField(
        max_length=LONGEST_CONTACT,
        error_messages={"required": _("Leave a phone number or address, so that somebody can reach you.")},
    )
    giver = forms.ChoiceField(
        choices=[(by.value, by.value) for by in Consenting],
        error_messages={"required": _("Say who agrees.")},
    )
    agreed = forms.BooleanField(
        error_messages={"required": _("Without your consent nothing begins. Tick it if you agree.")}
    )


def photo_token(client_id: uuid.UUID, photo: uuid.UUID) -> str:
    """A kept photo, good for one report only."""
    return signing.dumps([str(client_id), str(photo)], salt=TOKEN_SALT)


def kept_photos(client_id: uuid.UUID, tokens: Sequence[str]) -> list[uuid.UUID]:
    """The photos already kept for this report, each once; a token of another report or a stale one is left out."""
    photos: list[uuid.UUID] = []
    for token in tokens[:MOST_PHOTOS]:
        try:
            owner, photo = signing.loads(token, salt=TOKEN_SALT, max_age=TOKEN_LASTS)
        except signing.BadSignature:
            continue
        if owner == str(client_id):
            photos.append(uuid.UUID(photo))
    return list(dict.fromkeys(photos))


def first_errors(form: forms.Form) -> dict[str, str]:
    """The first error of each field, as a sentence."""
    return {name: str(errors[0]) for name, errors in form.errors.items()}
