"""Whether like values lie close to each other in a region: Moran's I and Geary's C, every pair of voxels weighted by one over their distance.

IBSI reference manual, arXiv 1612.07003, 3.1.28 and 3.1.29. Sums over all pairs are convolutions, so they are taken in Fourier
space: exact, and 1e5 voxels are 5e9 pairs no longer.
"""

from typing import Any, Final

import numpy as np
from scipy import fft

from wardline.core.imaging import Vector
from wardline.science.imaging.radiomics.statistics import UNDEFINED

LARGEST: Final = 8_000_000
"""Frequencies of one image, 128 MB, of which two are held at once: a region's box of about 2 million voxels. Beyond it the two have no value."""


def autocorrelation(image: Any, counted: Any, spacing: Vector) -> tuple[float, float]:
    """(Moran's I, Geary's C); undefined for a region of one voxel or of one intensity, and for a box above `LARGEST`."""
    box = tuple(slice(at.min(), at.max() + 1) for at in np.nonzero(counted))
    inside = counted[box]
    number = int(inside.sum())
    lengths = [2 * fft.next_fast_len(side, real=True) for side in inside.shape]
    values = image[box] - image[box][inside].mean()
    x = np.where(inside, values, 0.0)
    spread = float((x**2).sum())
    if number < 2 or spread <= 1e-20 * float((image[box][inside] ** 2).sum()) or np.prod(lengths) / 2 > LARGEST:
        return UNDEFINED, UNDEFINED
    weights = _weights(lengths, spacing)
    products = _own_pairs(_spectrum(x, lengths), weights)
    there = _spectrum(inside.astype(np.float64), lengths)
    total = _own_pairs(there, weights)
    squares = _pairs(_spectrum(x**2, lengths), there, weights)
    return number * products / (total * spread), (number - 1) * (squares - products) / (total * spread)


def _weights(lengths: list[int], spacing: Vector) -> Any:
    """Spectrum of 1 / distance, 0 at distance 0; real and even, so an eighth of it says all: a cosine transform."""
    half = [np.arange(length // 2 + 1) * step for length, step in zip(lengths, spacing, strict=True)]
    squared = half[0][:, None, None] ** 2 + half[1][:, None] ** 2 + half[2] ** 2
    squared[0, 0, 0] = np.inf
    return fft.dctn(1 / np.sqrt(squared), type=1)


def _spectrum(x: Any, lengths: list[int]) -> Any:
    """Axis by axis, so that the zeros added are transformed as late as possible."""
    waves = fft.rfft(x, lengths[2], axis=2)
    waves = fft.fft(waves, lengths[1], axis=1, overwrite_x=True)
    return fft.fft(waves, lengths[0], axis=0, overwrite_x=True)


def _pairs(one: Any, other: Any, weights: Any) -> float:
    """Sum of one * other * weight over all pairs of voxels (Parseval)."""
    power = one.real * other.real + one.imag * other.imag
    for axis in range(2):  # both halves of an axis have the same weights
        power = _folded(power, axis)
    power *= weights
    # of the last axis the transform of real numbers gives one half; its ends stand alone
    total = 2 * power.sum() - power[:, :, 0].sum() - power[:, :, -1].sum()
    return float(total) / float(np.prod([2 * (side - 1) for side in weights.shape]))


def _own_pairs(one: Any, weights: Any) -> float:
    return _pairs(one, one, weights)


def _folded(power: Any, axis: int) -> Any:
    power = np.moveaxis(power, axis, 0)
    half = len(power) // 2
    power[1:half] += power[:half:-1]
    return np.moveaxis(power[: half + 1], 0, axis)
