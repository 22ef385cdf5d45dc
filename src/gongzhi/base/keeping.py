"""Secrets made once and kept in a file of their own, apart from the database."""

import os
import tempfile
from pathlib import Path


def keep(path: Path, text: str) -> str:
    """The text kept in a file only we can read; written the first time, read ever after."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        try:
            os.link(new.name, path)  # the first of several starters wins
        except FileExistsError:
            pass
        finally:
            os.unlink(new.name)
    return path.read_text(encoding="utf-8").strip()
