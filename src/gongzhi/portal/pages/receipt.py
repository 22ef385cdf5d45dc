"""What a reporter takes home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongzhi.cases import queries as cases
from gongzhi.portal import receipts


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Case code and receipt code in large figures, and what happens next."""
    found = receipts.latest(request.session)
    if found is None:
        return render(request, "portal/receipt_gone.html", status=404)
    code, receipt = found
    picture = cases.public_picture(code, receipt, timezone.now())
    words = {
        "file_name": _("receipt-%(code)s.png") % {"code": code},
        "line_case": _("Case code"),
        "line_receipt": _("Receipt code"),
        "line_keep": _("Keep this. The receipt code lets you add facts and say whether it is solved."),
    }
    context = {"picture": picture, "receipt_code": receipt, "script_words": words}
    return render(request, "portal/receipt.html", context)
