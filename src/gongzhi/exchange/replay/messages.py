"""`gongzhi replay messages FILE`: every message becomes a report, simulated staff handle it, nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gongzhi.exchange.replay import cell
from gongzhi.exchange.replay.reading import FIRST_MONDAY, Message, read_messages

SEED = 20260302
MADE_AT = FIRST_MONDAY - timedelta(days=7)


def run(
    file: Path,
    *,
    limit: int | None = None,
    keep: Path | None = None,
    seed: int = SEED,
    say: Callable[[str], None] = print,
) -> int:
    """Replay a file in a cell of its own; 0 if every message came round whole and the ledger is clean."""
    messages = read_messages(file, seed, limit)
    with cell.throwaway(keep, MADE_AT):
        return 0 if replay(messages, seed, say) else 1


def replay(messages: list[Message], seed: int, say: Callable[[str], None]) -> bool:
    """Replay messages in the cell Django is connected to; true if nothing was lost and the ledger is clean."""
    from gongzhi.exchange.replay import stage, tally
    from gongzhi.exchange.replay.ending import verified
    from gongzhi.exchange.replay.story import Story
    from gongzhi.exchange.replay.ticking import Ticker, play

    players, ticker = stage.set_up(MADE_AT), Ticker()
    stories = [Story(message, players, seed) for message in messages]
    with tqdm(total=len(stories), desc="replay", unit="case", disable=None) as bar:
        play(stories, ticker, lambda: _advance(bar))
    end = max((story.now for story in stories), default=MADE_AT) + timedelta(minutes=1)
    ticker.reach(end)
    with tqdm(total=len(stories), desc="count", unit="case", disable=None) as bar:
        counted = tally.count([story.played for story in stories], players, end, lambda: _advance(bar))
    say(tally.show(counted, ticker.fired))
    return verified(say) and counted.whole


def _advance(bar: Any) -> None:
    bar.update(1)
