"""Stripes of one width and direction: Gabor's filter, within each slice.

IBSI 2 reference manual, arXiv 2006.05470, 3.5: a plane wave under a Gaussian, not normalised; the size of the complex response is given.
"""

from math import ceil, cos, pi, sin
from typing import Any, Final

import numpy as np
from scipy import fft

from wardline.core.errors import Refused
from wardline.core.imaging import Vector
from wardline.science.imaging.filters.boundaries import Boundary, equal_spacing, padded
from wardline.science.imaging.filters.separable import pooled

REACH: Final = 7.0
"""Standard deviations of the Gaussian until the kernel ends: there it has fallen to 2e-11."""


def gabor(
    image: Any,
    spacing: Vector,
    *,
    sigma_mm: float,
    wavelength_mm: float,
    aspect: float = 1.0,
    angle_degrees: float = 0.0,
    step_degrees: float | None = None,
    in_slices: bool = True,
    boundary: Boundary = "mirror",
) -> Any:
    """`angle_degrees` turns clockwise from the columns' direction. `step_degrees`: the mean over a full turn in such steps.

    `in_slices=False`: also along the two other pairs of axes, and the mean of the three.
    """
    if not (sigma_mm > 0 and wavelength_mm > 0 and aspect > 0):
        raise Refused("a Gabor filter's width, wavelength and aspect must be above 0", code="filter")
    side = equal_spacing(spacing, in_slices=in_slices)
    angles = [angle_degrees] if step_degrees is None else [n * step_degrees for n in range(round(360 / step_degrees))]
    kernels = [gabor_kernel(sigma_mm / side, wavelength_mm / side, aspect, angle) for angle in angles]
    planes = (0,) if in_slices else (0, 1, 2)
    return pooled((_response(image, kernel, axis, boundary) for axis in planes for kernel in kernels), "mean")


def gabor_kernel(sigma: float, wavelength: float, aspect: float, angle_degrees: float) -> Any:
    """Lengths in voxels; complex; [row, column], of odd size."""
    angle = angle_degrees * pi / 180
    reach = ceil(REACH * sigma * max(1.0, 1.0 / aspect))
    steps = np.arange(-reach, reach + 1, dtype=np.float64)
    y, x = steps[:, None], steps[None, :]
    along, across = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
    return np.exp(-(along**2 + (aspect * across) ** 2) / (2 * sigma**2) + 2j * pi * along / wavelength)


def _response(image: Any, kernel: Any, axis: int, boundary: Boundary) -> Any:
    """Plane by plane at right angles to an axis, in Fourier space."""
    planes = np.moveaxis(image, axis, 0)
    reach = kernel.shape[0] // 2
    wide = padded(planes, (0, reach, reach), boundary)
    sizes = [fft.next_fast_len(side) for side in wide.shape[1:]]
    shifted = np.zeros(sizes, np.complex128)
    shifted[: kernel.shape[0], : kernel.shape[1]] = kernel
    wave = fft.fft2(np.roll(shifted, (-reach, -reach), axis=(0, 1)))
    found = np.empty(planes.shape)
    for number, plane in enumerate(wide):
        response = fft.ifft2(fft.fft2(plane, sizes) * wave)
        found[number] = np.abs(response[reach : reach + planes.shape[1], reach : reach + planes.shape[2]])
    return np.moveaxis(found, 0, axis)
