"""Every text of the interface, read out of Python and templates without GNU gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from tests.repository.source import PACKAGE, part_of, python_files, templates, tree

# How many leading arguments are a context, and how many after it are msgids.
SHAPES = {"gettext": (0, 1), "ngettext": (0, 2), "pgettext": (1, 1), "npgettext": (1, 2)}
CALL = re.compile(r"\b(n?p?gettext|_)\(")
Msgid = tuple[str | None, str]  # context, text


def of_part(part: str) -> set[Msgid]:
    """The msgids of one part's Python and templates."""
    found: set[Msgid] = set()
    for path in python_files():
        if part_of(path) == part:
            found |= set(_in_tree(tree(path), _names(tree(path))))
    for path in templates():
        if part_of(path) == part:
            found |= set(_in_template(path))
    return found


def parts_with_words() -> list[str]:
    return sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__")


def _names(module: ast.Module) -> dict[str, str]:
    """What the file calls gettext and its relatives: `from … import gettext_lazy as _`."""
    return {
        alias.asname or alias.name: _plain(alias.name)
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if _plain(alias.name) in SHAPES
    }


def _plain(name: str) -> str:
    return name.removesuffix("_lazy").removesuffix("_noop")


def _in_tree(module: ast.AST, names: dict[str, str]) -> Iterator[Msgid]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            contexts, texts = SHAPES[names[node.func.id]]
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            context = words[0] if contexts and words else None
            # The singular alone is the key of a plural entry.
            yield from ((context, text) for text in words[contexts : contexts + min(texts, 1)])


def _in_template(path: Path) -> Iterator[Msgid]:
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in CALL.finditer(source):
        call = _call_at(source, match.start())
        yield from _in_tree(call, {**{name: name for name in SHAPES}, "_": "gettext"})


def _call_at(source: str, start: int) -> ast.AST:
    """The shortest piece from here on that is a whole call; templatize leaves gibberish around it."""
    for end in (match.end() for match in re.finditer(r"\)", source[start:])):
        piece = re.sub(r",\s*count\)$", ", 0)", source[start : start + end].lstrip())
        try:
            return ast.parse(piece, mode="eval")
        except SyntaxError:
            continue
    raise SyntaxError(f"no call in {source[start : start + 80]!r}")
