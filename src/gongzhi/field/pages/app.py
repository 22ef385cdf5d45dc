"""Words about the app itself: they open a case of their own, which the person can follow."""

import uuid

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongzhi.base.errors import Refused
from gongzhi.field.forms import WordsForm, first_errors
from gongzhi.field.reporting import about_the_app
from gongzhi.field.visitor import Visitor, for_field, onward, wants_json


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Ask what is wrong; take it in."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        form = WordsForm(request.POST)
        errors = first_errors(form)
        if not errors:
            try:
                receipt = about_the_app(visitor, form.cleaned_data["client_id"], form.cleaned_data["text"])
                return onward(request, reverse("field:reported", args=[receipt.case_code]))
            except Refused as refused:
                errors = {"text": str(refused.message)}
        if wants_json(request):
            return JsonResponse({"errors": errors}, status=422)
    context = {
        "visitor": visitor,
        "client_id": request.POST.get("client_id") or uuid.uuid4(),
        "typed": request.POST.get("text", ""),
        "errors": errors,
        "tab": "messages",
    }
    return render(request, "field/app.html", context, status=422 if errors else 200)
