"""The master keys in the keys folder: numbered, the highest is in use, an old one stays until nothing needs it.

`master.key` is the first, `master-2.key` the second, and so on. `derivation.key` is apart from them and is never
changed: receipt codes and digests are derived from it and must come out the same for ever.
"""

import re
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from gongzhi.base.keeping import keep
from gongzhi.trust.suites import KEY_BYTES

FIRST = 1
_LATER = re.compile(r"master-([2-9]|[1-9][0-9]+)\.key")


class KeyMissing(Exception):
    """A master key that sealed values need is not in the keys folder."""


def current() -> int:
    """The number of the master key that wraps new keys."""
    return max(numbers(), default=FIRST)


def numbers() -> list[int]:
    """The numbers of all master keys in the folder."""
    folder = Path(settings.GONGZHI_KEYS)
    later = [int(m[1]) for path in folder.glob("master-*.key") if (m := _LATER.fullmatch(path.name))]
    first = [FIRST] if (folder / "master.key").exists() else []
    return sorted(first + later)


def master_key(number: int) -> bytes:
    """One master key; the first is made at its first use."""
    path = path_of(number)
    if number == FIRST and not path.exists() and not numbers():
        derivation_key()  # before the first master key: so that later it is known not to be its copy
        keep(path, secrets.token_hex(KEY_BYTES))
    return _read(path)


def add() -> int:
    """Make the next master key and return its number."""
    master_key(current())  # the first of all, if there is none yet
    derivation_key()  # from now on the first master key may go
    number = current() + 1
    keep(path_of(number), secrets.token_hex(KEY_BYTES))
    return number


def derivation_key() -> bytes:
    """The key that digests are derived from. A cell older than this file derived them from its first master key."""
    first = path_of(FIRST)
    path = first.with_name("derivation.key")
    if not path.exists():
        keep(path, first.read_text(encoding="utf-8") if first.exists() else secrets.token_hex(KEY_BYTES))
    return _read(path)


def path_of(number: int) -> Path:
    """Where a master key lies."""
    return Path(settings.GONGZHI_KEYS) / ("master.key" if number == FIRST else f"master-{number}.key")


@lru_cache(maxsize=16)
def _read(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.read_text(encoding="utf-8").strip())
    except FileNotFoundError as error:
        raise KeyMissing(f"{path.name} is not in the keys folder: put it back from its backup") from error
