"""How a line of the log looks: the time with its offset, and nothing of a request that could pass for another line."""

import logging
import re
from datetime import UTC, datetime

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class Line(logging.Formatter):
    """One record, one line; a traceback follows it, indented, so that no line of it begins like a record."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """The moment in UTC, as ISO 8601."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, with control characters written out."""
        return CONTROL.sub(lambda found: ascii(found[0])[1:-1], super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        """The traceback, every line of it indented: an error's own words may hold line breaks."""
        return "\n".join(f"    {line}" for line in super().formatException(ei).splitlines())  # type: ignore[arg-type]
