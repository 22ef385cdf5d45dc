"""What every page knows about the cell it belongs to."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from gongzhi.base.errors import NotFound
from gongzhi.territory import queries as territory

SENIOR_COOKIE = "senior"


def site(request: HttpRequest) -> dict[str, Any]:
    """The cell's name, where its live stream is, and how this visitor likes to read."""
    return {
        "cell_name": cell_name(),
        "stream_url": stream_url(request),
        "senior": bool(request.COOKIES.get(SENIOR_COOKIE)),
        "language": get_language(),
        "tiles_url": settings.GONGZHI_TILES_URL,
        "tiles_attribution": settings.GONGZHI_TILES_ATTRIBUTION,
    }


def cell_name() -> str:
    """The name of the county or city this cell serves; empty before its divisions are imported."""
    try:
        return territory.root().name
    except NotFound:
        return ""


def stream_url(request: HttpRequest) -> str:
    """The address of the stream: the one set, else the same host at the stream's port."""
    if settings.GONGZHI_STREAM_URL:
        return str(settings.GONGZHI_STREAM_URL)
    host = urlsplit(f"//{request.get_host()}").hostname or "127.0.0.1"
    return f"{request.scheme}://{f'[{host}]' if ':' in host else host}:{settings.GONGZHI_STREAM_PORT}"
