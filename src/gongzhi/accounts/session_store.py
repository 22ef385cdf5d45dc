"""Django's sessions in the database, sealed: a row is found, and opened, only with the browser's own cookie.

The row is named by a digest of the cookie, and what stands in it (a resident's receipt codes, what staff have unlocked)
is sealed under a key made of the cookie and of a key outside the database. Who copies the table reads nothing and signs
in as nobody.
"""

import base64
import binascii
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from gongzhi.trust import crypto

NAME_BYTES = 20  # the column holds forty characters


class SessionStore(db.SessionStore):
    """Named in `SESSION_ENGINE`."""

    def load(self) -> dict[str, Any]:
        """What stands in the session of this cookie; an empty one if there is none or it doesn't open."""
        row = self._get_session_from_db()
        return self.decode(_opened(row.session_data, self.session_key or "")) if row else {}

    def exists(self, session_key: str) -> bool:
        """Whether a cookie has a session."""
        return Session.objects.filter(session_key=_name(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is to be stored."""
        cookie = self._get_or_create_session_key()  # type: ignore[attr-defined]  # missing in the stubs
        sealed = crypto.seal_under(cookie.encode(), self.encode(data).encode(), _name(cookie))
        return Session(
            session_key=_name(cookie),
            session_data=base64.b64encode(sealed).decode(),
            expire_date=self.get_expiry_date(),
        )

    def delete(self, session_key: str | None = None) -> None:
        """Forget a session."""
        cookie = session_key or self.session_key
        if cookie:
            Session.objects.filter(session_key=_name(cookie)).delete()

    def _get_session_from_db(self) -> Session | None:
        cookie = self.session_key or ""
        row = Session.objects.filter(session_key=_name(cookie), expire_date__gt=timezone.now()).first()
        if row is None:
            self._session_key = None
        return row


def _name(cookie: str) -> str:
    return crypto.keyed_digest("session name", cookie.encode())[:NAME_BYTES].hex()


def _opened(stored: str, cookie: str) -> str:
    try:
        sealed = base64.b64decode(stored, validate=True)
        return crypto.open_under(cookie.encode(), sealed, _name(cookie)).decode()
    except (InvalidTag, ValueError, KeyError, IndexError, binascii.Error):
        return ""
