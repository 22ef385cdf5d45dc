"""The arithmetic of an ever-growing log after RFC 6962 and RFC 9162: roots, proofs, and checking them. No database.

A tree is described by its complete subtrees: `at(level, index)` is the hash of the 2**level leaves from
index * 2**level on. Whoever can tell those can prove anything about the log.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

Subtree = Callable[[int, int], bytes]
Completed = tuple[int, int, bytes]  # level, index, hash

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of neighbours."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


class Frontier:
    """The right edge of a growing tree: all it takes to add leaves and to tell the root."""

    def __init__(self, size: int = 0, at: Subtree | None = None) -> None:
        self.size = size
        self._edge = [at(level, index) for level, index in _edge(size)] if at else []

    def add(self, leaf: bytes) -> list[Completed]:
        """Add a leaf hash; returns every subtree above it that this leaf completes."""
        index, level = self.size, 0
        self.size += 1
        completed = []
        while index & 1:
            leaf = node_hash(self._edge.pop(), leaf)
            index >>= 1
            level += 1
            completed.append((level, index, leaf))
        self._edge.append(leaf)
        return completed

    def root(self) -> bytes:
        """The root as it is now."""
        return _joined(self._edge)


def root(size: int, at: Subtree) -> bytes:
    """The root of the first `size` leaves."""
    return _over(0, size, at) if size else EMPTY_ROOT


def inclusion(index: int, size: int, at: Subtree) -> list[bytes]:
    """The proof that leaf `index` is among the first `size`: its neighbours, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not in a log of {size}")
    return _path(index, 0, size, at)


def consistency(old: int, new: int, at: Subtree) -> list[bytes]:
    """The proof that the first `new` leaves begin with the first `old`."""
    if not 0 < old <= new:
        raise ValueError(f"a log of {new} can't extend one of {old}")
    return _subproof(old, 0, new, at, whole=True)


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from a leaf hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(neighbour, found)
            here, last = _up_to_a_left_turn(here, last)
        else:
            found = node_hash(found, neighbour)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if not 0 < old < new:
        return False
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    return bool(steps) and _climb(old - 1, new - 1, steps) == (old_root, new_root)


def _climb(here: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that a consistency proof leads to; None when it has the wrong length."""
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = steps[0]
    for neighbour in steps[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            older, newer = node_hash(neighbour, older), node_hash(neighbour, newer)
            here, last = _up_to_a_left_turn(here, last)
        else:
            newer = node_hash(newer, neighbour)
        here, last = here >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _up_to_a_left_turn(here: int, last: int) -> tuple[int, int]:
    while not here & 1 and here:
        here, last = here >> 1, last >> 1
    return here, last


def _edge(size: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees that `size` leaves fall into, from the left: level and index."""
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def _joined(edge: Iterable[bytes]) -> bytes:
    parts = list(edge)
    if not parts:
        return EMPTY_ROOT
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def _over(start: int, end: int, at: Subtree) -> bytes:
    """The hash over a range that begins where a subtree may begin."""
    return _joined(at(level, index + (start >> level)) for level, index in _edge(end - start))


def _split(start: int, end: int) -> int:
    """Where the left subtree of a range ends: at the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _path(index: int, start: int, end: int, at: Subtree) -> list[bytes]:
    if end - start == 1:
        return []
    middle = _split(start, end)
    if index < middle:
        return [*_path(index, start, middle, at), _over(middle, end, at)]
    return [*_path(index, middle, end, at), _over(start, middle, at)]


def _subproof(old: int, start: int, end: int, at: Subtree, *, whole: bool) -> list[bytes]:
    if old == end:
        return [] if whole else [_over(start, end, at)]
    middle = _split(start, end)
    if old <= middle:
        return [*_subproof(old, start, middle, at, whole=whole), _over(middle, end, at)]
    return [*_subproof(old, middle, end, at, whole=False), _over(start, middle, at)]
