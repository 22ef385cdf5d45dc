"""How a record of the log looks: when, what, which case; nothing that could pass for another line, and nothing that
somebody typed.

An error's own words may be a reporter's: `invalid input: "…"`, `Failing row contains (…)`. So it is named by its kind
and its place in the code, and an address by its pattern.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from gongzhi.base.errors import Refused
from gongzhi.base.ids import clean_code, is_case_code

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
NAMES_CODE_ALONE = (AttributeError, ImportError, NameError)  # what these say is ours, never anybody's
CASE_PARAMETERS = ("code", "case_code")
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

log = logging.getLogger("gongzhi")


class Line(logging.Formatter):
    """One record, one line for a reader; a traceback follows it, indented, so that no line of it begins like a record."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """The moment in UTC, as ISO 8601."""
        return moment(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, with control characters written out."""
        told = " ".join(f"{name}={value}" for name, value in fields(record).items())
        record.message = f"{message(record)} {told}".rstrip()
        return CONTROL.sub(lambda found: ascii(found[0])[1:-1], super().formatMessage(record))

    def formatException(self, ei: ExcInfo) -> str:
        """The traceback without the error's own words, every line of it indented."""
        return "\n".join(f"    {line}" for line in trace(ei[1]))


class Json(logging.Formatter):
    """One record, one object on one line, for a machine that collects them."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, where from, what, then the fields of this record."""
        told: dict[str, Any] = {
            "time": moment(record),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": message(record),
            **fields(record),
        }
        if record.exc_info and record.exc_info[1]:
            told["trace"] = list(trace(record.exc_info[1]))
        return json.dumps(told, ensure_ascii=False, default=str)


def moment(record: logging.LogRecord) -> str:
    """When, in UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def message(record: logging.LogRecord) -> str:
    """What happened; what Django says of a request repeats the address as it was typed, so that is left to the fields."""
    return "request" if hasattr(record, "request") else record.getMessage()


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What the record is about: the case, the step, the request."""
    request = getattr(record, "request", None)
    return {**(_of_request(request, record) if request else {}), **getattr(record, "fields", {})}


def _of_request(request: Any, record: logging.LogRecord) -> dict[str, Any]:
    match = getattr(request, "resolver_match", None)
    told = {"method": getattr(request, "method", ""), "route": f"/{match.route}" if match else "unknown"}
    if hasattr(record, "status_code"):
        told["status"] = record.status_code
    code = _case_code(match.kwargs if match else {})
    return {**told, "case": code} if code else told


def _case_code(parameters: Mapping[str, Any]) -> str:
    """The code in an address; what is none may be anything that somebody typed."""
    typed = [clean_code(str(parameters.get(name, ""))) for name in CASE_PARAMETERS]
    return next(filter(is_case_code, typed), "")


def trace(error: BaseException | None) -> Iterator[str]:
    """Where an error comes from and what kind it is, the first of its causes first."""
    if error is None:
        return
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from trace(earlier)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} {frame.name}: {frame.line}"
    yield _kind(error)


def _kind(error: BaseException) -> str:
    said = [f"{type(error).__module__}.{type(error).__qualname__}"]
    said += [str(error)] if isinstance(error, NAMES_CODE_ALONE) else []
    said += [error.strerror or ""] if isinstance(error, OSError) else []
    diagnosis = getattr(error, "diag", None)  # of PostgreSQL: its sentences hold values, these don't
    said += [getattr(diagnosis, name, None) or "" for name in ("sqlstate", "table_name", "constraint_name")]
    said += [error.code] if isinstance(error, Refused) else []
    return " ".join(filter(None, said))


def catch_the_rest() -> None:
    """An error nobody caught ends in the log like any other, not in Python's own words."""
    sys.excepthook = _last
    threading.excepthook = lambda told: _last(told.exc_type, told.exc_value, told.exc_traceback)


def _last(kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
    if error is not None:
        log.critical("stopped by an error", exc_info=(kind, error, at))
