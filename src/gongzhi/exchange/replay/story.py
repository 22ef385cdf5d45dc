"""What becomes of one message: a report, and the people who work on it, each step after a human while.

A story is a generator that yields how long until its next step; everything it does goes through the API. Chances and
delays come from the message's row number and the seed, so the same replay is the same every time.
"""

import random
import uuid
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from gongzhi.exchange.replay.caller import Caller, Refusal
from gongzhi.exchange.replay.reading import Message
from gongzhi.exchange.replay.stage import Stage
from gongzhi.programs import queries as programs

NAMESPACE = uuid.UUID("6f0c3f8e-3c1b-5d2a-9a4e-1f6f0e5b7a11")
SAME_MATTER = 60  # of 100: a dispatcher joins a report of the same kind that is this similar
Pause = timedelta


@dataclass
class Played:
    """What a story did, for the table at the end."""

    row: int
    case_code: str = ""
    receipt_code: str = ""
    sent: int = 0
    doubled: bool = False
    linked: bool = False
    declined: bool = False
    returned: int = 0
    reopened: bool = False
    trouble: list[str] = field(default_factory=list)


class Story:
    """One message on its way round."""

    def __init__(self, message: Message, stage: Stage, seed: int) -> None:
        self.message, self.stage = message, stage
        self.draw = random.Random(f"{seed}:{message.row}")  # noqa: S311 - the same every time
        self.now = message.at
        self.played = Played(message.row)
        self.tasks: list[str] = []
        self.agencies: list[str] = []
        self.had: set[str] = set()  # agencies that had it once

    def play(self) -> Iterator[Pause]:
        """From the report to the end, one step after another."""
        self.report()
        yield self.while_of(15, 150)
        if (yield from self.intake()):
            yield from self.handling()
            yield from self.ending()

    # The resident.

    def report(self) -> None:
        """Send the report; one in fifty is sent again at once, as a phone does that heard no answer."""
        client_id = uuid.uuid5(NAMESPACE, str(self.message.row))
        body = {
            "client_id": str(client_id),
            "kind": None,
            "text": self.message.text,
            "location": self.stage.place(self.message.row),
            "place_text": None,
            "contact": None,
        }
        receipt = self.post(self.stage.resident, "reports", body)
        self.played.case_code, self.played.receipt_code = receipt["case_code"], receipt["receipt_code"]
        self.played.sent = 1
        if self.chance(2):
            again = self.stage.resident.post("reports", body, at=self.now)
            self.played.sent += 1
            self.played.doubled = again.status != 200 or again.body != receipt
        if self.message.rest:
            self.reporter("information", text=self.message.rest)

    def reporter(self, what: str, **body: Any) -> None:
        """Something only the holder of the receipt may do."""
        receipt = self.played.receipt_code
        self.post(self.stage.resident, f"cases/{self.played.case_code}/{what}", body, x_receipt_code=receipt)

    # The centre.

    def intake(self) -> Generator[Pause, None, bool]:
        """Accept with the kind the words suggest, or join to an earlier report, or name the right door."""
        kind = programs.suggest_kind(self.message.text, self.now.astimezone(UTC).date())
        earlier = self.same_matter(str(kind.title)) if kind else ""
        if earlier:
            self.step(self.stage.dispatcher, "link", to=earlier)
            self.played.linked = True
            return False
        if self.chance(3):
            self.step(self.stage.dispatcher, "decline", door="petition_office", ground="请到信访窗口办理。")
            self.played.declined = True
            return False
        self.step(self.stage.dispatcher, "accept", kind=kind.key if kind else "")
        yield self.while_of(10, 240)
        self.assign()
        return True

    def same_matter(self, kind: str) -> str:
        """An earlier report of the same kind close by, which a dispatcher takes for the same matter; "" if none."""
        seen = self.look()
        if seen["row"]["linked_count"]:  # another report was joined to this one meanwhile
            return ""
        alike = [s["code"] for s in seen["similar"] if s["score"] >= SAME_MATTER and s["title"] == kind]
        return alike[0] if alike else ""

    def assign(self, *, step: str = "assign", other: bool = False, **more: Any) -> None:
        """To the agency the catalogue names; after a return to another one, since nobody knows better yet."""
        suggestion = self.look()["suggestion"]
        lead, supporting = self.fallback(), []
        if suggestion and not other:
            lead, supporting = (
                suggestion["lead_id"],
                [agency for agency, _name in [*suggestion["must_support"], *suggestion["supporting"]]],
            )
        body = {"lead": lead, "supporting": [agency for agency in supporting if agency != lead], **more}
        self.agencies = [lead, *body["supporting"]]
        self.had.update(self.agencies)
        self.tasks = self.step(self.stage.dispatcher, step, **body)["tasks"]

    def fallback(self) -> str:
        """Some agency that has not had it yet, chosen by the row: a first receiver who leads."""
        others = [agency for agency in self.stage.handlers if agency not in self.had]
        return others[self.message.row % len(others)]

    # The agencies.

    def handling(self) -> Iterator[Pause]:
        """Perhaps “not ours”, once or twice; then the work, by the lead and by those who support."""
        while self.played.returned < 2 and self.chance(6 if not self.played.returned else 40):
            yield from self.hand_back()
        yield self.while_of(30, 420)
        yield from self.work()

    def hand_back(self) -> Iterator[Pause]:
        """Return with a ground; the centre assigns anew, or rules after the second time."""
        yield self.while_of(60, 1800)
        self.by_agency(0, "return", ground="不在我们的责任清单里。")
        self.played.returned += 1
        yield self.while_of(60, 900)
        if self.played.returned == 2:
            self.assign(step="rule", other=True, ground="按责任清单，由你单位牵头。")
        else:
            self.assign(other=True)

    def work(self) -> Iterator[Pause]:
        """Arrive, start, tell the reporter, finish; who supports does the same in short."""
        self.see_who_is_on_it()
        if self.chance(50):
            self.by_agency(0, "arrive")
            yield self.while_of(20, 300)
        self.by_agency(0, "start")
        for index in range(1, len(self.tasks)):
            yield self.while_of(60, 1200)
            self.by_agency(index, "start")
        yield self.while_of(120, 1500)
        if self.chance(75):
            self.by_agency(0, "feed_back", reply="已到现场，正在处理。")
        yield self.while_of(1800, 3 * 86400)
        for index in range(len(self.tasks)):
            self.by_agency(index, "resolve", note="已处理。")

    # The check, and the last word.

    def ending(self) -> Iterator[Pause]:
        """Checked by somebody else, closed, and the reporter's verdict, which may open it again."""
        yield from self.check_and_close()
        yield self.while_of(600, 2 * 86400)
        if not self.chance(30):
            return
        solved = not self.chance(15)
        self.reporter("verdict", solved=solved, why="" if solved else "还是老样子。")
        if not solved:
            self.played.reopened = True
            yield self.while_of(60, 1800)
            self.assign()
            yield from self.work()
            yield from self.check_and_close()

    def check_and_close(self) -> Iterator[Pause]:
        """A re-inspection; one in fifteen finds it not done."""
        yield self.while_of(600, 86400)
        if self.chance(7):
            self.step(self.stage.verifier, "verify", passed=False, note="还没有到位，请再处理。")
            yield self.while_of(3600, 86400)
            self.finish_again()
            yield self.while_of(600, 86400)
        self.step(self.stage.verifier, "verify", passed=True)
        yield self.while_of(60, 3600)
        self.step(self.stage.dispatcher, "close", outcome="fixed", reply="已办结，请您评价。")

    def finish_again(self) -> None:
        """Every agency whose task the re-inspection opened again says that it is done."""
        self.see_who_is_on_it()
        for index in range(len(self.tasks)):
            self.by_agency(index, "resolve", note="已再次处理。")

    def see_who_is_on_it(self) -> None:
        """The open tasks, the lead's first: after a return those who support are still on it."""
        still_open = [task for task in self.look()["tasks"] if task["ended_at"] is None]
        still_open.sort(key=lambda task: (task["role"] != "lead", task["organisation"]))
        self.tasks = [task["id"] for task in still_open]
        self.agencies = [task["organisation_id"] for task in still_open]

    # How anything is done.

    def by_agency(self, index: int, step: str, **fields: Any) -> None:
        """A step on the task of the lead (0) or of a supporting agency."""
        self.step(self.stage.handlers[self.agencies[index]], step, task=self.tasks[index], **fields)

    def step(self, by: Caller, step: str, **fields: Any) -> Any:
        """A step of the loop on this case."""
        return self.post(by, f"cases/{self.played.case_code}/steps", {"step": step, **fields})

    def look(self) -> Any:
        """The case as the dispatcher sees it."""
        answer = self.stage.dispatcher.get(f"cases/{self.played.case_code}/steps", at=self.now)
        if answer.status != 200:
            raise Refusal(f"GET {self.played.case_code}: {answer.status} {answer.body}")
        return answer.body

    def post(self, by: Caller, path: str, body: dict[str, Any], **headers: str) -> Any:
        """Send, and count on a yes."""
        return by.must_post(path, body, at=self.now, **headers)

    def chance(self, percent: int) -> bool:
        """Whether something with this likelihood happens now."""
        return self.draw.random() * 100 < percent

    def while_of(self, least: int, most: int) -> Pause:
        """A human while, in seconds; short ones are likelier than long ones."""
        return timedelta(seconds=round(least + (most - least) * self.draw.random() ** 3))

    def reached(self, now: datetime) -> None:
        """The simulated clock has come to the story's next step."""
        self.now = now
