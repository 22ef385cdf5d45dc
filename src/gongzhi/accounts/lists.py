"""A list of people as a CSV file: read whole, every wrong line named with its reason, nothing written."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongzhi.accounts import directory, words
from gongzhi.accounts.types import NewPerson
from gongzhi.base.errors import Refused

LARGEST = 5_000_000  # bytes; a county's whole staff has far less
COLUMNS = {  # how a column may be called → what it is
    "username": "username",
    "登录名": "username",
    "用户名": "username",
    "display_name": "display_name",
    "name": "display_name",
    "姓名": "display_name",
    "email": "email",
    "邮箱": "email",
    "expires_on": "expires_on",
    "有效期至": "expires_on",
}
REQUIRED = ("username", "display_name")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line."""

    line: int
    reason: str

    def __str__(self) -> str:
        return _("line %(line)s: %(reason)s") % {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class PeopleList:
    """The people of a file and what is wrong with it; good only without any problem."""

    people: tuple[NewPerson, ...]
    problems: tuple[Problem, ...]


def read(data: bytes) -> PeopleList:
    """Read and check a file against itself and against the accounts there are."""
    people: dict[int, NewPerson] = {}
    problems: list[Problem] = []
    try:
        for line, record in _records(_text(data)):
            try:
                people[line] = _person(record)
            except Refused as refusal:
                problems.append(Problem(line, str(refusal)))
    except _Unreadable as bad:
        problems.append(Problem(bad.line, bad.reason))
    problems += _doubles(people)
    return PeopleList(tuple(people.values()), tuple(sorted(problems, key=lambda problem: problem.line)))


class _Unreadable(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def _text(data: bytes) -> str:
    """Chinese spreadsheets save CSV as GB 18030, everything else as UTF-8."""
    if len(data) > LARGEST:
        raise _Unreadable(1, _("the file is larger than 5 MB."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _Unreadable(1, _("this is not a text file; save the list as CSV."))


def _records(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [COLUMNS.get(name.strip().lower(), "") for name in next(reader, [])]
        _check_header(columns)
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) != len(columns):
                    sizes = {"found": len(row), "wanted": len(columns)}
                    raise _Unreadable(
                        reader.line_num,
                        _("there are %(found)s values, and the header has %(wanted)s.") % sizes,
                    )
                yield reader.line_num, dict(zip(columns, (cell.strip() for cell in row), strict=True))
    except csv.Error as error:
        raise _Unreadable(reader.line_num, _("this line is not CSV: %s.") % error) from error


def _check_header(columns: list[str]) -> None:
    known = [name for name in columns if name]
    if any(name not in known for name in REQUIRED):
        raise _Unreadable(
            1, _("the first line must name the columns username (登录名) and display_name (姓名).")
        )
    if len(set(known)) < len(known):
        raise _Unreadable(1, _("two columns have the same name."))


def _person(record: Mapping[str, str]) -> NewPerson:
    return NewPerson(
        username=words.username(record["username"]),
        display_name=words.name(record["display_name"], field="display_name", limit=40),
        email=words.email(record.get("email", "")),
        expires_on=_day(record.get("expires_on", "")),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise Refused(_("A date is written like 2027-12-31."), code="date", field="expires_on") from error


def _doubles(people: Mapping[int, NewPerson]) -> Iterator[Problem]:
    known = directory.taken(person.username for person in people.values())
    seen: dict[str, int] = {}
    for line, person in people.items():
        name = person.username
        if name in known:
            yield Problem(line, _("The user name %(name)s is taken.") % {"name": name})
        elif name in seen:
            said = _("the user name %(name)s is already in line %(line)s.")
            yield Problem(line, said % {"name": name, "line": seen[name]})
        seen.setdefault(name, line)
