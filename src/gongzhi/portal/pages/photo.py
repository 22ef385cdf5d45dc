"""Photos of a case, for those who may see them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.base.errors import NotFound
from gongzhi.cases import queries as cases
from gongzhi.files import queries as files
from gongzhi.files.types import PhotoSize
from gongzhi.portal import receipts

SIZES = (PhotoSize.FULL.value, PhotoSize.THUMBNAIL.value)


@require_safe
def show(request: HttpRequest, photo: UUID, size: str) -> HttpResponse:
    """One photo, if its kind makes it public or the visitor showed the receipt; otherwise it does not exist."""
    if size not in SIZES or not (cases.is_public_photo(photo) or _is_own(request, photo)):
        raise NotFound(_("There is no such photo."), code="no_photo")
    response = HttpResponse(files.open_photo(photo, size), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=600"
    response["X-Robots-Tag"] = "noindex"
    return response


def _is_own(request: HttpRequest, photo: UUID) -> bool:
    shown = receipts.all_shown(request.session)
    return any(cases.reporter_may_see_photo(code, receipt, photo) for code, receipt in shown)
