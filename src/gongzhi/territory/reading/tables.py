"""A CSV file, plain or gzipped, read row by row; whatever is wrong with it is said with file and line."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused

Progress = Callable[[int, int], None]  # bytes read, bytes in all
_ROWS_BETWEEN_REPORTS = 20_000


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a file, for the person who has to mend it."""

    file: str
    line: int

    def refuse(self, reason: str) -> NoReturn:
        """Stop here and say what is wrong in this line."""
        message = _("%(file)s, line %(line)s: %(reason)s") % {
            "file": self.file,
            "line": self.line,
            "reason": reason,
        }
        raise Refused(message, code="bad_file", file=self.file, line=self.line)


class Record:
    """One row; the national list has 660,000, so nothing is taken apart before it is asked for."""

    __slots__ = ("_columns", "_file", "_row", "line")

    def __init__(self, file: str, line: int, columns: Mapping[str, int], row: list[str]) -> None:
        self._file, self.line, self._columns, self._row = file, line, columns, row

    def __getitem__(self, column: str) -> str:
        return self._row[self._columns[column]].strip()

    def get(self, column: str) -> str:
        """The value of a column the file need not have."""
        return self[column] if column in self._columns else ""

    @property
    def columns(self) -> list[str]:
        return list(self._columns)

    @property
    def where(self) -> Where:
        return Where(self._file, self.line)


class Table:
    """A file with a header; iterate it for its records."""

    def __init__(
        self, path: Path, *, required: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> None:
        self.path = path
        self.required = required
        self.progress = progress

    def __iter__(self) -> Iterator[Record]:
        try:
            with self.path.open("rb") as raw:
                yield from self._records(raw)
        except UnicodeDecodeError:
            self._where(_first_bad_line(self.path)).refuse(
                _("this is not UTF-8 text; save the file as UTF-8.")
            )
        except (EOFError, gzip.BadGzipFile, zlib.error):
            self._where(0).refuse(_("the gzip file is damaged or cut short."))
        except OSError as error:
            self._where(0).refuse(_("the file can't be read: %s.") % error.strerror)

    def _records(self, raw: BinaryIO) -> Iterator[Record]:
        text = io.TextIOWrapper(_unpacked(self.path, raw), encoding="utf-8-sig", newline="")
        reader = csv.reader(text, strict=True)
        try:
            columns = self._columns(next(reader, []))
            for count, row in enumerate(reader, start=1):
                if len(row) == len(columns):
                    yield Record(self.path.name, reader.line_num, columns, row)
                elif row:
                    self._refuse_width(reader.line_num, len(row), len(columns))
                if self.progress and count % _ROWS_BETWEEN_REPORTS == 0:
                    self.progress(raw.tell())
        except csv.Error as error:
            self._where(reader.line_num).refuse(_("this line is not CSV: %s.") % error)

    def _columns(self, header: list[str]) -> dict[str, int]:
        columns = {column.strip(): number for number, column in enumerate(header)}
        missing = [column for column in self.required if column not in columns]
        if missing:
            reason = _("the column %(missing)s is missing; found: %(found)s.")
            self._where(1).refuse(
                reason % {"missing": ", ".join(missing), "found": ", ".join(columns) or "—"}
            )
        if len(columns) < len(header):
            self._where(1).refuse(_("two columns have the same name."))
        return columns

    def _refuse_width(self, line: int, found: int, wanted: int) -> None:
        reason = _("there are %(found)s values, and the header has %(wanted)s.")
        self._where(line).refuse(reason % {"found": found, "wanted": wanted})

    def _where(self, line: int) -> Where:
        return Where(self.path.name, line)


def _unpacked(path: Path, raw: BinaryIO) -> BinaryIO:
    return gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw  # type: ignore[return-value]


def _first_bad_line(path: Path) -> int:
    with path.open("rb") as raw:
        for number, line in enumerate(_unpacked(path, raw), start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1
