"""What a point on the map is called."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongzhi.base.errors import Refused
from gongzhi.portal.forms import PointForm
from gongzhi.territory import queries as territory


@require_safe
def fragment(request: HttpRequest) -> HttpResponse:
    """The names of the areas around a point, or a sentence about why it is too far away."""
    form = PointForm(request.GET)
    point = form.place() if form.is_valid() else None
    if point is None:
        return HttpResponse(status=422)
    try:
        return render(request, "portal/_place.html", {"located": territory.locate(point)})
    except Refused as refused:
        return render(request, "portal/_place.html", {"refused": refused})
