"""Invented patients to learn from: CT and PET as the network sees them, and what it should answer."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardline.science.imaging.phantoms import CHEST, TRUNK, WHOLE_BODY, Phantom, pet_ct, random_lesions

SPACING_MM: Final = 4.0
CT_WINDOW: Final = (-1000.0, 400.0)
PET_WINDOW: Final = (0.0, 15.0)
CLASSES: Final = ("lung", "lung nodule", "PET lesion")
_COLD_SUV: Final = 2.0
"""A lesion that takes up less is there for the CT alone: the network must not call it a PET lesion."""


class Example(NamedTuple):
    inputs: NDArray[np.float32]
    """[CT, PET], each scaled to 0..1 by its window."""
    targets: NDArray[np.uint8]
    """One mask per entry of CLASSES; they overlap."""


def example(rng: np.random.Generator) -> Example:
    """One invented patient: body, organ uptake, noise, resolution and lesions all differ."""
    extent = (CHEST, TRUNK, WHOLE_BODY)[int(rng.integers(3))]
    lesions = tuple(
        lesion.__class__(lesion.position, lesion.radii, _uptake(rng), lesion.hounsfield + float(rng.normal(0, 20)), lesion.site)
        for lesion in random_lesions(rng, int(rng.integers(0, 11)), sites=("lung", "lung", "node", "liver", "bone"), extent=extent)
    )
    organs = ("heart", "liver", "spleen", "right kidney", "left kidney", "bladder", "brain", "bone", "aorta", "body")
    phantom = pet_ct(
        rng, lesions=lesions, extent=extent, spacing=(SPACING_MM,) * 3, variation=0.06,
        uptake={organ: float(rng.lognormal(0, 0.6 if organ == "heart" else 0.25)) for organ in organs},
        ct_noise_hu=float(rng.uniform(5, 40)), pet_noise=float(rng.uniform(0.04, 0.2)), pet_resolution_mm=float(rng.uniform(4.5, 8)),
    )  # fmt: skip
    return Example(_seen(phantom), _wanted(phantom))


def patches(rng: np.random.Generator, examples: list[Example], size: int) -> Iterator[Example]:
    """Cubes out of them without end, two of three around a lesion, mirrored left to right at random."""
    while True:
        chosen = examples[int(rng.integers(len(examples)))]
        yield _cut(rng, chosen, size, on_lesion=bool(rng.integers(3)))


def _uptake(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.5, 1.5)) if rng.uniform() < 0.25 else float(rng.uniform(3, 18))


def _seen(phantom: Phantom) -> NDArray[np.float32]:
    return np.stack([_scaled(phantom.ct.array, CT_WINDOW), _scaled(phantom.pet_suv.array, PET_WINDOW)])


def _scaled(array: NDArray[Any], window: tuple[float, float]) -> NDArray[np.float32]:
    low, high = window
    return np.asarray(np.clip((array.astype(np.float32) - low) / (high - low), 0, 1), np.float32)


def _wanted(phantom: Phantom) -> NDArray[np.uint8]:
    lungs = [label.number for label in phantom.truth.labels if label.name in ("right lung", "left lung")]
    nodules = [number for number, lesion in enumerate(phantom.lesions, start=1) if lesion.site == "lung"]
    hot = [number for number, lesion in enumerate(phantom.lesions, start=1) if lesion.suv > _COLD_SUV]
    spots = phantom.lesion_truth.array
    return np.stack([np.isin(phantom.truth.array, lungs), np.isin(spots, nodules), np.isin(spots, hot)]).astype(np.uint8)


def _cut(rng: np.random.Generator, whole: Example, size: int, *, on_lesion: bool) -> Example:
    shape = whole.inputs.shape[1:]
    spots = np.argwhere(whole.targets[1:].any(axis=0)) if on_lesion else np.empty((0, 3), int)
    middle = spots[int(rng.integers(len(spots)))] if len(spots) else rng.integers(0, shape)
    starts = [int(np.clip(m + rng.integers(-size // 3, size // 3) - size // 2, 0, n - size)) for m, n in zip(middle, shape, strict=True)]
    at = (slice(None), *(slice(start, start + size) for start in starts))
    step = int(rng.choice((-1, 1)))
    return Example(np.ascontiguousarray(whole.inputs[at][..., ::step]), np.ascontiguousarray(whole.targets[at][..., ::step]))
