"""What the small network says of itself: the manifest beside it, with a card that does not promise what invented people cannot show."""

import hashlib
import json
from pathlib import Path
from typing import Any

from wardline.learning.segmentation.examples import CT_WINDOW, PET_WINDOW, SPACING_MM
from wardline.learning.segmentation.training import PATCH


def write(model: Path, *, seed: int, people: int, steps: int, weights: int) -> Path:
    """Write NAME.json beside NAME.onnx."""
    file = model.with_suffix(".json")
    told = manifest(model.stem, hashlib.sha256(model.read_bytes()).hexdigest(), seed=seed, people=people, steps=steps, weights=weights)
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def manifest(name: str, digest: str, *, seed: int, people: int, steps: int, weights: int) -> dict[str, Any]:
    """Hot spots are written before nodules, so that a nodule that takes up sugar is told as the nodule it is."""
    return {
        "id": name, "version": "1", "file": f"{name}.onnx", "sha256": digest,
        "inputs": [_input("CT", "[hnsf'U]", CT_WINDOW), _input("PT", "{SUVbw}g/ml", PET_WINDOW)],
        "spacing_mm": [SPACING_MM] * 3, "orientation": "HPL", "patch": [PATCH] * 3, "overlap": 0.25, "flips": [], "activation": "none",
        "exclusive": False,
        "outputs": [
            {"channel": 0, "number": 1, "name": "lung", "category": "123037004", "type": "39607008", "threshold": 0.5, "smallest_ml": 50},
            {"channel": 2, "number": 3, "name": "PET lesion candidate", "category": "49755003", "threshold": 0.5, "smallest_ml": 0.3},
            {"channel": 1, "number": 2, "name": "lung nodule candidate", "category": "49755003", "threshold": 0.5, "smallest_ml": 0.3},
        ],
        "card": {
            "title": "Lungs, lung nodules and hot spots in PET/CT, learnt from invented bodies",
            "what": f"A three-dimensional U-Net of {weights:,} weights that sees CT and PET at {SPACING_MM:g} mm.",
            "trained_on": f"{people} invented people (wardline.science.imaging.phantoms, seed {seed}), {steps:,} steps. No image of a real person.",
            "not_for": "Patients: it has never seen a real body. Real anatomy, motion, contrast, artefacts and disease look different. "
            "It shows that the runner works and how a site trains its own.",
            "measured": "docs/evaluation/segmentation.md, on invented people it was not trained on.",
            "licence": "as Wardline",
        },
    }  # fmt: skip


def _input(modality: str, unit: str, window: tuple[float, float]) -> dict[str, Any]:
    low, high = window
    return {"modality": modality, "unit": unit, "clip": [low, high], "subtract": low, "divide": high - low, "outside": low}
