"""The arithmetic of the log: published vectors, and every proof of every tree that chance thinks of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.trust import merkle

# The vectors that the reference implementations of Certificate Transparency are tested with (RFC 6962).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (entry, size): path
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (older size, newer size): path
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def subtrees(leaves: list[bytes]) -> merkle.Subtree:
    """The complete subtrees of a few leaves, worked out from all of them."""
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]

    def at(level: int, index: int) -> bytes:
        part = hashes[index << level : index + 1 << level]
        assert len(part) == 1 << level, "asked for a subtree that isn't complete"
        return merkle.fold(part)

    return at


AT = subtrees(LEAVES)


def hexes(hashes: list[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    growing = merkle.Frontier()
    for leaf in LEAVES[:size]:
        growing.add(merkle.leaf_hash(leaf))
    assert growing.root().hex() == ROOTS[size]
    assert merkle.root(size, AT).hex() == ROOTS[size]


@pytest.mark.parametrize(("entry", "size"), INCLUSION)
def test_the_published_inclusion_proofs_come_out_and_verify(entry: int, size: int) -> None:
    path = merkle.inclusion(entry, size, AT)
    assert hexes(path) == INCLUSION[entry, size]
    root = bytes.fromhex(ROOTS[size])
    assert merkle.includes(merkle.leaf_hash(LEAVES[entry]), entry, size, path, root)


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_published_consistency_proofs_come_out_and_verify(old: int, new: int) -> None:
    path = merkle.consistency(old, new, AT)
    assert hexes(path) == CONSISTENCY[old, new]
    assert merkle.extends(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), path)


def flipped(path: list[bytes], bit: int) -> list[bytes]:
    """The path with one of its bits the other way."""
    whole = bytearray(b"".join(path))
    whole[bit // 8] ^= 1 << bit % 8
    return [bytes(whole[i : i + 32]) for i in range(0, len(whole), 32)]


SIZES = st.integers(1, 70)


@given(SIZES, st.data())
def test_every_inclusion_proof_verifies_and_none_with_a_flipped_bit(size: int, data: st.DataObject) -> None:
    at = subtrees([bytes([i]) for i in range(size)])
    entry = data.draw(st.integers(0, size - 1))
    path, root, leaf = merkle.inclusion(entry, size, at), merkle.root(size, at), at(0, entry)
    assert merkle.includes(leaf, entry, size, path, root)
    assert not merkle.includes(flipped([leaf], data.draw(st.integers(0, 255)))[0], entry, size, path, root)
    assert not merkle.includes(leaf, entry, size, [*path, leaf], root)
    if path:
        bit = data.draw(st.integers(0, len(path) * 256 - 1))
        assert not merkle.includes(leaf, entry, size, flipped(path, bit), root)
        assert not merkle.includes(leaf, entry, size, path[:-1], root)
        assert not merkle.includes(leaf, (entry + 1) % size, size, path, root)


@given(SIZES, SIZES, st.data())
def test_every_consistency_proof_verifies_and_none_with_a_flipped_bit(
    one: int, other: int, data: st.DataObject
) -> None:
    old, new = sorted((one, other))
    at = subtrees([bytes([i]) for i in range(new)])
    path, before, after = merkle.consistency(old, new, at), merkle.root(old, at), merkle.root(new, at)
    assert merkle.extends(old, new, before, after, path)
    bit = data.draw(st.integers(0, 255))
    assert not merkle.extends(old, new, flipped([before], bit)[0], after, path)
    assert not merkle.extends(old, new, before, flipped([after], bit)[0], path)
    assert not merkle.extends(old, new, before, after, [*path, after])
    if path:
        bit = data.draw(st.integers(0, len(path) * 256 - 1))
        assert not merkle.extends(old, new, before, after, flipped(path, bit))


@given(SIZES, SIZES)
def test_a_frontier_picked_up_in_the_middle_grows_like_one_from_the_start(one: int, other: int) -> None:
    old, new = sorted((one, other))
    at = subtrees([bytes([i]) for i in range(new)])
    growing = merkle.Frontier(old, at)
    completed = [each for i in range(old, new) for each in growing.add(at(0, i))]
    assert growing.root() == merkle.root(new, at)
    assert all(at(level, index) == found for level, index, found in completed)


def test_a_log_never_extends_a_longer_one_and_everything_extends_nothing() -> None:
    one, eight = bytes.fromhex(ROOTS[1]), bytes.fromhex(ROOTS[8])
    assert not merkle.extends(8, 1, eight, one, [])
    assert merkle.extends(0, 8, merkle.EMPTY_ROOT, eight, [])
    assert not merkle.extends(0, 8, one, eight, [])
    with pytest.raises(ValueError):
        merkle.inclusion(8, 8, AT)
    with pytest.raises(ValueError):
        merkle.consistency(9, 8, AT)
