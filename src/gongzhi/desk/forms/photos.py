"""A field for several photos at once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from gongzhi.files.types import Readable

MOST_PHOTOS = 6


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to six photos; what they really are is checked where they are kept."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", ManyFiles(attrs={"accept": "image/*"}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Readable]:
        files = list(data) if isinstance(data, Iterable) and not isinstance(data, UploadedFile) else [data]
        chosen = [file for file in files if file]
        if self.required and not chosen:
            raise ValidationError(_("Add at least one photo."))
        if len(chosen) > MOST_PHOTOS:
            raise ValidationError(_("At most %(count)d photos at once.") % {"count": MOST_PHOTOS})
        return [super(PhotosField, self).clean(file, initial) for file in chosen]
