"""A survival model made by hand, small enough to be worked out on paper: what a site's own training would leave in its folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from wardline.science.imaging.radiomics import FixedSize, Settings
from wardline.science.statistics.survival.trained import FORMAT, digest_of

AGE: Final = {"name": "age_years", "mean": 60.0, "spread": 10.0, "low": 40.0, "high": 90.0}
MEAN_UPTAKE: Final = {"name": "stat_mean", "mean": 5.0, "spread": 2.0, "low": 1.0, "high": 30.0}
PROCESSING: Final = Settings(range=(0.0, None), bins=FixedSize(0.5), volume_histogram_bins=FixedSize(0.1)).declared()
"""As lesion radiomics processes, but for the spacing, which follows from the scan."""


def made_by_hand(*features: Mapping[str, Any], coefficients: tuple[float, ...], processing: Mapping[str, Any] | None = PROCESSING) -> dict[str, Any]:
    """A fifth of those at the mean are affected each half year; the resamples say a tenth more and a tenth less by turns."""
    hazards = [[0.0, 0.2, 0.4], *([[0.0, 0.18, 0.36], [0.0, 0.22, 0.44]] * 11)]
    content = {
        "format": FORMAT, "kind": "cox", "title": "Made by hand", "outcome": "death", "months": [0.0, 6.0, 12.0], "features": list(features),
        "processing": processing, "members": [{"coefficients": list(coefficients), "hazard": hazard} for hazard in hazards],
        "card": {"warnings": ["made by hand"]},
    }  # fmt: skip
    return content | {"digest": digest_of(content)}


def put(data: Path, content: Mapping[str, Any]) -> Path:
    """Where a house looks for its model."""
    file = data / "config" / "site" / "prognosis_model" / "model.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return file
