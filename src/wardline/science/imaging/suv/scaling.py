"""The factors applied: a whole PET volume as SUV in one pass."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardline.core.imaging import Volume
from wardline.science.imaging.suv.factors import KINDS, Kind, Suv


def suv_volume(volume: Volume, suv: Suv, kind: Kind = Kind.BW) -> Volume:
    """The same volume in SUV of this kind. Raises `KeyError` for a kind that is unavailable."""
    return replace(volume, array=scaled(volume.array, suv.factors[kind]), unit=KINDS[kind].unit)


def scaled(stored: NDArray[Any], factors: Sequence[float]) -> NDArray[np.float32]:
    """Each slice times its factor, as float32, read-only. One pass: no copy in double precision stands between."""
    each = np.asarray(factors, np.float32)[:, np.newaxis, np.newaxis]
    out = np.empty(stored.shape, np.float32)
    np.multiply(stored, each, out=out, casting="same_kind")
    out.flags.writeable = False
    return out


def by_slice(volume: Volume, suv: Suv, kind: Kind = Kind.BW) -> Mapping[str, float]:
    """The factor of each image by its SOP Instance UID, for a viewer that holds single images."""
    return dict(zip(volume.slices, suv.factors[kind], strict=True))
