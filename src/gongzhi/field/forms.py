"""What is typed on the phone, read and checked before anything is written."""

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from gongzhi.base.actor import Actor
from gongzhi.base.errors import Refused
from gongzhi.field.steps import FieldStep
from gongzhi.files import operations as files
from gongzhi.territory.types import Point

LONGEST_TEXT, LONGEST_PLACE, LONGEST_CONTACT = 2000, 200, 120
MOST_PHOTOS = 6
KEPT, MOST_DRAFTS = "field_photos", 5


def written(longest: int, *, required: bool = False) -> forms.CharField:
    """Words, with the sentences that say what is wrong with them."""
    messages = {
        "required": lazy("Write a few words first."),
        "max_length": lazy("That is too long. Keep it to %(limit_value)d characters."),
        "null_characters_not_allowed": lazy("A character in it can't be kept. Type it again by hand."),
    }
    field = forms.CharField(required=required, max_length=longest, error_messages=messages)
    field.error_messages["null_characters_not_allowed"] = messages["null_characters_not_allowed"]
    return field


class StepForm(forms.Form):
    """A step on a task; `since` is when the page was made."""

    since = forms.CharField(max_length=40)
    task = forms.CharField(max_length=40, required=False)

    def __init__(self, step: FieldStep, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        if step.words:
            self.fields["words"] = written(LONGEST_TEXT, required=step.must_write)

    def clean_since(self) -> datetime:
        """The moment the server wrote into the page."""
        try:
            return datetime.fromisoformat(self.cleaned_data["since"]).astimezone(UTC)
        except ValueError as error:
            raise forms.ValidationError(_("The page was too old. Reload it and try again.")) from error

    @property
    def words(self) -> str:
        """What was written, if the step asks for words."""
        return str(self.cleaned_data.get("words", "")).strip()


class ReportForm(forms.Form):
    """What a grid worker found: the same fields as a resident's report."""

    client_id = forms.UUIDField()
    text = written(LONGEST_TEXT)
    kind = forms.CharField(required=False, max_length=100)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    in_grid = forms.UUIDField(required=False)
    place_text = written(LONGEST_PLACE)
    contact = written(LONGEST_CONTACT)
    secret = forms.BooleanField(required=False)

    def place(self) -> Point | None:
        """The point on the map, if both of its halves are there."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return Point(lon, lat) if lon is not None and lat is not None else None

    def area(self, own: list[uuid.UUID]) -> uuid.UUID | None:
        """The worker's own grid, if that is all that is known of the place."""
        named = self.cleaned_data.get("in_grid")
        return named if named in own and self.place() is None else None


class WordsForm(forms.Form):
    """Words about the app itself."""

    client_id = forms.UUIDField()
    text = written(LONGEST_TEXT, required=True)


def first_errors(form: forms.Form) -> dict[str, str]:
    """The first error of each field, as a sentence."""
    return {name: str(errors[0]) for name, errors in form.errors.items()}


def keep_photos(request: HttpRequest, by: Actor, now: datetime) -> list[uuid.UUID]:
    """Keep the photos sent with a form; a bad one is named."""
    return [files.keep_photo(data=upload, by=by, now=now) for upload in _uploads(request)]


def keep_photos_once(request: HttpRequest, by: Actor, now: datetime, client_id: uuid.UUID) -> list[uuid.UUID]:
    """The same for a report: a photo sent again with the same report is the one kept before, so a retry is the same."""
    kept: dict[str, dict[str, str]] = request.session.get(KEPT, {})
    known = kept.pop(str(client_id), {})
    for upload in _uploads(request):
        digest = hashlib.sha256(upload.read()).hexdigest()
        upload.seek(0)
        if digest not in known:
            known[digest] = str(files.keep_photo(data=upload, by=by, now=now))
    request.session[KEPT] = {**dict(list(kept.items())[-MOST_DRAFTS:]), str(client_id): known}
    return [uuid.UUID(photo) for photo in known.values()]


def _uploads(request: HttpRequest) -> "list[UploadedFile[Any]]":
    uploads = [each for each in request.FILES.getlist("photos") if isinstance(each, UploadedFile)]
    if len(uploads) > MOST_PHOTOS:
        words = _("At most %(count)d photos. Leave some out.") % {"count": MOST_PHOTOS}
        raise Refused(words, code="too_many", field="photos")
    return uploads
