"""People who report and dispatchers who accept, over HTTP, and who send the same again until they are answered."""

import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

PLACE = {"lon": 119.685, "lat": 29.795, "crs": "WGS84"}
ANSWERED_LATER = (500, 502, 503, 504)  # what a door may say while something behind it is away
GIVE_UP_AFTER = 120.0


@dataclass
class Load:
    """A few threads at the doors of a cell, and what they were promised."""

    port: int
    key: str
    receipts: dict[str, dict[str, str]] = field(default_factory=dict)  # by client id
    accepted: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    tries: dict[int, int] = field(
        default_factory=dict
    )  # how often each status was met; 0 is no answer at all
    ending: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, reporters: int = 4) -> None:
        """Start the threads."""
        for number in range(reporters):
            self.threads.append(threading.Thread(target=self._told, args=(self._report_on, number)))
        self.threads.append(threading.Thread(target=self._told, args=(self._accept_on, 0)))
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Let every thread finish what it has begun: nobody goes home without an answer."""
        self.ending.set()
        for thread in self.threads:
            thread.join(GIVE_UP_AFTER + 30)
        assert not any(thread.is_alive() for thread in self.threads)

    def _told(self, work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except Exception as error:
            self.wrong.append(repr(error))

    def _report_on(self, number: int) -> None:
        for count in itertools.count():
            if self.ending.is_set():
                return
            self._report(_words(number, count), impatient=count % 3 == 0)
            time.sleep(0.2)  # so that there is time to prove the whole ledger after each kill

    def _report(self, said: dict[str, Any], *, impatient: bool) -> None:
        """Every third one is sent by two at once, as by a phone that did not hear the answer."""
        other = threading.Thread(target=self._told, args=(lambda _n: self._once(said), 0))
        if impatient:
            other.start()
        self._once(said)
        if impatient:
            other.join()

    def _once(self, said: dict[str, Any]) -> None:
        status, body = self._until_answered("/api/v1/reports", said, good=(200, 201))
        first = self.receipts.setdefault(said["client_id"], body)
        if first != body:
            self.wrong.append(f"the same report was answered with {status} {body} after {first}")

    def _accept_on(self, number: int) -> None:
        """Every second case is accepted; the others are left to their clocks."""
        for receipt in self._cases():
            code = receipt["case_code"]
            path, said = f"/api/v1/cases/{code}/steps", {"step": "accept"}
            # An answer that was lost on its way: the second try is told that it was accepted already.
            self._until_answered(path, said, good=(201, 409, 422))
            self.accepted.add(code)

    def _cases(self) -> Iterator[dict[str, str]]:
        seen = 0
        while not self.ending.is_set():
            found = list(self.receipts.values())[seen:]
            seen += len(found)
            yield from found[::2]
            time.sleep(0.1)

    def _until_answered(self, path: str, said: dict[str, Any], good: tuple[int, ...]) -> tuple[int, Any]:
        until = time.monotonic() + GIVE_UP_AFTER
        while time.monotonic() < until:
            status, body = self._post(path, said)
            self.tries[status] = self.tries.get(status, 0) + 1
            if status in good:
                return status, json.loads(body)
            if status and status not in ANSWERED_LATER:
                raise AssertionError(f"{path} answered {status}: {body[:300]!r}")
            time.sleep(0.2)
        raise AssertionError(f"{path} had no answer for {GIVE_UP_AFTER:.0f} s")

    def _post(self, path: str, said: dict[str, Any]) -> tuple[int, bytes]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        try:
            line.request("POST", path, json.dumps(said), headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            line.close()


def _words(number: int, count: int) -> dict[str, Any]:
    return {
        "client_id": str(uuid.uuid4()),
        "kind": None,
        "text": f"路灯不亮 {number}-{count}",
        "location": PLACE,
        "contact": f"r{number}-{count}@example.org",
    }
