"""A worker's own support cases: the only list they stand in; and opening one at somebody's wish."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.base.errors import Refused
from gongzhi.cases import operations as cases
from gongzhi.cases import queries
from gongzhi.desk.forms.support import OpenSupportForm
from gongzhi.desk.visitor import Visitor, for_desk
from gongzhi.programs.types import Source


@require_safe
@for_desk
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Who asked, when the next meeting is, when it ends."""
    rows = queries.my_support(visitor.scope, visitor.now)
    return render(request, "desk/support.html", {"visitor": visitor, "rows": rows, "section": "support"})


@require_http_methods(["GET", "POST"])
@for_desk
def begin(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Write down a wish with its consent; both codes are shown once, for the person to take home."""
    form = OpenSupportForm(request.POST or None, visitor=visitor)
    if request.method == "GET" or not form.is_valid():
        return _form(request, visitor, form)
    try:
        receipt = cases.open_support(
            **form.arguments(), source=Source.DEPARTMENT, by=visitor.by, now=visitor.now
        )
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        return _form(request, visitor, form)
    context = {"visitor": visitor, "receipt": receipt, "section": "support"}
    return render(request, "desk/support_begun.html", context)


def _form(request: HttpRequest, visitor: Visitor, form: OpenSupportForm) -> HttpResponse:
    context = {"visitor": visitor, "form": form, "section": "support"}
    return render(request, "desk/support_begin.html", context, status=422 if form.is_bound else 200)
