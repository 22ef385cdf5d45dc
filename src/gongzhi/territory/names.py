"""How places are named: the committee taken off, the pinyin a list is sorted by (pure)."""

from functools import cache

PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

# 田村村民委员会 and 田村村委会 are both the committee of 田村, but 旧县村村委会 keeps its 村.
_ENDINGS = (
    ("村村民委员会", "村"),
    ("村村委会", "村"),
    ("居民委员会", ""),
    ("居委会", ""),
    ("村民委员会", "村"),
    ("村委会", "村"),
)


def short_name(name: str) -> str:
    """The place of a residents' or villagers' committee: 多福巷社区居委会 → 多福巷社区."""
    for ending, kept in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending) + kept
    return name


def same_place(one: str, other: str) -> bool:
    """True if two published names mean the same place, however its committee is written."""
    return short_name(one) == short_name(other)


def is_placeholder(name: str) -> bool:
    """True for the rows of the national list that are headings rather than places, such as 市辖区."""
    return name in PLACEHOLDERS


@cache
def pinyin_key(name: str) -> str:
    """The syllables of a name, `tong lu xian`, by which lists are sorted and searched."""
    # Loading the dictionary takes half a second and only writers need it.
    from pypinyin import lazy_pinyin

    return " ".join(part.strip().lower() for part in lazy_pinyin(name) if part.strip())
