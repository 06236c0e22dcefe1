"""A filter by name with its options, as settings and command lines give it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from wardline.core.errors import Refused
from wardline.core.imaging import Vector
from wardline.science.imaging.filters.gabor import gabor
from wardline.science.imaging.filters.isotropic import nonseparable_wavelet, riesz_transform
from wardline.science.imaging.filters.kernels import laplacian_of_gaussian, laws, mean
from wardline.science.imaging.filters.wavelets import separable_wavelet

FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "mean": mean,
    "laplacian_of_gaussian": laplacian_of_gaussian,
    "laws": laws,
    "gabor": gabor,
    "separable_wavelet": separable_wavelet,
    "nonseparable_wavelet": nonseparable_wavelet,
    "riesz_transform": riesz_transform,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """`options` are the arguments of the function of that name in this package."""

    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in FILTERS:
            raise Refused(f"there is no filter {self.kind!r}; there are {', '.join(FILTERS)}", code="filter")
        known = inspect.signature(FILTERS[self.kind]).parameters.keys() - {"image", "spacing"}
        if unknown := sorted(set(self.options) - known):
            raise Refused(f"the filter {self.kind} knows no {unknown[0]!r}; it knows {', '.join(sorted(known))}", code="filter")
        needed = {name for name, each in inspect.signature(FILTERS[self.kind]).parameters.items() if each.default is each.empty}
        if missing := sorted(needed - {"image", "spacing"} - set(self.options)):
            raise Refused(f"the filter {self.kind} needs {missing[0]!r}", code="filter")

    def response(self, image: Any, spacing: Vector) -> Any:
        """What the filter makes of an image, float64."""
        function = FILTERS[self.kind]
        given = {"spacing": spacing} if "spacing" in inspect.signature(function).parameters else {}
        return function(image.astype(np.float64), **given, **self.options)
