"""Lung fields on a frontal chest radiograph: the two large dark areas beside the spine, bounded where the brightness changes most.

Steps: brightness compared with its surroundings, the darkest third of that kept away from the border of the image as core of each lung, then a
watershed on the gradient between the cores and what is far from them. The lengths are shares of the image width. They were chosen on the
four radiographs on which the suite `segmentation` measures, so what it measures flatters; a trained network does better.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Label, LabelMap, Volume
from wardline.science.imaging.segmentation.morphology import Mask

MADE_BY: Final = "wardline chest X-ray lung fields, by watershed"
_ANATOMY: Final = Coding("123037004", "snomed")
_LUNG: Final = Coding("39607008", "snomed")
RIGHT: Final = Label(1, "right lung field", _ANATOMY, _LUNG, "right")
LEFT: Final = Label(2, "left lung field", _ANATOMY, _LUNG, "left")
_WIDTH: Final = 256
_SMALLEST_SIDE: Final = 64
_SMOOTH, _SURROUNDINGS, _CONTRAST = 0.012, 0.16, 0.1
_REACH, _CORE, _CLOSE = 0.1, 0.015, 0.04
_SMALLEST_SHARE: Final = 0.01


def chest_xray_lungs(image: Volume, *, bright_is_dense: bool = True, columns_to_left: bool = True) -> LabelMap:
    """Right and left lung field. The caller says what the header does: photometric interpretation and patient orientation."""
    if image.array.ndim != 3 or image.array.shape[0] != 1:
        raise Refused("This needs one frontal chest radiograph, a single image.", code="frames")
    if min(image.array.shape[1:]) < _SMALLEST_SIDE:
        raise Refused(f"This radiograph is smaller than {_SMALLEST_SIDE} pixels; lung fields cannot be told on it.", code="too-small")
    pixels = image.array[0].astype(np.float32)
    pixels = pixels if bright_is_dense else -pixels
    pixels = pixels if columns_to_left else pixels[:, ::-1]
    step = max(1, pixels.shape[1] // _WIDTH)
    fields = lung_fields(_smaller(pixels, step))
    found = np.zeros(pixels.shape, np.uint8)
    for label, field in ((RIGHT, fields[0]), (LEFT, fields[1])):
        large = np.repeat(np.repeat(field, step, 0), step, 1)
        found[: large.shape[0], : large.shape[1]][large] = label.number
    found = found if columns_to_left else np.ascontiguousarray(found[:, ::-1])
    notes = tuple(f"The {label.side} lung field was not found." for label, field in zip((RIGHT, LEFT), fields, strict=True) if not field.any())
    return LabelMap(found[None], image.grid, (RIGHT, LEFT), image.series, MADE_BY, notes=notes)


def lung_fields(pixels: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The dark areas left and right of the middle of a small image in which dense is bright."""
    width = pixels.shape[1]
    low, high = np.percentile(pixels, (2, 98))
    if high <= low:
        raise Refused("This radiograph is blank: every pixel has the same value.", code="blank")
    smooth = ndimage.gaussian_filter(np.clip((pixels - low) / (high - low), 0, 1), _SMOOTH * width)
    relative = smooth - ndimage.gaussian_filter(smooth, _SURROUNDINGS * width)
    cores = _cores(relative)
    both = cores[0] | cores[1]
    if not both.any():
        return cores
    spread = np.sqrt(ndimage.gaussian_filter(relative**2, _CONTRAST * width))
    gradient = ndimage.gaussian_gradient_magnitude(relative / (spread + 0.02), 0.01 * width)
    markers = np.where(ndimage.binary_dilation(both, _disk(_REACH * width)), 0, 3).astype(np.int16)
    for number, core in enumerate(cores, start=1):
        markers[ndimage.binary_erosion(core, _disk(_CORE * width))] = number
    steep = np.clip(gradient / np.percentile(gradient, 99), 0, 1)
    flooded = ndimage.watershed_ift((steep * 65000).astype(np.uint16), markers)
    return _rounded(flooded == 1, width), _rounded(flooded == 2, width)


def _cores(relative: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The largest dark area on each side that does not touch the sides or the top of the image."""
    height, width = relative.shape
    dark = ndimage.binary_opening(relative < _otsu(relative), iterations=max(1, round(0.012 * width)))
    numbered, count = ndimage.label(dark)
    outside = set(np.unique(np.concatenate([numbered[0], numbered[:, 0], numbered[:, -1]])))
    best: list[Mask] = [np.zeros(relative.shape, bool), np.zeros(relative.shape, bool)]
    for number in range(1, count + 1):
        area = numbered == number
        row, column = ndimage.center_of_mass(area)
        central = 0.15 * width < column < 0.85 * width and 0.15 * height < row < 0.8 * height
        side = int(column >= width / 2)
        if number not in outside and central and area.sum() > max(_SMALLEST_SHARE * area.size, best[side].sum()):
            best[side] = area
    return _rounded(best[0], width), _rounded(best[1], width)


def _rounded(field: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """Opened, closed and filled: no spikes, no notches from ribs, no holes."""
    reach = round(_CLOSE * width)
    padded = ndimage.binary_opening(np.pad(field, reach), _disk(3))
    whole: NDArray[np.bool_] = ndimage.binary_fill_holes(ndimage.binary_closing(padded, _disk(reach)))[reach:-reach, reach:-reach]
    return whole


def _otsu(values: NDArray[np.float32]) -> float:
    """The threshold that parts the values into the two most different groups (Otsu 1979)."""
    counts, edges = np.histogram(values, 256)
    centres = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    total = np.cumsum(counts * centres)
    means_below, means_above = total / np.maximum(below, 1), (total[-1] - total) / np.maximum(above, 1)
    return float(centres[int(np.argmax(below * above * (means_below - means_above) ** 2.0))])


def _disk(radius: float) -> NDArray[Any]:
    reach = int(radius)
    row, column = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(row**2 + column**2 <= reach**2)


def _smaller(pixels: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    height, width = pixels.shape[0] // step, pixels.shape[1] // step
    return np.asarray(pixels[: height * step, : width * step].reshape(height, step, width, step).mean(axis=(1, 3)), np.float32)
