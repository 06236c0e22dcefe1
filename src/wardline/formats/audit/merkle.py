"""A tree of hashes over all entries (RFC 6962, section 2): one hash stands for the whole trail, and short proofs show what is in it."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

EMPTY: Final = hashlib.sha256().digest()
_NODE = b"\x01"
_LENGTH: Final = 32


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


class Frontier:
    """The right edge of a growing tree: enough to add leaves and to say its root; a few hashes however large the trail."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    def add(self, leaf: bytes, leaves: int = 1) -> None:
        """A leaf, or the root of a whole subtree of `leaves` (a power of two that divides the size so far)."""
        place = self.size // leaves
        while place & 1:
            leaf = node(self.peaks.pop(), leaf)
            place >>= 1
        self.peaks.append(leaf)
        self.size += leaves

    @property
    def root(self) -> bytes:
        return root_of_peaks(self.peaks)

    def packed(self) -> bytes:
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Frontier":
        return cls(size, (packed[at : at + _LENGTH] for at in range(0, len(packed), _LENGTH)))


def root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node(peak, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root as section 2.1 defines it, leaf by leaf."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    return node(root_of(leaves[:half]), root_of(leaves[half:]))


def inclusion(place: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The audit path of one leaf (2.1.1)."""
    if len(leaves) <= 1:
        return []
    half = _split(len(leaves))
    if place < half:
        return [*inclusion(place, leaves[:half]), root_of(leaves[half:])]
    return [*inclusion(place - half, leaves[half:]), root_of(leaves[:half])]


def is_included(leaf: bytes, place: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf stands at this place of the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= place < size:
        return False
    first, last, found = place, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = node(step, found)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            found = node(found, step)
        first, last = first >> 1, last >> 1
    return last == 0 and found == root


def consistency(old: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that the tree of the first `old` leaves is the beginning of this one (2.1.2)."""
    return _grown(old, leaves, is_whole=True) if 0 < old < len(leaves) else []


def _grown(old: int, leaves: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    half = _split(len(leaves))
    if old <= half:
        return [*_grown(old, leaves[:half], is_whole=is_whole), root_of(leaves[half:])]
    return [*_grown(old - half, leaves[half:], is_whole=False), root_of(leaves[:half])]


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree with the new root begins with the one with the old root (RFC 9162, 2.1.4.2)."""
    if old == 0 or old >= new:
        return not proof and (old == 0 or (old == new and old_root == new_root))
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            before, after = node(step, before), node(step, after)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            after = node(after, step)
        first, last = first >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _split(size: int) -> int:
    """The largest power of two smaller than the size."""
    return 1 << ((size - 1).bit_length() - 1)
