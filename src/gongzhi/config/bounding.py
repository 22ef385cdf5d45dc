"""Every request runs within the bounds of whoever signed in, a stranger's within none, and leaves nothing behind."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from gongzhi.accounts import queries as accounts
from gongzhi.accounts.types import Scope
from gongzhi.base.bounds import NOTHING, bounded

Answer = Callable[[HttpRequest], HttpResponseBase]


class Bounded:
    """The one place where a person's scope becomes what the database lets a request reach.

    An answer that is streamed is written after this has ended: it has to read its rows before.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scope = _scope_of(request)
        request.scope = scope  # type: ignore[attr-defined]  # for whoever greets the visitor
        with bounded(scope.bounds if scope else NOTHING):
            return self.get_response(request)


def _scope_of(request: HttpRequest) -> Scope | None:
    person_id = request.user.pk
    return accounts.scope_of(person_id, timezone.localdate()) if person_id else None
