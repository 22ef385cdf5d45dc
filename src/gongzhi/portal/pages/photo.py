"""Photos of a case, for those who may see them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.base.errors import NotFound
from gongzhi.cases import queries as cases
from gongzhi.files.types import PhotoSize
from gongzhi.portal import receipts

SIZES = (PhotoSize.FULL.value, PhotoSize.THUMBNAIL.value)


@require_safe
def show(request: HttpRequest, photo: UUID, size: str) -> HttpResponse:
    """One photo, if its kind makes it public or the visitor showed the receipt; otherwise it does not exist."""
    shown = None
    if size in SIZES:
        shown = cases.open_public_photo(photo, size, receipts.all_shown(request.session))
    if shown is None:
        raise NotFound(_("There is no such photo."), code="no_photo")
    response = HttpResponse(shown, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=600"
    response["X-Robots-Tag"] = "noindex"
    return response
