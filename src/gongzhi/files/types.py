"""What other parts may hold of a kept photo."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class PhotoSize(StrEnum):
    """Which copy of a photo: the two clean ones for daily work, or the sealed original."""

    THUMBNAIL = "thumbnail"
    FULL = "full"
    ORIGINAL = "original"


class PhotoState(StrEnum):
    KEPT = "kept"
    ERASED = "erased"


class Readable(Protocol):
    """An upload, read in pieces."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class PhotoPicture:
    """A photo without its pixels; width and height are those of the clean copy."""

    id: uuid.UUID
    width: int
    height: int
    state: PhotoState
    uploaded_at: datetime
    subject: str
