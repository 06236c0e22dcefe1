"""How well two outlines of the same thing agree: shared volume (Dice) and how far apart their surfaces lie.

Distances are computed on the box around both outlines only, which gives the same numbers as on the whole image in a fraction of the time.
Conventions differ between programs, so ours is said here: a surface is the voxels of an outline that have a face-neighbour outside it (or
lie on the border of the image); HD95 is the larger of the two directed 95th percentiles; the average symmetric surface distance (ASSD) is the
mean over all surface voxels of both outlines. Definitions as in Maier-Hein et al., Metrics reloaded, Nat Methods 2024 (from memory, not
read again here).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.imaging import Vector


class Distances(NamedTuple):
    """All in mm."""

    hausdorff_mm: float
    hd95_mm: float
    assd_mm: float


def dice(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Twice the shared volume over the sum of both; 1 where both are empty, because then they agree."""
    a, b = a.astype(bool), b.astype(bool)
    together = int(np.count_nonzero(a)) + int(np.count_nonzero(b))
    return 2 * int(np.count_nonzero(a & b)) / together if together else 1.0


def distances(a: NDArray[Any], b: NDArray[Any], spacing: Vector) -> Distances | None:
    """How far apart the surfaces of two outlines lie; None where one of them is empty: there is no distance to nothing."""
    if not (a.any() and b.any()):
        return None
    box = _box(a, b)
    a, b = a[box].astype(bool), b[box].astype(bool)
    on_a, on_b = surface(a), surface(b)
    to_b = ndimage.distance_transform_edt(~on_b, spacing)[on_a]
    to_a = ndimage.distance_transform_edt(~on_a, spacing)[on_b]
    return Distances(
        float(max(to_a.max(), to_b.max())),
        float(max(np.percentile(to_a, 95), np.percentile(to_b, 95))),
        float((to_a.sum() + to_b.sum()) / (to_a.size + to_b.size)),
    )


def surface(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Voxels of an outline that have a face-neighbour outside it."""
    inner: NDArray[np.bool_] = mask & ~ndimage.binary_erosion(mask)
    return inner


def _box(a: NDArray[Any], b: NDArray[Any]) -> tuple[slice, ...]:
    cuts = []
    for axis in range(a.ndim):
        others = tuple(each for each in range(a.ndim) if each != axis)
        used = np.flatnonzero(a.any(axis=others) | b.any(axis=others))
        cuts.append(slice(int(used[0]), int(used[-1]) + 1))
    return tuple(cuts)
