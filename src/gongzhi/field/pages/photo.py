"""Photos of a case, for those who may see the case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.base.errors import NotFound
from gongzhi.cases import queries as cases
from gongzhi.field.visitor import Visitor, for_field
from gongzhi.files import queries as files

SIZES = ("full", "thumbnail")


@require_safe
@for_field
def show(request: HttpRequest, visitor: Visitor, code: str, photo: UUID, size: str) -> HttpResponseBase:
    """One photo as JPEG; kept by the phone for a while, so that a weak network asks once."""
    if size not in SIZES or not cases.may_see_photo(visitor.scope, photo):
        raise NotFound(_("There is no such photo."), code="no_photo")
    response = HttpResponse(files.open_photo(photo, size), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=600"
    return response
