"""Taking down a call: one page for the operator on the phone, by keyboard alone."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from gongzhi.base.errors import Refused
from gongzhi.cases import operations
from gongzhi.cases import queries as cases
from gongzhi.desk.forms.hotline import HotlineForm
from gongzhi.desk.visitor import Visitor, for_centre
from gongzhi.programs.types import Source
from gongzhi.territory.types import Point


@require_http_methods(["GET", "POST"])
@for_centre
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The form; then the two codes to read out. Sending twice gives the same codes."""
    form = HotlineForm(request.POST or None, visitor=visitor)
    if request.method == "GET" or not form.is_valid():
        return ask(request, visitor, form, 422 if form.is_bound else 200)
    try:
        receipt = operations.report_case(
            source=Source.HOTLINE, by=visitor.by, now=visitor.now, **form.arguments()
        )
    except Refused as refused:
        form.refuse(refused)
        return ask(request, visitor, form, refused.status)
    return render(request, "desk/intake_taken.html", {"visitor": visitor, "receipt": receipt})


@require_safe
@for_centre
def similar(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """What others have reported near the place, while the caller still talks."""
    point = point_of(request)
    text, kind = request.GET.get("text", "")[:4000], request.GET.get("kind") or None
    found = cases.similar(point, kind, text, visitor.now) if point else []
    return render(request, "desk/_intake_similar.html", {"similar": found, "has_point": point is not None})


def ask(request: HttpRequest, visitor: Visitor, form: HotlineForm, status: int) -> HttpResponseBase:
    """The form, with what was wrong."""
    return render(request, "desk/intake.html", {"visitor": visitor, "form": form}, status=status)


def point_of(request: HttpRequest) -> Point | None:
    """The point picked on the map, if the address has one that makes sense."""
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError):
        return None
    return Point(lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None
