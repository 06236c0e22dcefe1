"""What a segmentation model says of itself in the JSON file beside it: which images, which scale, which answers, and its card.

    {"id": "phantom-chest", "version": "1", "file": "phantom-chest.onnx", "sha256": "...",
     "inputs": [{"modality": "CT", "unit": "[hnsf'U]", "clip": [-1000, 400], "subtract": -1000, "divide": 1400, "outside": -1000}],
     "spacing_mm": [4, 4, 4], "orientation": "HPL", "patch": [48, 48, 48], "overlap": 0.5, "flips": [[2]], "activation": "none", "exclusive": false,
     "outputs": [{"channel": 0, "number": 1, "name": "lung", "threshold": 0.5, "smallest_ml": 20, "largest_only": false}],
     "suits": {"planes": ["axial"], "slice_mm": [0.5, 6], "pixel_mm": [0.4, 1.6], "extent_mm": [150, 2000]},
     "card": {"title": "...", "trained_on": "...", "not_for": "...", "measured": "..."}}

Orientation names where slices, rows and columns count to: Head or Foot, Posterior or Anterior, Left or Right. `suits` may be left out, as may
each of its lines: what it says is held against the first image, and images that it does not name are refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.core.imaging import Label, Vector
from wardline.science.imaging.segmentation.network.suits import Suits, suits_of

Activation: TypeAlias = Literal["none", "sigmoid", "softmax"]
_ACTIVATIONS: Final[tuple[Activation, ...]] = ("none", "sigmoid", "softmax")
_ENDS: Final = ("HF", "PA", "LR")
_KEYS: Final = frozenset({
    "id", "version", "file", "sha256", "inputs", "spacing_mm", "orientation", "patch", "overlap", "flips", "activation", "exclusive", "outputs",
    "suits", "card",
})  # fmt: skip
CARD: Final = ("title", "trained_on", "not_for", "measured")
"""Without these no model is taken: what is not said about a model is what goes wrong with it."""


@dataclass(frozen=True, slots=True)
class Input:
    """One channel: `(clip(x) - subtract) / divide`; with `per_image` mean and standard deviation of the image itself are used instead."""

    modality: str
    unit: str
    clip: tuple[float, float] | None
    subtract: float
    divide: float
    per_image: bool
    outside: float
    """The value beyond the border of the images, in their unit."""


@dataclass(frozen=True, slots=True)
class Output:
    """One channel of the answer and what is made of it."""

    channel: int
    label: Label
    threshold: float
    smallest_ml: float
    largest_only: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """One model."""

    id: str
    version: str
    file: str
    sha256: str
    inputs: tuple[Input, ...]
    spacing_mm: Vector
    orientation: str
    patch: tuple[int, int, int]
    overlap: float
    flips: tuple[tuple[int, ...], ...]
    activation: Activation
    exclusive: bool
    """Each voxel has the one answer with the highest probability (channel 0 is nothing), instead of every one above its threshold."""
    outputs: tuple[Output, ...]
    card: Mapping[str, str] = field(default_factory=dict)
    suits: Suits = field(default_factory=Suits)

    @property
    def made_by(self) -> str:
        return f"{self.id} {self.version} (sha256 {self.sha256[:12]})"


def manifest_of(given: Any) -> Manifest:
    """Raises `Refused` naming the key that is missing, unknown or senseless."""
    if not isinstance(given, Mapping):
        raise Refused("A model's manifest is a JSON object.", code="manifest")
    unknown, missing = sorted(set(given) - _KEYS), sorted(_KEYS - {"flips", "exclusive", "suits"} - set(given))
    if unknown or missing:
        raise Refused(f"The manifest {'does not know the key ' + unknown[0] if unknown else 'lacks the key ' + missing[0]}.", code="manifest")
    card = given["card"]
    if not isinstance(card, Mapping) or any(not isinstance(card.get(each), str) or not card[each] for each in CARD):
        raise Refused(f"The card of a model says at least: {', '.join(CARD)}.", code="manifest", where="card")
    return Manifest(
        _text(given, "id"), _text(given, "version"), _text(given, "file"), _text(given, "sha256").lower(),
        tuple(_input(each) for each in _some(given, "inputs")), _three(given, "spacing_mm"), _orientation(given), _patch(given), _overlap(given),
        tuple(_axes(each) for each in given.get("flips", ())), _activation(given), bool(given.get("exclusive", False)),
        tuple(_output(each) for each in _some(given, "outputs")), dict(card), suits_of(given.get("suits", {})),
    )  # fmt: skip


def _input(given: Any) -> Input:
    clip = given.get("clip")
    if clip is not None and not (_are_numbers(clip, 2) and clip[0] < clip[1]):
        raise _senseless("inputs.clip", "two numbers, the lower first")
    divide = float(given.get("divide", 1.0))
    if divide <= 0:
        raise _senseless("inputs.divide", "a number above 0")
    return Input(
        _text(given, "modality"), str(given.get("unit", "")), (float(clip[0]), float(clip[1])) if clip is not None else None,
        float(given.get("subtract", 0.0)), divide, bool(given.get("per_image", False)), float(given.get("outside", 0.0)),
    )  # fmt: skip


def _output(given: Any) -> Output:
    number, channel = given.get("number"), given.get("channel")
    if not (isinstance(number, int) and number > 0 and isinstance(channel, int) and channel >= 0):
        raise _senseless("outputs", "a channel from 0 and a number from 1")
    label = Label(number, _text(given, "name"), _coding(given, "category"), _coding(given, "type"), str(given.get("side", "")))
    return Output(channel, label, float(given.get("threshold", 0.5)), float(given.get("smallest_ml", 0.0)), bool(given.get("largest_only", False)))


def _coding(given: Mapping[str, Any], key: str) -> Coding | None:
    return Coding(str(given[key]), "snomed") if given.get(key) else None


def _orientation(given: Mapping[str, Any]) -> str:
    named = _text(given, "orientation").upper()
    if len(named) != 3 or any(sum(letter in ends for letter in named) != 1 for ends in _ENDS):
        raise _senseless("orientation", "three letters, one each of H or F, P or A, L or R")
    return named


def _patch(given: Mapping[str, Any]) -> tuple[int, int, int]:
    a, b, c = _three(given, "patch")
    if any(each != int(each) or not 8 <= each <= 512 for each in (a, b, c)):
        raise _senseless("patch", "three whole numbers from 8 to 512")
    return int(a), int(b), int(c)


def _overlap(given: Mapping[str, Any]) -> float:
    overlap = given["overlap"]
    if not isinstance(overlap, int | float) or not 0 <= overlap <= 0.9:
        raise _senseless("overlap", "a share from 0 to 0.9")
    return float(overlap)


def _activation(given: Mapping[str, Any]) -> Activation:
    for known in _ACTIVATIONS:
        if given["activation"] == known:
            return known
    raise _senseless("activation", " or ".join(_ACTIVATIONS))


def _axes(given: Any) -> tuple[int, ...]:
    if not isinstance(given, Sequence) or any(axis not in (0, 1, 2) for axis in given):
        raise _senseless("flips", "lists of the axes 0, 1, 2")
    return tuple(int(axis) for axis in given)


def _three(given: Mapping[str, Any], key: str) -> Vector:
    if not _are_numbers(given[key], 3) or min(given[key]) <= 0:
        raise _senseless(key, "three numbers above 0")
    a, b, c = (float(each) for each in given[key])
    return a, b, c


def _some(given: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    some = given[key]
    if not isinstance(some, list) or not some or not all(isinstance(each, Mapping) for each in some):
        raise _senseless(key, "a list of objects")
    return some


def _text(given: Mapping[str, Any], key: str) -> str:
    if not isinstance(given.get(key), str) or not given[key]:
        raise _senseless(key, "a text")
    return str(given[key])


def _are_numbers(given: Any, count: int) -> bool:
    return isinstance(given, list) and len(given) == count and all(isinstance(each, int | float) and not isinstance(each, bool) for each in given)


def _senseless(key: str, wanted: str) -> Refused:
    return Refused(f"In the manifest, {key} is {wanted}.", code="manifest", where=key)
