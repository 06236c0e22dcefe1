"""Formulas against MedCalc-Bench (Khandekar et al., 2024): patients' values and answers worked out by another implementation.

Left out: values by amount of substance, whose conversion the set rounds or gets wrong (2.6 mmol/L of calcium is 10.4 mg/dL, not 12.0),
white cell counts whose unit cannot be what it says, and Glasgow scales in which "not testable" is given points.
"""

import ast
import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wardline.app.discovery import discover
from wardline.core import concepts as c
from wardline.core.concepts import Concept
from wardline.formats.assessment import assess

REPOSITORY = Path(__file__).parents[2]
CASES = Path(os.environ.get("WARDLINE_REFERENCE_DATA") or REPOSITORY.parent / "shared" / "data") / "knowledge" / "medcalc_bench" / "cases.jsonl.gz"
CATALOGUE = discover()

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not CASES.exists(), reason="the reference data set MedCalc-Bench is not here (WARDLINE_REFERENCE_DATA)"),
]


def cases(calculator: str) -> Iterator[tuple[dict[str, Any], float]]:
    """What was measured and what the set answers."""
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            if case["Calculator Name"] == calculator:
                entities = case["Relevant Entities"]
                yield ast.literal_eval(entities) if isinstance(entities, str) else entities, float(case["Ground Truth Answer"])


def ask(id: str, **inputs: Any) -> dict[str, Any]:
    capability = CATALOGUE.get(id)
    assert capability is not None
    return assess(capability, inputs)


def in_unit_of(concept: Concept, measured: list[Any]) -> float:
    value, unit = measured
    conversion = concept.conversion(unit)
    assert conversion is not None, (concept.id, unit)
    return conversion(value)


def test_egfr() -> None:
    compared = 0
    for patient, expected in cases("CKD-EPI Equations for Glomerular Filtration Rate"):
        creatinine, unit = patient["creatinine"]
        if unit == "mg/dL":
            got = ask("egfr_ckd_epi_2021", creatinine=creatinine, age_years=patient["age"][0], sex=patient["sex"][0])
            assert got["value"] == pytest.approx(expected, abs=0.051)
            compared += 1
    assert compared == 7


def test_anion_gap() -> None:
    compared = 0
    for patient, expected in cases("Anion Gap"):
        assert ask("anion_gap", **electrolytes(patient))["value"] == pytest.approx(expected, abs=0.05)
        compared += 1
    assert compared == 8


def test_anion_gap_corrected_for_albumin() -> None:
    compared = 0
    for patient, expected in cases("Albumin Corrected Anion Gap"):
        answered = ask("anion_gap", **electrolytes(patient), albumin=in_unit_of(c.ALBUMIN, patient["Albumin"]))
        corrected = next(line["value"] for line in answered["because"] if line["input"] == "corrected_for_albumin")
        assert corrected == pytest.approx(expected, abs=0.051)
        compared += 1
    assert compared == 8


def electrolytes(patient: dict[str, Any]) -> dict[str, float]:
    return {
        "sodium": in_unit_of(c.SODIUM, patient["Sodium"]),
        "chloride": in_unit_of(c.CHLORIDE, patient["Chloride"]),
        "bicarbonate": in_unit_of(c.BICARBONATE, patient["Bicarbonate"]),
    }


def test_corrected_calcium() -> None:
    compared = 0
    for patient, expected in cases("Calcium Correction for Hypoalbuminemia"):
        if patient["Calcium"][1] == "mg/dL":
            got = ask("corrected_calcium", calcium=patient["Calcium"][0], albumin=in_unit_of(c.ALBUMIN, patient["Albumin"]))
            assert got["value"] == pytest.approx(expected, abs=0.005)
            compared += 1
    assert compared == 7


def test_corrected_sodium_by_hillier() -> None:
    compared = 0
    for patient, expected in cases("Sodium Correction for Hyperglycemia"):
        glucose, unit = patient["Glucose"]
        if unit == "mg/dL" and glucose > 100:
            got = ask("corrected_sodium", sodium=patient["Sodium"][0], glucose=glucose, corrected_sodium_formula="hillier")
            assert got["value"] == pytest.approx(expected, abs=0.051)
            compared += 1
    assert compared == 7


EYES = ("no eye opening", "eye opening to pain", "eye opening to verbal command", "eyes open spontaneously")
VERBAL = ("no verbal response", "incomprehensible sounds", "inappropriate words", "confused", "oriented")
MOTOR = ("no motor response", "extension to pain", "flexion to pain", "withdrawal from pain", "localizes pain", "obeys commands")


def test_glasgow_coma_scale() -> None:
    compared = 0
    for patient, expected in cases("Glasgow Coma Score (GCS)"):
        eyes, motor = EYES.index(patient["Best eye response"]) + 1, MOTOR.index(patient["Best motor response"]) + 1
        if patient["Best verbal response"] == "not testable":
            assert ask("glasgow_coma_scale", glasgow_eyes=eyes, glasgow_motor=motor)["outcome"] == "unknown"
        else:
            verbal = VERBAL.index(patient["Best verbal response"]) + 1
            assert ask("glasgow_coma_scale", glasgow_eyes=eyes, glasgow_verbal=verbal, glasgow_motor=motor)["value"] == expected
            compared += 1
    assert compared == 8
