"""The inbox in the app: the stored notice is the delivery; open pages are told that there is something new."""

import json
from datetime import datetime

from django.db import connection

from gongzhi.notices.types import Letter, Recipient

WAKE = "gongzhi_notices"


class InApp:
    """Delivers in the transaction that writes the notice."""

    def address(self, recipient: Recipient, now: datetime) -> str:
        """The person's id."""
        return recipient.ref

    def carry(self, letter: Letter, address: str) -> None:
        """Wake the person's open pages when the transaction commits: ids only."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [WAKE, json.dumps({"person": address})])
