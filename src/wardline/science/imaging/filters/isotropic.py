"""Detail of one size in every direction: non-separable wavelets of Shannon and Simoncelli, and the Riesz transform of any image.

IBSI 2 reference manual, arXiv 2006.05470, 3.7 and 4: the filters are defined on frequencies, so the image counts as periodic; another boundary is
made by adding surroundings first. The Riesz transform has no standardised reference map.
"""

from collections.abc import Sequence
from math import factorial, pi, prod, sqrt
from typing import Any, Literal

import numpy as np
from scipy import fft

from wardline.core.errors import Refused
from wardline.science.imaging.filters.boundaries import Boundary, padded


def nonseparable_wavelet(
    image: Any,
    *,
    family: Literal["shannon", "simoncelli"],
    level: int = 1,
    riesz: tuple[int, int, int] | None = None,
    in_slices: bool = False,
    boundary: Boundary = "periodic",
) -> Any:
    """`riesz` is the order along slices, rows and columns of a Riesz transform on top, as (1, 0, 0)."""
    if level < 1 or family not in ("shannon", "simoncelli"):
        raise Refused(f"the wavelet is shannon or simoncelli, of a level from 1, not {family!r} of {level}", code="filter")

    def gain(nu: Sequence[Any]) -> Any:
        radius = np.sqrt(sum(each**2 for each in nu)) * 2 ** (level - 1)
        band = _shannon(radius) if family == "shannon" else _simoncelli(radius)
        return band if riesz is None else band * _riesz(nu, riesz)

    return _filtered(image, gain, in_slices=in_slices, boundary=boundary)


def riesz_transform(image: Any, order: tuple[int, int, int], *, boundary: Boundary = "periodic") -> Any:
    """`order` along slices, rows and columns: (0, 0, 1) is a derivative along the columns that keeps the strength of every frequency."""
    return _filtered(image, lambda nu: _riesz(nu, order), in_slices=False, boundary=boundary)


def _filtered(image: Any, gain: Any, *, in_slices: bool, boundary: Boundary) -> Any:
    reach = tuple(0 if boundary == "periodic" or (in_slices and axis == 0) else side // 2 for axis, side in enumerate(image.shape))
    wide = padded(image.astype(np.float64), (reach[0], reach[1], reach[2]), boundary)
    axes = (1, 2) if in_slices else (0, 1, 2)
    nu = np.meshgrid(*(_frequencies(wide.shape[axis]) for axis in axes), indexing="ij", sparse=True)
    response = fft.ifftn(fft.fftn(wide, axes=axes) * gain(nu), axes=axes).real
    return response[tuple(slice(each, each + side) for each, side in zip(reach, image.shape, strict=True))]


def _frequencies(size: int) -> Any:
    """Evenly from -1 to 1, the Nyquist frequency, lowest first as the transform wants it.

    For an even size the middle lies half a step beside frequency 0. A discrete Fourier transform does not ask for that, but the peer that reproduces
    the reference maps samples its filters so, and on 64 voxels it matters (up to 8 % of a map's range at level 3).
    """
    return fft.ifftshift(np.linspace(-1, 1, size)) if size > 1 else np.zeros(1)


def _shannon(radius: Any) -> Any:
    return ((radius >= 0.5) & (radius <= 1)).astype(np.float64)


def _simoncelli(radius: Any) -> Any:
    inside = (radius >= 0.25) & (radius <= 1)
    return np.where(inside, np.cos(pi / 2 * np.log2(2 * np.where(inside, radius, 0.5))), 0.0)


def _riesz(nu: Sequence[Any], order: tuple[int, int, int]) -> Any:
    total = sum(order)
    if total < 1 or len(order) != len(nu) or min(order) < 0:
        raise Refused(f"the order of a Riesz transform is one whole number for each axis, not all 0, not {order}", code="filter")
    radius = np.sqrt(sum(each**2 for each in nu))
    scale = (-1j) ** total * sqrt(factorial(total) / prod(factorial(each) for each in order))
    wave = prod((each**power for each, power in zip(nu, order, strict=True) if power), start=np.ones(1))
    return scale * np.divide(wave, radius**total, out=np.zeros(radius.shape), where=radius > 0)
