"""Models described as JSON: their sums are worked out, and nothing else is taken for one. Cases may also pin what a real model says."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from wardline.adapters.embedded.models.folder import ModelFolders
from wardline.app.discovery import difference
from wardline.core.capability import ATTRIBUTE, Inputs, capability, model, volume
from wardline.core.errors import Refused
from wardline.core.findings import Finding
from wardline.core.imaging import Volume
from wardline.core.models import Model
from wardline.formats.assessment import assess
from wardline.formats.models import model as described
from wardline.formats.models import models

TWO = {"digest": "by hand", "manifest": {"version": "1"}, "weights": [[2.0, -1.0, 0.5], [0.0, 1.0, 0.0]]}


def test_each_answer_is_the_weighted_sum_of_the_channels_and_a_constant() -> None:
    made = described("network", "two", TWO)
    window = np.array([[[[[1.0, 2.0]]], [[[3.0, 0.0]]]]], np.float32)

    (answer,) = made.predictor([window])

    assert answer.tolist() == [[[[[2 * 1 - 3 + 0.5, 2 * 2 - 0 + 0.5]]], [[[3.0, 0.0]]]]]
    assert (made.id, made.manifest, made.predictor.digest) == ("two", {"version": "1", "id": "two"}, "by hand")
    with pytest.raises(Refused, match="sums 2 channels and was shown 1"):
        made.predictor([window[:, :1]])


def test_models_are_found_by_their_ids() -> None:
    opening = models("models", {"two": TWO})

    assert opening.model("two").predictor.digest == "by hand"
    with pytest.raises(Refused, match="There is no model three here; there are: two"):
        opening.model("three")


@pytest.mark.parametrize(
    "wrong",
    [None, [], {}, TWO | {"more": 1}, TWO | {"manifest": 1}, TWO | {"weights": []}, TWO | {"weights": [[1, 2], [1]]}, TWO | {"weights": [["a", 1]]}],
)
def test_anything_else_is_refused(wrong: Any) -> None:
    with pytest.raises(Refused, match="network"):
        described("network", "two", wrong)


@dataclass(frozen=True)
class Chest(Inputs):
    ct: Volume = volume("CT")
    network: Model = model("phantom-chest")


@capability(id="air", version="1", about="study", live=False, standing="provisional", reference="made for this test")
def air(v: Chest) -> Finding:
    """How much lung the shipped model sees in the middle of its window."""
    seen = np.zeros((1, 2, 48, 48, 48), np.float32)
    seen[0, 0] = v.ct.array
    likely = v.network.predictor([seen])[0]
    return Finding(round(float(likely[0, 0].mean()), 6), "likelihood of lung")


AIR = getattr(air, ATTRIBUTE)
ALL_AIR = {"ct": {"shape": [48, 48, 48], "background": 0.0}}


def test_a_case_may_pin_what_a_real_model_says_within_a_tolerance() -> None:
    told = assess(AIR, ALL_AIR, ModelFolders(admit=lambda file, content: None))

    said = told["value"]
    assert 0 <= said <= 1
    assert difference({"outcome": "finding", "value": {"near": said + 0.004, "within": 0.005}}, told) == ""
    assert "value is" in difference({"value": {"near": said + 0.02, "within": 0.005}}, told)
    assert "expected 0.5 within 0.1" in difference({"value": {"near": 0.5, "within": 0.1}}, {"value": "much"})


def test_without_the_house_a_model_is_missing() -> None:
    assert assess(AIR, ALL_AIR) == {"outcome": "unknown", "missing": ["network"]}
