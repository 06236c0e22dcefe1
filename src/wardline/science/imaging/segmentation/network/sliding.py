"""Running a network over a volume window by window and blending the answers, so that no seams are seen and memory stays small."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from wardline.core.errors import Refused

Ask: TypeAlias = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""[1, channels, slices, rows, columns] -> [1, answers, slices, rows, columns]."""
_SPREAD: Final = 0.125
"""Standard deviation of the weight of a window, as a share of its size: what nnU-Net uses (Isensee 2021; from memory)."""

MOST_ANSWERS: Final = 1_000_000_000
"""Numbers, of 4 bytes each and held three times over for a moment: more is refused instead of filling the memory. Our own choice."""


def blended(
    seen: NDArray[np.float32], ask: Ask, *, patch: tuple[int, int, int], overlap: float, flips: Sequence[tuple[int, ...]] = ()
) -> NDArray[np.float32]:
    """Answers [answers, slices, rows, columns] for `seen` [channels, slices, rows, columns]; each window also mirrored along `flips`.

    Raises `Refused` where they are too many to be held.
    """
    shape = seen.shape[1:]
    wanted = [max(0, size - have) for size, have in zip(patch, shape, strict=True)]
    padded = np.pad(seen, [(0, 0), *((0, extra) for extra in wanted)], mode="edge")
    weight = _weight(patch)
    total: NDArray[np.float32] | None = None
    weights = np.zeros(padded.shape[1:], np.float32)
    for at in _windows(padded.shape[1:], patch, overlap):
        answer = _averaged(np.ascontiguousarray(padded[(slice(None), *at)])[None], ask, flips)[0]
        if total is None:
            _check(answer.shape[0], padded.shape[1:])
            total = np.zeros((answer.shape[0], *padded.shape[1:]), np.float32)
        total[(slice(None), *at)] += answer * weight
        weights[at] += weight
    assert total is not None  # a volume always holds one window: it was padded to one
    whole: NDArray[np.float32] = (total / weights)[:, : shape[0], : shape[1], : shape[2]]
    return whole


def _check(answers: int, shape: tuple[int, ...]) -> None:
    count = answers * int(np.prod(shape, dtype=np.int64))
    if count > MOST_ANSWERS:
        raise Refused(f"{answers} answers for each of {count // answers:,} voxels are more than fit into memory here.", code="too-large")


def _averaged(window: NDArray[np.float32], ask: Ask, flips: Sequence[tuple[int, ...]]) -> NDArray[np.float32]:
    answers = [ask(window)]
    for axes in flips:
        turned = tuple(axis + 2 for axis in axes)
        answers.append(np.flip(ask(np.ascontiguousarray(np.flip(window, turned))), turned))
    mean: NDArray[np.float32] = np.mean(answers, axis=0, dtype=np.float32)
    return mean


def _windows(shape: tuple[int, ...], patch: tuple[int, int, int], overlap: float) -> Iterator[tuple[slice, ...]]:
    starts = []
    for size, length in zip(patch, shape, strict=True):
        step = max(1, int(size * (1 - overlap)))
        last = length - size
        count = -(-last // step) + 1
        starts.append([round(last * each / max(1, count - 1)) for each in range(count)])
    for corner in product(*starts):
        yield tuple(slice(start, start + size) for start, size in zip(corner, patch, strict=True))


def _weight(patch: tuple[int, int, int]) -> NDArray[np.float32]:
    """A bell over the window; nowhere so small that a corner seen once would drown in rounding."""
    lines = [np.exp(-0.5 * ((np.arange(size) - (size - 1) / 2) / (size * _SPREAD)) ** 2) for size in patch]
    bell: NDArray[Any] = lines[0][:, None, None] * lines[1][None, :, None] * lines[2][None, None, :]
    return np.asarray(np.maximum(bell, 1e-3), np.float32)
