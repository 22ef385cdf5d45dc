"""Which page of a list an address asks for, and the address of its neighbours."""

from django.http import HttpRequest

LAST = 100_000


def page_number(request: HttpRequest) -> int:
    """The number in the address, 1 if there is none that makes sense."""
    text = request.GET.get("page", "")
    return min(int(text), LAST) if text.isascii() and text.isdecimal() and len(text) < 7 and int(text) else 1
