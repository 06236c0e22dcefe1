"""A small piece of a volume round a lesion: measuring fifty lesions must not read a whole body fifty times."""

from dataclasses import replace
from typing import Final

from wardline.core.imaging import Vector, Volume

Box = tuple[slice, slice, slice]

MARGIN_MM: Final = 20.0
"""More than the peak's sphere (6.2 mm) and the gradient's derivatives (12 mm) look at."""


def cut_round(volume: Volume, box: tuple[slice, ...], margin_mm: float = MARGIN_MM) -> tuple[Volume, Box]:
    """The piece round a box of indices, in its place in the patient, and the indices it holds. It ends where the images end."""
    reach = [int(margin_mm / step) + 2 for step in volume.grid.spacing]
    s, r, c = (slice(max(0, each.start - more), min(each.stop + more, size)) for each, more, size in zip(box, reach, volume.grid.shape, strict=True))
    shape = (s.stop - s.start, r.stop - r.start, c.stop - c.start)
    grid = replace(volume.grid, shape=shape, origin=volume.grid.position((float(s.start), float(r.start), float(c.start))))
    return replace(volume, array=volume.array[s, r, c], grid=grid, slices=volume.slices[s], headers=volume.headers[s]), (s, r, c)


def box_at(volume: Volume, position: Vector, radius_mm: float) -> Box | None:
    """The indices within a distance of a place; None when that lies outside the images."""
    ranges = []
    for middle, step, size in zip(volume.grid.index(position), volume.grid.spacing, volume.grid.shape, strict=True):
        low, high = max(0, int(middle - radius_mm / step)), min(size, int(middle + radius_mm / step) + 2)
        if low >= high or middle + radius_mm / step < 0:
            return None
        ranges.append(slice(low, high))
    s, r, c = ranges
    return s, r, c
