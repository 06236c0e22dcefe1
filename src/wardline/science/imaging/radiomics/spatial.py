"""Whether like values lie close to each other in a region: Moran's I and Geary's C, every pair of voxels weighted by one over their distance.

IBSI reference manual, arXiv 1612.07003, 3.1.28 and 3.1.29. Sums over all pairs are convolutions, so they are taken in Fourier
space: exact, and 1e5 voxels are 5e9 pairs no longer. Distances are the same both ways along each axis, so the waves are taken as cosines and
sines about the middle of the box: real numbers, and of each half of the box only what is alike or opposite in both halves.
"""

from math import pi
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from scipy import fft

from wardline.core.imaging import Vector
from wardline.science.imaging.radiomics.region import Region, box_of
from wardline.science.imaging.radiomics.statistics import UNDEFINED, Values

LARGEST: Final = 2_000_000
"""Voxels of a region's box, of which some fifteen arrays are held at once: a quarter of a gigabyte. Beyond it the two have no value."""
ALIKE, OPPOSITE = 0, 1
"""The halves of an axis about its middle: what they have in common, which cosines are made of, and what not: sines."""
PIECE: Final = 256
"""Columns of the last product that are made and summed at a time."""


class Sums(NamedTuple):
    """Over all pairs of voxels, weighted: of the product of their values, of 1, and of the square of the first's value."""

    products: float
    total: float
    squares: float


def spatial(region: Region) -> Values:
    """2 features."""
    moran, geary = autocorrelation(region.image, region.counted, region.spacing)
    return {"morph_moran_i": moran, "morph_geary_c": geary}


def autocorrelation(image: Any, counted: Any, spacing: Vector) -> tuple[float, float]:
    """(Moran's I, Geary's C); undefined for a region of one voxel or of one intensity, and for a box above `LARGEST`."""
    box = box_of(counted)
    inside, values = counted[box], image[box]
    there = values[inside]
    x = np.where(inside, values - there.mean(), 0.0)
    spread = float((x**2).sum())
    if there.size < 2 or spread <= 1e-20 * float((there**2).sum()) or inside.size > LARGEST:
        return UNDEFINED, UNDEFINED
    sums = _over_pairs(x, inside, spacing)
    return there.size * sums.products / (sums.total * spread), (there.size - 1) * (sums.squares - sums.products) / (sums.total * spread)


def _over_pairs(x: Any, inside: Any, spacing: Vector) -> Sums:
    """Parseval: a sum over pairs is one over waves. The longest wave spans two boxes, so that no voxel meets another twice."""
    s, r, c = sides = [side + side % 2 for side in x.shape]
    images = np.zeros((3, *sides))
    images[(slice(None), *map(slice, x.shape))] = x, inside, x**2
    for axis in (1, 2, 3):
        _fold(images, axis)
    weights, waves = _weights(sides, spacing), [_waves(side) for side in sides]
    lines, planes = np.empty((3 * s, r, c)), np.empty((3 * s, r, c))
    found = np.zeros(3)
    for by_column in (ALIKE, OPPOSITE):
        _multiply(images.reshape(lines.shape), waves[2][by_column].T[None].copy(), by_column * (c // 2), 0, lines)
        for by_row in (ALIKE, OPPOSITE):
            _multiply(waves[1][by_row][None], lines, 0, by_row * (r // 2), planes)
            for by_slice in (ALIKE, OPPOSITE):
                weight = weights[tuple(slice(kind, kind + side) for kind, side in zip((by_slice, by_row, by_column), sides, strict=True))]
                _sum_up(waves[0][by_slice], planes.reshape(3, s, r * c), by_slice * (s // 2), weight.reshape(s, r * c), found)
    return Sums(*(found / (8 * s * r * c)).tolist())


def _fold(images: Any, axis: int) -> None:
    """In place: the first half becomes what both halves of an axis have in common, the second what is opposite, both from the middle out."""
    first, second = np.split(images, 2, axis)
    mirrored = np.flip(first, axis).copy()
    np.add(second, mirrored, out=first)
    second -= mirrored


def _waves(side: int) -> tuple[Any, Any]:
    """Cosines (of 0 to side - 1 half waves in a box) and sines (of 1 to side) at the voxels of the second half."""
    at = (np.arange(side // 2) + 0.5) * (pi / side)
    return np.cos(np.arange(side)[:, None] * at), np.sin(np.arange(1, side + 1)[:, None] * at)


def _weights(sides: list[int], spacing: Vector) -> Any:
    """Spectrum of 1 / distance, 0 at distance 0; real and even, so an eighth of it says all.

    Each stands for all waves of its length, forwards and backwards: two along each axis, but one of none and one of the most.
    """
    s, r, c = (np.arange(side + 1) * step for side, step in zip(sides, spacing, strict=True))
    squared = (s**2)[:, None, None] + (r**2)[:, None] + c**2
    squared[0, 0, 0] = np.inf
    spectrum = fft.dctn(1 / np.sqrt(squared), type=1)
    for axis in range(3):
        np.moveaxis(spectrum, axis, 0)[1:-1] *= 2
    return spectrum


@njit(cache=True, nogil=True)
def _multiply(ones, others, column, row, found):  # type: ignore[no-untyped-def]
    """Matrix products, each `one` from a column on with each `other` from a row on. NumPy's start threads of their own, too many for small ones."""
    for n in range(len(found)):
        _product(ones[n % len(ones)], others[n % len(others)], column, row, 0, found.shape[2], found[n])


@njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def _sum_up(waves, planes, row, weights, found):  # type: ignore[no-untyped-def]
    """The last axis transformed, and the three sums taken, in pieces that stay in the processor's cache."""
    pieces = np.empty((3, len(waves), PIECE))
    for begin in range(0, planes.shape[2], PIECE):
        width = min(PIECE, planes.shape[2] - begin)
        for image in range(3):
            _product(waves, planes[image], 0, row, begin, width, pieces[image])
        for n in range(len(waves)):
            one, there, squared, weight = pieces[0, n], pieces[1, n], pieces[2, n], weights[n, begin : begin + width]
            products, total, squares = 0.0, 0.0, 0.0
            for m in range(width):
                products += one[m] * one[m] * weight[m]
                total += there[m] * there[m] * weight[m]
                squares += there[m] * squared[m] * weight[m]
            found[0] += products
            found[1] += total
            found[2] += squares


@njit(cache=True, nogil=True, fastmath={"contract"})
def _product(one, other, column, row, begin, width, found):  # type: ignore[no-untyped-def]
    """Two rows and four terms at a time, which the processor does at a stretch. The number of rows is even."""
    depth = min(one.shape[1] - column, other.shape[0] - row)
    for i in range(0, len(one), 2):
        a, b = one[i], one[i + 1]
        upper, lower = found[i], found[i + 1]
        upper[:width] = 0.0
        lower[:width] = 0.0
        for k in range(0, depth - 3, 4):
            a0, a1, a2, a3 = a[column + k], a[column + k + 1], a[column + k + 2], a[column + k + 3]
            b0, b1, b2, b3 = b[column + k], b[column + k + 1], b[column + k + 2], b[column + k + 3]
            w = other[row + k, begin : begin + width]
            x = other[row + k + 1, begin : begin + width]
            y = other[row + k + 2, begin : begin + width]
            z = other[row + k + 3, begin : begin + width]
            for j in range(width):
                upper[j] += a0 * w[j] + a1 * x[j] + a2 * y[j] + a3 * z[j]
                lower[j] += b0 * w[j] + b1 * x[j] + b2 * y[j] + b3 * z[j]
        for k in range(depth - depth % 4, depth):
            w = other[row + k, begin : begin + width]
            for j in range(width):
                upper[j] += a[column + k] * w[j]
                lower[j] += b[column + k] * w[j]
