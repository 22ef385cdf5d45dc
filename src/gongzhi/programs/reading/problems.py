"""What is wrong in a program file, where, and what would be right."""

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongzhi.programs.reading.marked import Node


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right, in words for whoever wrote the file."""

    file: str
    line: int
    message: str
    code: str

    def __str__(self) -> str:
        where = {"file": self.file, "line": self.line, "message": self.message}
        if not self.line:  # a folder, or a file that isn't there
            return _("%(file)s: %(message)s") % where
        return _("%(file)s line %(line)d: %(message)s") % where


class Problems:
    """The notebook of one check: everything found is written down and reading goes on."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(self, node: Node, code: str, message: str) -> None:
        self._found[Problem(node.file, node.line, message, code)] = None

    def add_at(self, file: str, line: int, code: str, message: str) -> None:
        self._found[Problem(file, line, message, code)] = None

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)


def listed(words: Mapping[str, str | Promise] | Collection[str]) -> str:
    """The allowed words with what they mean: `秒 seconds、分钟 minutes`."""
    comma = pgettext("between items of a list", ", ")
    if isinstance(words, Mapping):
        return comma.join(f"{title} {word}" for word, title in words.items())
    return comma.join(words)


def meant(word: str, known: Collection[str]) -> str:
    """A sentence that offers the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return _(" Did you mean “%s”?") % near[0] if near else ""
