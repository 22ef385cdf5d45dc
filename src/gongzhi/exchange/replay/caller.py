"""A client that speaks to the application object in this very process, at whatever moment it says.

It calls the same WSGI application the web process serves, through every middleware, so an answer is what the public
API answers; only the hour is the replay's, set in this thread by `present.at` and by nothing a request could carry.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from gongzhi.exchange import present

Application = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Any


@contextmanager
def _own_connection() -> Iterator[None]:
    """A web process drops old connections around a request; here it is the caller's, with the transaction it holds."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class Refusal(Exception):
    """The API said no where the replay counted on a yes."""


class Caller:
    """One client; with a key it is a member of staff."""

    def __init__(self, application: Application, key: str = "") -> None:
        self.application = application
        self.key = key

    def get(self, path: str, *, at: datetime, **headers: str) -> Answer:
        """Read something at a moment."""
        return self._send("GET", path, b"", at, headers)

    def post(self, path: str, body: Mapping[str, Any], *, at: datetime, **headers: str) -> Answer:
        """Send something at a moment."""
        return self._send("POST", path, json.dumps(body).encode(), at, headers)

    def must_post(self, path: str, body: Mapping[str, Any], *, at: datetime, **headers: str) -> Any:
        """Send something that has to be taken."""
        answer = self.post(path, body, at=at, **headers)
        if answer.status not in (200, 201):
            raise Refusal(f"POST {path} {body.get('step', '')}: {answer.status} {answer.body}")
        return answer.body

    def _send(self, method: str, path: str, body: bytes, at: datetime, headers: Mapping[str, str]) -> Answer:
        environ = self._environ(method, path, body, headers)
        told: list[str] = []
        with present.at(at), _own_connection():
            parts = self.application(environ, lambda status, _headers: told.append(status))
            try:
                text = b"".join(parts)
            finally:
                getattr(parts, "close", lambda: None)()
        return Answer(int(told[0].split()[0]), json.loads(text or b"null"))

    def _environ(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        address, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"/api/v1/{address}",
            "QUERY_STRING": query,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "REMOTE_ADDR": "127.0.0.1",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        if self.key:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        setup_testing_defaults(environ)
        return environ
