"""Many accounts at once, from a list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from gongzhi.accounts import lists, operations
from gongzhi.accounts.types import Role
from gongzhi.administration.forms import UploadForm
from gongzhi.administration.visitor import Visitor, for_role

SHOWN = 200  # problems


@for_role(Role.SYSTEM_ADMIN)
def page(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Check a file and say what is wrong by line; without a fault, and not on trial, open the accounts."""
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"visitor": visitor, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "administration/people_import.html", context)
    listed = lists.read(form.cleaned_data["file"].read(lists.LARGEST + 1))
    if listed.problems or "trial" in request.POST:
        context |= {"listed": listed, "problems": listed.problems[:SHOWN]}
        status = 422 if listed.problems else 200
        return render(request, "administration/people_import.html", context, status=status)
    many = operations.create_people(people=listed.people, by=visitor.by, now=visitor.now)
    said = ngettext("%(n)s account opened.", "%(n)s accounts opened.", many)
    messages.success(request, said % {"n": many})
    return redirect("administration:people")
