"""What the pages of protected tips have in common: nothing kept by the browser, no file on the disk, the key put away.

A reporter's key lies shut in the session and its own key in a cookie only (`tips.keyrings`), so the receipt is typed once
and stands in no page that follows. These pages keep nothing that ties an address to a tip (`tips.doorstep`).
"""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from gongzhi.base.errors import Refused
from gongzhi.tips import keyrings
from gongzhi.tips.types import ReceiptKey, Upload

SHUT, COOKIE, PLACE = "tips_reporter", "tips_reporter", "/tips/"
LARGEST_POST = 64 * 1024 * 1024
Page = Callable[..., HttpResponse]


class InMemory(MemoryFileUploadHandler):
    """Keeps what is sent in memory, whatever its size: Django would write large files to the disk in plain."""

    def handle_raw_input(self, *given: Any, **more: Any) -> None:
        self.activated = True


def sealed_page(view: Page) -> Page:
    """A page of tips: never kept by a browser, its files never on a disk, its fields in no error report."""
    inner = csrf_protect(sensitive_post_parameters()(never_cache(view)))

    @csrf_exempt  # the token is checked inside, after the files were sent into memory
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_POST:
            raise Refused(_("That is too much at once. Send fewer or smaller files."), code="too_large")
        request.upload_handlers = [InMemory(request)]
        return inner(request, *args, **kwargs)

    return guarded


def uploads(request: HttpRequest) -> list[Upload]:
    """The files that came along."""
    sent = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
    return [Upload(file.name or "", file.read()) for file in sent]


def put_away(request: HttpRequest, response: HttpResponse, key: ReceiptKey, now: datetime) -> None:
    """Put the reporter's key away until the next page."""
    held = keyrings.lock_away(key, now=now)
    request.session[SHUT] = held.shut
    response.set_cookie(
        COOKIE, held.cookie, path=PLACE, httponly=True, secure=request.is_secure(), samesite="Strict"
    )


def held_key(request: HttpRequest, now: datetime) -> ReceiptKey | None:
    """The reporter's key, while it can be taken out."""
    try:
        key = keyrings.take_out(request.session.get(SHUT, ""), request.COOKIES.get(COOKIE, ""), now=now)
    except keyrings.Gone:
        return None
    return key if isinstance(key, ReceiptKey) else None


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Shut the tip: neither the session nor the browser holds anything of it."""
    request.session.pop(SHUT, None)
    response.delete_cookie(COOKIE, path=PLACE, samesite="Strict")
