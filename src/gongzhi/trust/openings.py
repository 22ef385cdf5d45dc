"""Opening a commitment to the one who wrote the words: salt and value, so that they can compute it themselves."""

import uuid

from gongzhi.trust import queries
from gongzhi.trust.models import Content


def opening(content: uuid.UUID) -> tuple[bytes, bytes] | None:
    """The salt and the value behind a commitment; None once erased."""
    salt = Content.objects.filter(id=content).values_list("salt", flat=True).first()
    value = queries.open_content(content)
    return (bytes(salt), value) if salt is not None and value is not None else None
