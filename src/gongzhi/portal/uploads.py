"""Photos on their way in: each is kept once, however often a bad network makes the visitor send it."""

import hashlib
import uuid
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from gongzhi.base import actor
from gongzhi.base.errors import Refused
from gongzhi.files import operations as files

KEPT = "portal_kept"
MOST_REMEMBERED = 24


def keep_once(session: SessionBase, client_id: uuid.UUID, upload: Any) -> uuid.UUID:
    """Keep a photo of a report; the same bytes for the same report give the same photo again."""
    if not isinstance(upload, UploadedFile):
        raise Refused(_("The photo did not arrive. Choose it again."), code="no_file", field="photos")
    key = f"{client_id}:{_digest(upload)}"
    known = session.get(KEPT, {})
    if key in known:
        return uuid.UUID(known[key])
    photo = files.keep_photo(data=upload, by=actor.RESIDENT, now=timezone.now())
    session[KEPT] = {**dict(list(known.items())[-MOST_REMEMBERED + 1 :]), key: str(photo)}
    return photo


def _digest(upload: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
