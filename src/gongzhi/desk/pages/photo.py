"""Photos for staff who may see the case they belong to."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from gongzhi.cases import queries as cases
from gongzhi.desk.visitor import Visitor, for_desk
from gongzhi.files import queries as files

SIZES = ("full", "thumbnail")


@require_safe
@for_desk
def show(_request: HttpRequest, visitor: Visitor, photo: UUID, size: str) -> HttpResponseBase:
    """The cleaned picture or its thumbnail; a photo of a case out of scope does not exist."""
    if size not in SIZES or not cases.may_see_photo(visitor.scope, photo):
        raise Http404
    return HttpResponse(files.open_photo(photo, size), content_type="image/jpeg")
