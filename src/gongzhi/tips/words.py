"""Checks of what people write and send before it is sealed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.tips.types import Identity, Upload

LONGEST_TEXT = 8000
LONGEST_LINE = 200
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 6
MOST_NAMES = 10


def text(said: str, *, field: str = "text", required: bool = True) -> str:
    """A text, trimmed; refused when it is missing, too long or can't be stored."""
    said = said.strip().replace("\r\n", "\n")
    if "\x00" in said or any("\ud800" <= c <= "\udfff" for c in said):
        raise Refused(
            _("The text holds characters that can't be stored."), code="bad_characters", field=field
        )
    if len(said) > LONGEST_TEXT:
        raise Refused(
            _("The text is too long: at most %d characters.") % LONGEST_TEXT, code="too_long", field=field
        )
    if required and not said:
        raise Refused(_("Please write what it is about."), code="missing", field=field)
    return said


def names(said: Sequence[str]) -> list[str]:
    """The people who must not see it, as the reporter named them."""
    found = [" ".join(name.split()) for name in said if name.strip()]
    if len(found) > MOST_NAMES or any(len(name) > LONGEST_LINE for name in found):
        raise Refused(_("Name at most %d people.") % MOST_NAMES, code="too_many_names", field="keep_from")
    return found


def identity(given: Identity) -> Identity:
    """Who the reporter is; a name or a contact at least."""
    cleaned = Identity(
        *(text(said, field="identity", required=False) for said in (given.name, given.contact, given.note))
    )
    if not cleaned.name and not cleaned.contact:
        raise Refused(_("Please leave a name or a way to reach you."), code="missing", field="identity")
    return cleaned


def uploads(files: Sequence[Upload]) -> Sequence[Upload]:
    """Not too many, not too large."""
    if len(files) > MOST_FILES:
        raise Refused(_("At most %d files at a time.") % MOST_FILES, code="too_many_files", field="files")
    if any(len(file.data) > LARGEST_FILE for file in files):
        raise Refused(
            _("A file is larger than %(megabytes)d MB.") % {"megabytes": LARGEST_FILE // 1024 // 1024},
            code="file_size",
            field="files",
        )
    return files
