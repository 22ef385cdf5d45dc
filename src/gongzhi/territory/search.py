"""Find areas by what people type: a part of the name, pinyin, or the initials of the pinyin (pure)."""

from collections.abc import Iterator

from gongzhi.territory.atlas import Atlas
from gongzhi.territory.types import AreaPicture


def search(atlas: Atlas, text: str, limit: int) -> list[AreaPicture]:
    """The best matches first: exact, then beginning, then anywhere, then former names; larger areas before smaller."""
    wanted = "".join(text.casefold().split())
    if not wanted:
        return []
    found = [(rank, one) for one in atlas.current if (rank := _rank(atlas, one, wanted)) is not None]
    found.sort(key=lambda pair: (pair[0], pair[1].level.depth, pair[1].pinyin))
    return [one for _rank_, one in found[:limit]]


def _rank(atlas: Atlas, one: AreaPicture, wanted: str) -> int | None:
    ranks = [rank for word in _words(one) if (rank := _fit(word, wanted)) is not None]
    if ranks:
        return min(ranks)
    former = any(wanted in name.name for name in atlas.former_names.get(one.id, ()))
    return 3 if former else None


def _fit(word: str, wanted: str) -> int | None:
    if word == wanted:
        return 0
    if word.startswith(wanted):
        return 1
    # Two letters in the middle of a syllable row would match nearly everything.
    return 2 if wanted in word and (len(wanted) > 2 or not wanted.isascii()) else None


def _words(one: AreaPicture) -> Iterator[str]:
    syllables = one.pinyin.split()
    yield one.name.casefold()
    yield one.short_name.casefold()
    yield "".join(syllables)
    yield "".join(syllable[0] for syllable in syllables)
    yield one.code
