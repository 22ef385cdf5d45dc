"""The storage interface, and the local folder behind it. It keeps sealed bytes and can't read them."""

import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings

ADDRESS = re.compile(r"[0-9a-f]{64}")


class Missing(Exception):
    """There is nothing at this address."""


class Storage(Protocol):
    """Where sealed bytes lie, by address. Putting the same address again, or removing twice, does no harm."""

    def put(self, address: str, data: bytes) -> None:
        """Keep the bytes; when this returns they survive a power cut."""

    def get(self, address: str) -> bytes:
        """The bytes, or `Missing`."""

    def remove(self, address: str) -> None:
        """Forget the bytes."""

    def listing(self) -> Iterator[tuple[str, datetime]]:
        """Every address with the time it was put."""


class LocalFolder:
    """Files under one folder, spread over 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, address: str, data: bytes) -> None:
        path = self._path(address)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(fresh).replace(path)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
        _sync(path.parent)

    def get(self, address: str) -> bytes:
        try:
            return self._path(address).read_bytes()
        except FileNotFoundError as error:
            raise Missing(address) from error

    def remove(self, address: str) -> None:
        path = self._path(address)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync(path.parent)

    def listing(self) -> Iterator[tuple[str, datetime]]:
        for path in self.folder.glob("??/*"):
            if ADDRESS.fullmatch(path.name):
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, address: str) -> Path:
        if not ADDRESS.fullmatch(address):
            raise ValueError(f"not an address: {address!r}")
        return self.folder / address[:2] / address


def current() -> Storage:
    """The storage of this cell."""
    return LocalFolder(Path(settings.GONGZHI_DATA) / "files")


def _sync(folder: Path) -> None:
    """A renamed file is only safe once its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
