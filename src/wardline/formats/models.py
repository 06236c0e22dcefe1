"""Trained models as JSON, so small that they can be worked out by hand: what the cases of a capability describe one with.

    {"digest": "...", "manifest": {...}, "weights": [[1.0, 0.0], [-1.0, 1.0]]}

Each answer is a weighted sum of the channels at one voxel and, last in its row, a constant: a network without any neighbourhood.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wardline.core.capability import Need
from wardline.core.errors import NotFound, Refused
from wardline.core.models import Model, Opening
from wardline.core.ports import Models


class _Sums:
    """A `Predictor`."""

    def __init__(self, digest: str, weights: Any) -> None:
        self._digest, self._weights = digest, weights

    @property
    def digest(self) -> str:
        return self._digest

    def __call__(self, inputs: Sequence[Any]) -> Sequence[Any]:
        import numpy as np

        (window,) = inputs
        channels = self._weights.shape[1] - 1
        if window.shape[1] != channels:
            raise Refused(f"this model sums {channels} channels and was shown {window.shape[1]}", code="model")
        summed = np.tensordot(self._weights[:, :-1], window[0], axes=1) + self._weights[:, -1].reshape(-1, 1, 1, 1)
        return [summed[None].astype(np.float32)]


class _Described:
    """`Models` of a description."""

    def __init__(self, described: Mapping[str, Model]) -> None:
        self._described = described

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self._described))

    def manifest(self, id: str) -> Mapping[str, Any]:
        return self._of(id).manifest

    def predictor(self, id: str) -> Any:
        return self._of(id).predictor

    def _of(self, id: str) -> Model:
        if id not in self._described:
            raise NotFound(f"There is no model {id} here; there are: {', '.join(self.ids()) or 'none'}.")
        return self._described[id]


def model(name: str, id: str, given: Any) -> Model:
    """The model that is described. Raises `Refused` naming what is wrong."""
    import numpy as np

    if not isinstance(given, Mapping) or set(given) != {"digest", "manifest", "weights"} or not isinstance(given["manifest"], Mapping):
        raise Refused(f"{name} is a model: an object with digest, manifest and weights")
    rows = given["weights"]
    if not isinstance(rows, list) or not rows or any(not _are_numbers(row) or len(row) != len(rows[0]) or len(row) < 2 for row in rows):
        raise Refused(f"{name}.weights is a list of rows of numbers, each as long as the first: one for each channel and a constant")
    manifest = json.loads(json.dumps({**given["manifest"], "id": id}, default=str))  # plain JSON, as a file beside a model holds it
    return Model(id, manifest, _Sums(str(given["digest"]), np.asarray(rows, np.float32)))


def models(name: str, given: Any) -> Opening:
    """Models by their ids. Raises `Refused`."""
    if not isinstance(given, Mapping):
        raise Refused(f"{name} is an object of models by their ids")
    return Opening(_Described({str(id): model(f"{name}.{id}", str(id), each) for id, each in given.items()}))


def brought(need: Need, house: Models | None) -> Model | Opening | None:
    """What the house brings itself to a question that does not describe it. Raises `Refused` for a model that is not there or not whole."""
    if house is None or need.kind not in ("model", "models"):
        return None
    opening = Opening(house)
    return opening.model(need.name) if need.kind == "model" else opening


def _are_numbers(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(each, int | float) and not isinstance(each, bool) for each in given)
