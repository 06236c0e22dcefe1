"""Which voxels touch: directions in a slice and in space, and grey levels laid out so that a neighbour is one addition away."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np

Direction = tuple[int, int, int]
IN_SPACE: Final[tuple[Direction, ...]] = tuple((s, r, c) for s, r, c in product((-1, 0, 1), repeat=3) if (s, r, c) > (0, 0, 0))
"""13 of the 26: the others are the same backwards."""
IN_SLICE: Final[tuple[Direction, ...]] = tuple(each for each in IN_SPACE if each[0] == 0)
LARGEST_STACK: Final = 8_000_000
"""Numbers in the matrices of several slices that are kept at once: 64 MB."""


class Levels(NamedTuple):
    """Grey levels with a border of 0 all around, flat; 0 is outside the region."""

    flat: Any
    """uint16."""
    inside: Any
    """Where a level is, in order."""
    shape: tuple[int, int, int]
    """With the border."""
    number: int
    """How many grey levels there are."""

    @property
    def plane(self) -> int:
        return self.shape[1] * self.shape[2]

    def offsets(self, directions: tuple[Direction, ...]) -> Any:
        return np.array([(s * self.shape[1] + r) * self.shape[2] + c for s, r, c in directions], np.int64)

    def slices_together(self, numbers_per_slice: int) -> Iterator["Levels"]:
        """The slices in bundles whose matrices fit into memory, each with its border; slices without a voxel are left out."""
        cube = self.flat.reshape(self.shape)
        filled = [number for number in range(1, self.shape[0] - 1) if cube[number].any()]
        bundle = max(1, LARGEST_STACK // max(1, numbers_per_slice))
        empty = np.zeros((1, *self.shape[1:]), np.uint16)
        for begin in range(0, len(filled), bundle):
            some = np.concatenate((empty, cube[filled[begin : begin + bundle]], empty))
            yield Levels(some.ravel(), np.flatnonzero(some), some.shape, self.number)


def laid_out(counted: Any, levels: Any, number: int) -> Levels:
    """Of the voxels that count and the level of each, in their order."""
    there = np.pad(counted, 1)
    cube = np.zeros(there.size, np.uint16)
    inside = np.flatnonzero(there)
    cube[inside] = levels
    return Levels(cube, inside, there.shape, number)
