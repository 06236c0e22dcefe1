"""Noise, signal, sharpness and clipping of a picture, from its numbers alone."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Numbers: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

_DIFFERENCE: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
"""Difference of two Laplacians: blind to planes and slow changes (Immerkaer, Computer Vision and Image Understanding 64, 1996; not read)."""
_GAIN: Final = 6.0
"""White noise of standard deviation s leaves that filter with 6 s: the root of the sum of its squared weights."""
_MAD: Final = 0.67448975
"""Median absolute value of a standard normal variable."""
LEAST_PIXELS: Final = 200


def noise(picture: Numbers, where: Mask | None = None) -> float | None:
    """Standard deviation of uncorrelated noise, in the picture's unit; edges hardly count (median). Reconstructed images have correlated
    noise, of which this sees only the part that changes from pixel to pixel. None where fewer than 200 pixels can be looked at."""
    filtered = np.abs(ndimage.convolve(picture.astype(np.float32), _DIFFERENCE, mode="nearest"))[1:-1, 1:-1]
    seen = filtered if where is None else filtered[ndimage.binary_erosion(where, iterations=2)[1:-1, 1:-1]]
    return float(np.median(seen) / (_GAIN * _MAD)) if seen.size >= LEAST_PIXELS else None


def foreground(picture: Numbers) -> Mask:
    """What is bright against its surroundings: above the threshold that parts the histogram best (Otsu, IEEE SMC 9, 1979; not read)."""
    low, high = float(picture.min()), float(picture.max())
    if high <= low:
        return np.zeros(picture.shape, bool)
    counts, edges = np.histogram(picture, 256, (low, high))
    middles = (edges[:-1] + edges[1:]) / 2
    below, above = np.cumsum(counts), counts.sum() - np.cumsum(counts)
    sums = np.cumsum(counts * middles)
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    best: Mask = picture > middles[int(np.nanargmax(between))]
    return best


def signal_to_noise(picture: Numbers) -> float | None:
    """Mean of what is bright over the noise; None where either cannot be told."""
    bright = foreground(picture)
    spread = noise(picture)
    if spread is None or spread <= 0 or bright.sum() < LEAST_PIXELS:
        return None
    return float(picture[bright].mean() / spread)


def clipped(picture: NDArray[np.number]) -> float:
    """Share of pixels that stand at the largest stored number, where that is a plateau: a detector or a window that could count no further."""
    top = picture.max()
    if top == picture.min():
        return 0.0
    at_top: Mask = picture == top
    plateau = ndimage.binary_opening(at_top, np.ones((3, 3), bool))
    return float(plateau.mean())


def sharpness(picture: Numbers) -> float | None:
    """Width of the steepest edges in pixels: their height over their slope; a clean edge has about 1 to 2, a blurred one more.

    None where the picture has no edge that stands out of its noise.
    """
    spread = noise(picture) or 0.0
    smooth = ndimage.gaussian_filter(picture.astype(np.float32), 0.7)
    slope = np.hypot(ndimage.sobel(smooth, 0), ndimage.sobel(smooth, 1)) / 8.0
    steep = slope > max(float(np.quantile(slope, 0.995)), 5.0 * spread)
    if steep.sum() < 20:
        return None
    height = (ndimage.maximum_filter(smooth, 9) - ndimage.minimum_filter(smooth, 9))[steep]
    return float(np.median(height / slope[steep]))
