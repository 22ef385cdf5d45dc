"""Where a request comes from: used to slow guessing down, never stored."""

import ipaddress
from collections.abc import Iterable

from django.http import HttpRequest

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOOPBACK = ("127.0.0.1", "::1")
ONE_HOUSEHOLD = 64  # bits of an IPv6 address that one customer gets: the rest is theirs to vary


def address_of(request: HttpRequest) -> str:
    """The caller's address; a proxy on this machine tells it as the last one it saw."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return _network(told if told and direct in LOOPBACK else direct)


def limit_for(request: HttpRequest, limit: int, free: Iterable[Network]) -> int:
    """The limit that holds for this caller: 0, which is none, for one who speaks for many, such as a hotline's desk."""
    try:
        caller = ipaddress.ip_address(address_of(request))
    except ValueError:
        return limit
    return 0 if any(caller in network for network in free) else limit


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((parsed, ONE_HOUSEHOLD), strict=False).network_address)
