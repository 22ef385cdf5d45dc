"""Where the house's own source is, for the tests of the house's rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "gongzhi"

# From the bottom up; a part may know only the parts before it. Faces are siblings.
PARTS = ("base", "trust", "files", "territory", "accounts", "notices", "programs", "cases", "tips")
FACES = ("portal", "desk", "field", "exchange", "administration")


def python_files() -> Iterator[Path]:
    """Every Python file we wrote; migrations are written by Django."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def templates() -> list[Path]:
    return sorted(PACKAGE.glob("*/templates/**/*.html"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))
