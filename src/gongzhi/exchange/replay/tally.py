"""What became of the messages, counted from what the API shows at the end, not from what the replay remembers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gongzhi.exchange.replay.stage import Stage
from gongzhi.exchange.replay.story import Played
from gongzhi.exchange.replay.table import table

VERDICTS = ("met", "breached", "unknown", "running")


@dataclass
class Tally:
    """The counts of a replay."""

    messages: int = 0
    sent: int = 0
    doubled: int = 0
    lost: list[int] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    agencies: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    clocks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    trouble: list[str] = field(default_factory=list)
    in_queue: int = 0
    linked: int = 0

    @property
    def whole(self) -> bool:
        """True if every message is a case, once, and nothing was refused."""
        once = self.in_queue == self.messages and not self.doubled
        return once and not self.lost and not self.trouble


def count(played: Sequence[Played], stage: Stage, at: datetime, progress: Callable[[], None]) -> Tally:
    """Follow every receipt to its case, and count what stands there."""
    tally = Tally(
        messages=len(played), sent=sum(p.sent for p in played), doubled=sum(p.doubled for p in played)
    )
    tally.in_queue = stage.dispatcher.get("queue?tab=all", at=at).body["total"]
    for each in played:
        tally.trouble += [f"row {each.row}: {words}" for words in each.trouble]
        _follow(each, stage, at, tally)
        progress()
    return tally


def _follow(played: Played, stage: Stage, at: datetime, tally: Tally) -> None:
    code, receipt = played.case_code, played.receipt_code
    public = stage.resident.get(f"cases/{code}", at=at, x_receipt_code=receipt) if code else None
    full = stage.dispatcher.get(f"cases/{code}/steps", at=at) if code else None
    if (
        public is None
        or full is None
        or (public.status, full.status) != (200, 200)
        or not public.body["is_reporter"]
    ):
        tally.lost.append(played.row)
        return
    tally.statuses[full.body["row"]["status_title"]] += 1
    tally.linked += full.body["row"]["status"] == "linked"
    for task in full.body["tasks"]:
        _count_task(task, tally)
    for clock in full.body["clocks"]:
        tally.clocks[clock["title"]][_verdict(clock)] += 1


def _count_task(task: dict[str, Any], tally: Tally) -> None:
    agency = tally.agencies[task["organisation"]]
    agency["tasks"] += 1
    agency[task["status"]] += 1
    for clock in task["clocks"]:
        verdict = _verdict(clock)
        tally.clocks[clock["title"]][verdict] += 1
        agency[f"clock_{verdict}"] += 1


def _verdict(clock: dict[str, Any]) -> str:
    return str(clock["verdict"] or ("running" if clock["stopped_at"] is None else "unknown"))


def show(tally: Tally, fired: int) -> str:
    """The tables at the end of a replay."""
    sums = [
        (_("Messages"), tally.messages),
        (_("Reports sent, with repeats"), tally.sent),
        (_("Repeats that made a second case"), tally.doubled),
        (_("Cases"), tally.in_queue),
        (_("Joined to another report"), tally.linked),
        (_("Lost"), len(tally.lost)),
        (_("Steps refused"), len(tally.trouble)),
        (_("Warnings and breaches recorded"), fired),
    ]
    agencies = [
        (name, c["tasks"], c["resolved"], c["returned"], c["assigned"] + c["started"])
        for name, c in sorted(tally.agencies.items(), key=lambda pair: (-pair[1]["tasks"], pair[0]))
    ]
    clocks = [(name, *(c[v] for v in VERDICTS)) for name, c in sorted(tally.clocks.items())]
    return "\n\n".join(
        (
            table((_("Reports"), ""), sums),
            table(
                (_("State"), _("Cases")), sorted(tally.statuses.items(), key=lambda pair: (-pair[1], pair[0]))
            ),
            table((_("Agency"), _("Tasks"), _("Done"), _("Returned"), _("Open")), agencies),
            table((_("Clock"), _("Met"), _("Breached"), _("Unknown"), _("Running")), clocks),
            *(f"! {line}" for line in tally.trouble[:10]),
        )
    )
