"""A plain table for a terminal; a Chinese character is two columns wide."""

import unicodedata
from collections.abc import Sequence
from typing import Any


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns in line, the first to the left and the figures to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "  ".join(_fit(cell, widths[i], left=i == 0) for i, cell in enumerate(row)).rstrip() for row in cells
    ]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]])


def width(text: str) -> int:
    """How many columns a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fit(text: str, wanted: int, *, left: bool) -> str:
    room = " " * (wanted - width(text))
    return text + room if left else room + text
