"""The inbox in the app: the stored notice is the delivery; open pages are told that there is something new."""

import json
from collections.abc import Collection
from datetime import datetime

from gongzhi.base.prepared import prepared
from gongzhi.notices.types import Letter, Recipient

WAKE = "gongzhi_notices"


class InApp:
    """Delivers in the transaction that writes the notice."""

    def address(self, recipient: Recipient, now: datetime) -> str:
        """The person's id."""
        return recipient.ref

    def carry(self, letter: Letter, address: str) -> None:
        """Wake the person's open pages when the transaction commits."""
        wake([address])


def wake(people: Collection[str]) -> None:
    """Tell the open pages of these people when the transaction commits: ids only."""
    if not people:
        return
    payloads = [json.dumps({"person": person}) for person in people]
    with prepared() as cursor:
        cursor.execute("SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [WAKE, payloads])
