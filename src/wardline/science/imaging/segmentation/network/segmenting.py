"""From images to a label map with a trained model: scaled and turned as its manifest says, asked window by window, cleaned up, and brought back."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, LabelMap, Volume
from wardline.science.imaging.segmentation.morphology import Mask, regions
from wardline.science.imaging.segmentation.network.manifest import Input, Manifest, Output
from wardline.science.imaging.segmentation.network.sliding import Ask, blended
from wardline.science.imaging.segmentation.orientation import Upright, upright
from wardline.science.imaging.segmentation.resampling import coarser, onto, with_spacing

_UPRIGHT: Final = "HPL"
_OTHER_END: Final = {"H": "F", "F": "H", "P": "A", "A": "P", "L": "R", "R": "L"}
_MOST_VOXELS: Final = 400_000_000
"""More than this at the model's spacing (a field of view given wrongly, say) is refused instead of filling the memory."""


def segment(volumes: Mapping[str, Volume], manifest: Manifest, ask: Ask) -> LabelMap:
    """The structures the model knows, on the grid of its first image. `volumes` by modality; `ask` runs the network on one window.

    Raises `Refused` where an image is missing, has another unit, lies elsewhere, or is not of the kind the model is for.
    """
    chosen = [_volume(volumes, each) for each in manifest.inputs]
    manifest.suits.check(chosen[0].grid)
    first = upright(chosen[0])
    grid = with_spacing(first.grid, _upright_spacing(manifest))
    if np.prod(grid.shape, dtype=np.int64) > _MOST_VOXELS:
        raise Refused(f"At the model's spacing these images have {int(np.prod(grid.shape, dtype=np.int64)):,} voxels, too many.", code="too-large")
    seen = np.stack([_scaled(_resampled(volume, chosen[0], grid), each) for volume, each in zip(chosen, manifest.inputs, strict=True)])
    answers = blended(_turned(seen, manifest.orientation), ask, patch=manifest.patch, overlap=manifest.overlap, flips=manifest.flips)
    if len(answers) <= max(each.channel for each in manifest.outputs):
        raise Refused("The model answers with fewer channels than its manifest names.", code="manifest", where="outputs")
    likely = _turned_back(_activated(answers, manifest), manifest.orientation)
    return LabelMap(
        first.as_stored(_marked(likely, manifest, grid, first)), chosen[0].grid, tuple(each.label for each in manifest.outputs), chosen[0].series,
        manifest.made_by,
    )  # fmt: skip


def _volume(volumes: Mapping[str, Volume], wanted: Input) -> Volume:
    volume = volumes.get(wanted.modality)
    if volume is None:
        raise Refused(f"This model needs images of the modality {wanted.modality}.", code="modality")
    if wanted.unit and volume.unit != wanted.unit:
        raise Refused(f"This model needs {wanted.modality} in {wanted.unit}; these images are in {volume.unit or 'no unit'}.", code="unit")
    return volume


def _resampled(volume: Volume, first: Volume, grid: Grid) -> NDArray[np.float32]:
    if volume.frame_of_reference != first.frame_of_reference:
        raise Refused("The images have different frames of reference (0020,0052): they cannot be laid over each other.", code="frame")
    view = upright(volume)
    small = coarser(view.array, view.grid, min(grid.spacing))
    return np.asarray(onto(small.array, small.grid, grid, outside=float("nan")), np.float32)


def _scaled(values: NDArray[np.float32], wanted: Input) -> NDArray[np.float32]:
    seen = np.where(np.isnan(values), np.float32(wanted.outside), values)
    if wanted.clip is not None:
        seen = np.clip(seen, *wanted.clip)
    if wanted.per_image:
        return np.asarray((seen - seen.mean()) / max(float(seen.std()), 1e-8), np.float32)
    return np.asarray((seen - wanted.subtract) / wanted.divide, np.float32)


def _upright_spacing(manifest: Manifest) -> tuple[float, float, float]:
    order, _ = _turn(manifest.orientation)
    named = dict(zip(order, manifest.spacing_mm, strict=True))
    return named[0], named[1], named[2]


def _turn(orientation: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which upright axis each of the model's axes is, and which of them it counts the other way round."""
    order, flips = [], []
    for axis, letter in enumerate(orientation):
        turned = letter not in _UPRIGHT
        order.append(_UPRIGHT.index(_OTHER_END[letter] if turned else letter))
        if turned:
            flips.append(axis)
    return tuple(order), tuple(flips)


def _turned(array: NDArray[Any], orientation: str) -> NDArray[Any]:
    order, flips = _turn(orientation)
    turned = np.transpose(array, (0, *(each + 1 for each in order)))
    return np.flip(turned, tuple(each + 1 for each in flips)) if flips else turned


def _turned_back(array: NDArray[Any], orientation: str) -> NDArray[Any]:
    order, flips = _turn(orientation)
    turned = np.flip(array, tuple(each + 1 for each in flips)) if flips else array
    return np.transpose(turned, (0, *(int(each) + 1 for each in np.argsort(order))))


def _activated(answers: NDArray[np.float32], manifest: Manifest) -> NDArray[np.float32]:
    match manifest.activation:
        case "sigmoid":
            return np.asarray(1 / (1 + np.exp(-np.clip(answers, -60, 60))), np.float32)
        case "softmax":
            powers = np.exp(answers - answers.max(axis=0, keepdims=True))
            return np.asarray(powers / powers.sum(axis=0, keepdims=True), np.float32)
        case "none":
            return answers


def _marked(likely: NDArray[np.float32], manifest: Manifest, grid: Grid, first: Upright) -> NDArray[Any]:
    """Probabilities are brought to the images' own voxels before they are cut, against staircases; later outputs lie over earlier ones."""
    marked = np.zeros(first.array.shape, np.uint16)
    winner = likely.argmax(axis=0) if manifest.exclusive else None
    for each in manifest.outputs:
        channel = likely[each.channel] if winner is None else (winner == each.channel).astype(np.float32)
        threshold = each.threshold if winner is None else 0.5
        mask = onto(np.ascontiguousarray(channel), grid, first.grid) > threshold
        marked[_cleaned(mask, each, first.grid)] = each.label.number
    return marked


def _cleaned(mask: Mask, output: Output, grid: Grid) -> Mask:
    if not (output.largest_only or output.smallest_ml):
        return mask
    numbered, found = regions(mask)
    kept = [piece.number for piece in (found[:1] if output.largest_only else found) if piece.voxels * grid.voxel_ml >= output.smallest_ml]
    cleaned: Mask = np.isin(numbered, kept) & (numbered > 0)
    return cleaned
