"""Errors a user can read: each carries a translatable sentence and what kind of refusal it is."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The request was understood and is not allowed; `message` says why and what to do instead."""

    status = 422

    def __init__(self, message: Any, *, code: str = "refused", field: str = "", **params: Any) -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code
        self.field = field
        self.params: Mapping[str, Any] = params


class NotAllowed(Refused):
    """The person may not do this, or may not know that it exists."""

    status = 403


class NotFound(Refused):
    """There is no such thing for this person."""

    status = 404


class Conflict(Refused):
    """The same id was used before with other content, or somebody else changed it first."""

    status = 409
