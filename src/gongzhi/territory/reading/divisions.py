"""The national list of divisions, read for one county or one city, checked line by line."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gongzhi.base.errors import Refused
from gongzhi.territory.codes import DIGITS, FULL, level_of, padded, parent_code, parent_level
from gongzhi.territory.reading.tables import Progress, Record, Table, Where
from gongzhi.territory.types import Level
from gongzhi.territory.words import level_word

FILES = {
    "provinces": Level.PROVINCE,
    "cities": Level.CITY,
    "areas": Level.COUNTY,
    "streets": Level.TOWNSHIP,
    "villages": Level.COMMUNITY,
}
PARENT_COLUMNS = ("provinceCode", "cityCode", "areaCode", "streetCode")
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division as listed: its padded code, its name, its level."""

    code: str
    name: str
    level: Level
    where: Where

    @property
    def key(self) -> tuple[Level, str]:
        return self.level, self.code

    @property
    def parent_key(self) -> tuple[Level, str] | None:
        above, code = parent_level(self.level), parent_code(self.code, self.level)
        return (above, code) if above and code else None


@dataclass(frozen=True, slots=True)
class DivisionList:
    """The part of a list that belongs to one county or city, from the province down."""

    root: DivisionRow
    rows: tuple[DivisionRow, ...]


def read_divisions(
    folder_or_files: Path | Sequence[Path], county_code: str, progress: Progress | None = None
) -> DivisionList:
    """The divisions of a county (six digits) or a city (four), with the province and city above them."""
    wanted, level = asked_for(county_code)
    rows = {row.key: row for row in _rows(_files(folder_or_files), wanted, progress)}
    root = rows.get((level, padded(wanted)))
    if root is None:
        raise Refused(
            _("The list has no division %s.") % wanted, code="unknown_division", field="county_code"
        )
    _refuse_orphans(rows)
    return DivisionList(root, tuple(sorted(rows.values(), key=lambda row: (row.level.depth, row.code))))


def asked_for(county_code: str) -> tuple[str, Level]:
    """The significant digits and the level of the county or city a command was given."""
    code = county_code.strip()
    if code.isascii() and code.isdecimal() and len(code) in (4, 6, FULL):
        level = level_of(code)
        if level in (Level.CITY, Level.COUNTY):
            return code[: DIGITS[level]], level
    raise Refused(
        _("%s is not a county code: give the six digits of a county or the four of a city.") % county_code,
        code="bad_division_code",
        field="county_code",
    )


def checked_code(record: Record, level: Level) -> str:
    """The padded code of a record, refused when its digits can't be a code of its level."""
    code, digits = record["code"], DIGITS[level]
    is_number = code.isascii() and code.isdecimal()
    if is_number and (len(code) == digits or (len(code) == FULL and not code[digits:].strip("0"))):
        return padded(code)
    reason = _("%(code)s is not the code of a %(level)s: it should have %(digits)s digits.")
    return record.where.refuse(reason % {"code": code or "''", "level": level_word(level), "digits": digits})


def checked_name(record: Record, column: str) -> str:
    """The name in a column, refused when it is empty, endless or not printable."""
    name = record[column]
    if not name:
        record.where.refuse(_("the name is empty."))
    if len(name) > LONGEST_NAME:
        record.where.refuse(_("the name is longer than %s characters.") % LONGEST_NAME)
    if any(unicodedata.category(character) == "Cc" for character in name):
        record.where.refuse(_("the name holds a control character."))
    return name


def _files(folder_or_files: Path | Sequence[Path]) -> list[Path]:
    if isinstance(folder_or_files, Path):
        if not folder_or_files.is_dir():
            return [folder_or_files]
        return [_in_folder(folder_or_files, stem) for stem in FILES]
    return [Path(file) for file in folder_or_files]


def _in_folder(folder: Path, stem: str) -> Path:
    for ending in (".csv", ".csv.gz"):
        if (folder / f"{stem}{ending}").exists():
            return folder / f"{stem}{ending}"
    raise Refused(
        _("The folder %(folder)s has no file %(file)s.") % {"folder": folder.name, "file": f"{stem}.csv"},
        code="missing_file",
    )


def _rows(files: list[Path], wanted: str, progress: Progress | None) -> Iterator[DivisionRow]:
    total = sum(file.stat().st_size for file in files if file.exists())
    before = 0
    for file in files:
        start = before
        report = (lambda done, start=start: progress(start + done, total)) if progress else None
        yield from _rows_of(Table(file, required=("code", "name"), progress=report), wanted)
        before += file.stat().st_size
        if progress:
            progress(before, total)


def _rows_of(table: Table, wanted: str) -> Iterator[DivisionRow]:
    """The wanted rows; the codes of all others are checked too, for a bad one may be ours."""
    level_of_file = FILES.get(table.path.name.split(".")[0])
    seen: dict[tuple[Level, str], int] = {}
    for record in table:
        level = level_of_file or _level_by_digits(record)
        code = checked_code(record, level)
        if (level, code) in seen:
            reason = _("the code %(code)s is already in line %(line)s.")
            record.where.refuse(reason % {"code": record["code"], "line": seen[level, code]})
        seen[level, code] = record.line
        if _belongs(code[: DIGITS[level]], wanted):
            _refuse_contradiction(record, code)
            yield DivisionRow(code, checked_name(record, "name"), level, record.where)


def _refuse_contradiction(record: Record, code: str) -> None:
    for column in PARENT_COLUMNS:
        above = record.get(column)
        if above and not code.startswith(above):
            reason = _("the code %(code)s does not lie under %(column)s %(above)s.")
            record.where.refuse(reason % {"code": record["code"], "column": column, "above": above})


def _level_by_digits(record: Record) -> Level:
    try:
        return level_of(record["code"])
    except ValueError:
        reason = _("%s has the wrong number of digits for a division code (2, 4, 6, 9 or 12).")
        return record.where.refuse(reason % (record["code"] or "''"))


def _belongs(code: str, wanted: str) -> bool:
    """The division itself, those under it and those above it."""
    return code.startswith(wanted) or wanted.startswith(code)


def _refuse_orphans(rows: dict[tuple[Level, str], DivisionRow]) -> None:
    for row in rows.values():
        above = row.parent_key
        if above and above not in rows:
            reason = _("%(name)s (%(code)s) has no parent: the list has no %(level)s %(above)s.")
            words = {"name": row.name, "code": row.code, "level": level_word(above[0])}
            row.where.refuse(reason % {**words, "above": above[1][: DIGITS[above[0]]]})
