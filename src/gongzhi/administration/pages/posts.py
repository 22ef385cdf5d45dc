"""Who answers for which area, and who stands in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gongzhi.accounts import directory, operations
from gongzhi.accounts.types import Role
from gongzhi.administration.finding import area_named, areas_to_choose, people_named, person_named
from gongzhi.administration.forms import OperationForm, PostForm
from gongzhi.administration.visitor import Visitor, for_role


@require_safe
@for_role(Role.SECURITY_ADMIN)
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The posts that are filled."""
    return _shown(request, visitor)


@require_POST
@for_role(Role.SECURITY_ADMIN)
def appoint(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Fill a post; whoever held it steps down."""
    form = PostForm(request.POST)
    if form.submit(lambda filled: _appoint(visitor, filled)):
        messages.success(request, _("The post is filled."))
        return redirect("administration:posts")
    return _shown(request, visitor, form)


@require_POST
@for_role(Role.SECURITY_ADMIN)
def end(request: HttpRequest, visitor: Visitor, area: UUID) -> HttpResponseBase:
    """Leave a post vacant, with the reason."""
    reason = request.POST.get("reason", "")
    operations.end_head(area=area, reason=reason, by=visitor.by, now=visitor.now)
    messages.success(request, _("The post is vacant; the head of the area above answers for it."))
    return redirect("administration:posts")


def _appoint(visitor: Visitor, filled: dict[str, str]) -> UUID:
    return operations.appoint_head(
        area=area_named(filled["area"], field="area"),
        person=person_named(filled["person"], field="person"),
        deputies=people_named(filled["deputies"], field="deputies"),
        by=visitor.by,
        now=visitor.now,
    )


def _shown(request: HttpRequest, visitor: Visitor, form: OperationForm | None = None) -> HttpResponse:
    context = {
        "visitor": visitor,
        "posts": directory.posts(on=visitor.today),
        "form": form or PostForm(),
        "areas": areas_to_choose(),
    }
    return render(request, "administration/posts.html", context, status=422 if form else 200)
