"""One's own key: make it, unlock it, lock it, change its passphrase, give it up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongzhi.base.errors import Refused
from gongzhi.desk import tip_key
from gongzhi.desk.pages import handed, tips
from gongzhi.desk.tip_key import TIP_PEOPLE, for_key_holders
from gongzhi.desk.visitor import Visitor
from gongzhi.tips import operations, queries


@require_POST
@for_key_holders
def key(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Unlock one's key; the first time, make it. What was open before is shut."""
    passphrase = request.POST.get("passphrase", "")
    try:
        if not queries.key_state(visitor.scope.person, visitor.today).has_key:
            operations.set_up_key(passphrase=passphrase, by=visitor.by, now=visitor.now)
        unlocked = operations.unlock(passphrase=passphrase, by=visitor.by, now=visitor.now)
    except Refused as refused:
        return _refused(request, visitor, refused)
    answer = redirect(_home(visitor))
    tip_key.shut_all(request)
    tip_key.put_away(request, answer, unlocked, visitor)
    return answer


@require_POST
@for_key_holders
def lock(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Lock again."""
    answer = redirect(_home(visitor))
    tip_key.forget(request, answer)
    return answer


@require_POST
@for_key_holders
def passphrase(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """The same key under another passphrase; it is locked afterwards, so that the new one is tried at once."""
    given = request.POST
    try:
        if given.get("new", "") != given.get("again", ""):
            raise Refused(_("The two new passphrases are not the same."), code="not_the_same")
        operations.change_passphrase(
            old=given.get("old", ""), new=given.get("new", ""), by=visitor.by, now=visitor.now
        )
    except Refused as refused:
        return _refused(request, visitor, refused)
    messages.success(request, _("The passphrase is changed. Unlock with the new one."))
    return lock(request)


@require_POST
@for_key_holders
def give_up(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    """Give up a key whose passphrase is lost; said twice, since what was sealed to it comes back by recovery only."""
    if request.POST.get("sure") != "yes":
        refused = Refused(_("Tick that you are sure first."), code="not_sure")
        return _refused(request, visitor, refused)
    operations.end_key(by=visitor.by, now=visitor.now)
    return lock(request)


def _home(visitor: Visitor) -> str:
    return "desk:tips" if visitor.scope.has(*TIP_PEOPLE) else "desk:handed"


def _refused(request: HttpRequest, visitor: Visitor, refused: Refused) -> HttpResponse:
    listing = tips.listing if visitor.scope.has(*TIP_PEOPLE) else handed.listing
    return listing(request, visitor, error=str(refused.message), status=refused.status)
