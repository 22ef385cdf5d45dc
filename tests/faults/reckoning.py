"""After the storm: what the database holds against what was promised."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg

from gongzhi.base import postgres

CASES = "SELECT code, count(*) FROM cases_caserecord WHERE client_id = ANY(%s::uuid[]) GROUP BY code"
GAPS = """SELECT c.code, array_agg(s.seq ORDER BY s.seq) FROM cases_casestep s JOIN cases_caserecord c ON c.id = s.case_id
    GROUP BY c.code HAVING min(s.seq) <> 1 OR max(s.seq) <> count(*)"""
ACCEPTED = """SELECT c.code FROM cases_caserecord c JOIN cases_casestep s ON s.case_id = c.id AND s.kind = 'accepted'
    WHERE c.code = ANY(%s) GROUP BY c.code HAVING count(*) = 1"""
# A clock that ran out has said so once in the ledger, and each warning stands there once.
DUE = "SELECT count(*) FROM cases_caseclock WHERE next_at < now() - interval '2 seconds'"
FIRED = """SELECT c.code, k.name, k.breach_recorded, k.warned,
        count(s.id) FILTER (WHERE s.kind = 'clock_breached'), count(s.id) FILTER (WHERE s.kind = 'clock_warned'),
        k.due_at < coalesce(k.stopped_at, now() - interval '5 seconds'), k.due_at <= coalesce(k.stopped_at, now())
    FROM cases_caseclock k JOIN cases_caserecord c ON c.id = k.case_id
    LEFT JOIN cases_casestep s ON s.case_id = k.case_id AND s.kind IN ('clock_breached', 'clock_warned')
        AND s.data->>'clock' = k.name AND (s.data->>'round')::int = k.round
        AND s.data->>'task' = coalesce(k.task_id::text, '')
    WHERE c.client_id = ANY(%s::uuid[]) GROUP BY c.code, k.id"""
OPEN = "SELECT count(*) FROM notices_delivery WHERE channel = 'email' AND state <> 'sent'"
TOLD = """SELECT c.code, d.id::text FROM cases_caserecord c
    JOIN notices_notice n ON n.subject = 'case:' || c.id AND n.template = 'case_accepted_to_reporter'
    JOIN notices_delivery d ON d.notice_id = n.id AND d.channel = 'email' WHERE c.code = ANY(%s)"""


class Reckoning:
    """Questions to the database of a cell, asked past every policy."""

    def __init__(self, folder: Path) -> None:
        server = postgres.Server(folder, folder / "keys")
        self.line = psycopg.connect(server.url(postgres.SUPERUSER), autocommit=True)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.line.execute(statement, values).fetchall()

    def number(self, statement: str) -> int:
        return int(self.rows(statement)[0][0])

    def wait_until_none(self, statement: str, seconds: float) -> int:
        """Wait until nothing is left; how many are left when patience ends."""
        until = time.monotonic() + seconds
        while (left := self.number(statement)) and time.monotonic() < until:
            time.sleep(0.5)
        return left

    def lost_or_doubled(self, receipts: dict[str, dict[str, str]]) -> set[str]:
        """Codes promised and not there, and codes there that nobody was promised."""
        found = {code for code, _count in self.rows(CASES, list(receipts))}
        return found ^ {receipt["case_code"] for receipt in receipts.values()}

    def not_accepted_once(self, codes: Iterable[str]) -> set[str]:
        wanted = set(codes)
        return wanted - {row[0] for row in self.rows(ACCEPTED, list(wanted))}

    def clocks_gone_wrong(self, clients: Iterable[str]) -> tuple[list[tuple[Any, ...]], int, int]:
        """Clocks whose steps are not what their row says, or that ran out in silence; then breaches and warnings."""
        rows = self.rows(FIRED, list(clients))
        wrong = [
            row
            for row in rows
            for _code, _name, breached, warned, breaches, warnings, long_over, over in [row]
            if breaches != int(breached)
            or warnings != warned
            or (long_over and not breached)
            or breached > over
        ]
        return wrong, sum(r[4] for r in rows), sum(r[5] for r in rows)

    def let_time_pass(self) -> None:
        """For letters whose job died with its worker: they are taken up again after minutes, which are over now."""
        self.line.execute(
            "UPDATE notices_delivery SET next_attempt_at = next_attempt_at - interval '1 hour' WHERE state IN ('waiting', 'failed')"
        )

    def letters(self, codes: Iterable[str]) -> list[tuple[str, str]]:
        """The delivery of each “we have it in hand”: its id is the key that makes a second copy harmless."""
        return [(str(code), str(delivery)) for code, delivery in self.rows(TOLD, list(codes))]
