"""A backup on disk: a folder with the database, the sealed files, and a list of digests that `sha256sum -c` reads.

`backup.json` is written last and holds the digest of that list: a folder without it is no backup.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongzhi.config.environment import EnvironmentProblem
from gongzhi.config.words import gettext as _

FORMAT = 1
DATABASE, CLUSTER, FILES, KEYS = "database.dump", "base.tar.gz", "files", "keys"
DIGESTS, LABEL = "SHA256SUMS", "backup.json"
PIECE = 1024 * 1024


@dataclass(slots=True)
class Archive:
    """One folder; what is put in is on the disk before the next thing is."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Archive":
        """A new one, in a folder that is empty or not there yet."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise EnvironmentProblem(_("{folder} is not empty: name a new folder.").format(folder=folder))
        folder.chmod(0o700)
        return cls(folder)

    @classmethod
    def found(cls, folder: Path) -> "Archive":
        """A finished one whose every byte is as it was written."""
        archive = cls(folder)
        if not (folder / LABEL).is_file():
            raise EnvironmentProblem(
                _("{folder} holds no finished backup: backup.json is missing.").format(folder=folder)
            )
        if archive.label()["format"] != FORMAT:
            raise EnvironmentProblem(_("This backup was made by a newer Gongzhi: use that version."))
        wrong = archive.changed()
        if wrong:
            words = _("The backup was changed or is incomplete: {names}")
            raise EnvironmentProblem(words.format(names=", ".join(wrong[:5])))
        return archive

    def path(self, *parts: str) -> Path:
        """Where a thing lies, or will."""
        return self.folder.joinpath(*parts)

    def put(self, name: str, data: bytes) -> None:
        """Write one file and see it to the disk."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def finish(self, label: dict[str, Any]) -> None:
        """Write the digests, then the label that makes it a backup."""
        lines = [f"{_digest(self.folder / name)}  {name}\n" for name in sorted(self._names())]
        self.put(DIGESTS, "".join(lines).encode())
        whole = {"format": FORMAT, **label, "digest": _digest(self.folder / DIGESTS)}
        self.put(LABEL, (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode())

    def label(self) -> dict[str, Any]:
        """What the backup says of itself."""
        said: dict[str, Any] = json.loads(self.path(LABEL).read_text(encoding="utf-8"))
        return said

    def changed(self) -> list[str]:
        """What is not as it was written: changed, missing or slipped in; the list itself first."""
        if not self.path(DIGESTS).is_file() or _digest(self.path(DIGESTS)) != self.label()["digest"]:
            return [DIGESTS]
        listed = dict(self._listed())
        lost = [name for name in listed if not (self.folder / name).is_file()]
        wrong = [name for name in listed if name not in lost and _digest(self.folder / name) != listed[name]]
        return sorted([*lost, *wrong, *(self._names() - set(listed))])

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The sealed files by their addresses."""
        for path in sorted(self.path(FILES).glob("??/*")):
            yield path.name, path.read_bytes()

    def _listed(self) -> Iterator[tuple[str, str]]:
        for line in self.path(DIGESTS).read_text(encoding="utf-8").splitlines():
            digest, _gap, name = line.partition("  ")
            yield name, digest

    def _names(self) -> set[str]:
        found = {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}
        return found - {DIGESTS, LABEL}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
