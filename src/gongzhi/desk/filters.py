"""The queue's filters live in the address: read them from it, write them back to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import QueryDict

from gongzhi.cases.queries import QueueFilters

TABS = ("mine", "late", "open", "to_verify", "all")
PERIODS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
KEPT = ("tab", "q", "kind", "status", "area", "since", "after")
LONGEST_SEARCH = 60
LONGEST_PLACE = 80


@dataclass(frozen=True, slots=True)
class Address:
    """The filters as the queue understands them, and as the address writes them."""

    filters: QueueFilters
    since: str
    words: Mapping[str, str]

    def query(self, **changes: str | int) -> str:
        """The query string with some filters changed; an empty value takes a filter away."""
        query = QueryDict(mutable=True)
        for key, value in {**self.words, **changes}.items():
            if value not in ("", None):
                query[key] = str(value)
        return query.urlencode()

    @property
    def narrowed(self) -> bool:
        """True when something besides the tab narrows the list."""
        return any(self.words.get(key) for key in ("q", "kind", "status", "area", "since"))


def read(query: QueryDict, now: datetime) -> Address:
    """The filters an address asks for; what makes no sense is left out."""
    words = {key: value for key in KEPT if (value := str(query.get(key, "")).replace("\x00", "").strip())}
    since = words.get("since", "")
    filters = QueueFilters(
        tab=words["tab"] if words.get("tab") in TABS else "mine",
        text=words.get("q", "")[:LONGEST_SEARCH],
        kind=words.get("kind", ""),
        status=words.get("status", ""),
        area=as_uuid(words.get("area", "")),
        since=now - PERIODS[since] if since in PERIODS else None,
        after=words.get("after", "")[:LONGEST_PLACE],
    )
    return Address(filters, since if since in PERIODS else "", words)


def as_uuid(text: str) -> UUID | None:
    """The id in a text, or None if it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def as_page(text: str) -> int:
    """A page number from 1 on."""
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
