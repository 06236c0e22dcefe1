"""Two implementations of each acute score, ours and one written differently from the published table, agree on every edge and at random."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from clinical.second_opinions import birth, chest, heart_and_vessels, intensive_care
from wardline.app.discovery import discover
from wardline.formats.assessment import assess

CATALOGUE = discover()
AT_RANDOM = 400

Values = dict[str, list[Any]]
YES_NO = [False, True]


def flags(*names: str) -> Values:
    return dict.fromkeys(names, YES_NO)


def around(*edges: float, step: float = 1) -> list[float]:
    """Each edge, one step below and one above."""
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2
    return sorted({round(edge + by * step, decimals) for edge in edges for by in (-1, 0, 1)})


def ages(*edges: int) -> list[int]:
    return [int(age) for age in around(*edges)]


INTENSIVE: dict[str, Values] = {
    "apache_ii": {
        "temperature": around(30, 32, 34, 36, 38.5, 39, 41, step=0.1),
        "mean_pressure": around(50, 70, 110, 130, 160),
        "pulse": around(40, 55, 70, 110, 140, 180),
        "respiratory_rate": around(6, 10, 12, 25, 35, 50),
        "inspired_oxygen": [21, 49, 50, 100],
        # On pure oxygen 663 less the arterial pressure is the gradient.
        "arterial_oxygen": [*around(55, 61, 71), 90, *around(163, 313, 463)],
        "arterial_carbon_dioxide": [40],
        "arterial_ph": around(7.15, 7.25, 7.33, 7.5, 7.6, 7.7, step=0.01),
        "sodium": around(111, 120, 130, 150, 155, 160, 180),
        "potassium": around(2.5, 3, 3.5, 5.5, 6, 7, step=0.1),
        "creatinine": around(0.6, 1.5, 2, 3.5, step=0.1),
        "acute_renal_failure": YES_NO,
        "haematocrit": around(20, 30, 46, 50, 60, step=0.1),
        "leukocytes": around(1, 3, 15, 20, 40, step=0.1),
        "glasgow_total": list(range(3, 16)),
        "age_years": ages(45, 55, 65, 75),
        "chronic_health": ["none", "elective postoperative", "nonoperative or emergency postoperative"],
    },
    "saps_ii": {
        "age_years": ages(40, 60, 70, 75, 80),
        "pulse": around(40, 70, 120, 160),
        "systolic_pressure": around(70, 100, 200),
        "temperature": around(39, step=0.1),
        "ventilated": YES_NO,
        "arterial_oxygen": [50, 79, 80, *around(100, 200)],
        "inspired_oxygen": [40, 50, 80, 100],
        "urine_24_hours": around(500, 1000),
        "urea_nitrogen": around(28, 84, step=0.1),
        "leukocytes": around(1, 20, step=0.1),
        "potassium": around(3, 5, step=0.1),
        "sodium": around(125, 145),
        "bicarbonate": around(15, 20, step=0.1),
        "bilirubin": around(4, 6, step=0.1),
        "glasgow_total": list(range(3, 16)),
        **flags("aids", "haematological_malignancy", "metastatic_cancer"),
        "admission": ["scheduled surgery", "medical", "unscheduled surgery"],
    },
    "sofa": {
        "blood_gases": [{"arterial_oxygen": oxygen, "inspired_oxygen": 50} for oxygen in around(50, 100, 150, 200)],
        "respiratory_support": YES_NO,
        "platelets": around(20, 50, 100, 150),
        "bilirubin": around(1.2, 2, 6, 12, step=0.01),
        "pressures": [{"mean_pressure": mean} for mean in around(70, step=0.1)],
        "doses": [[], *([{"what": "Norepinephrine", "dose": f"{rate} ug/kg/min"}] for rate in (0.01, 0.1, 0.11))],
        "glasgow_coma_scale": list(range(3, 16)),
        "creatinine": around(1.2, 2, 3.5, 5, step=0.01),
        "urine_24_hours": around(200, 500),
    },
    "sofa_2": {
        "glasgow_coma_scale": list(range(3, 16)),
        "drug_for_delirium": YES_NO,
        "blood_gases": [{"arterial_oxygen": oxygen, "inspired_oxygen": 40} for oxygen in around(30, 60, 90, 120)],
        "respiratory_support": ["none", "advanced", "ecmo"],
        "pressures": [{"mean_pressure": mean} for mean in around(70, step=0.1)],
        "norepinephrine_and_epinephrine": [0, *around(0.2, 0.4, step=0.01)],
        "other_vasopressor": YES_NO,
        "mechanical_circulation": YES_NO,
        "bilirubin": around(1.2, 3, 6, 12, step=0.01),
        "creatinine": around(1.2, 2, 3.5, step=0.01),
        "renal_replacement": YES_NO,
        "platelets": around(50, 80, 100, 150),
    },
}
CHEST: dict[str, Values] = {
    "curb65": {
        "confusion": YES_NO,
        "urea_nitrogen": [15, 19, 19.5, 19.6, 19.62, 19.63, 19.64, 20, 30],
        "respiratory_rate": around(30),
        "systolic_pressure": around(90),
        "diastolic_pressure": around(60),
        "age_years": ages(65),
    },
    "alveolar_arterial_gradient": {"inspired_oxygen": [21, 40, 100], "arterial_oxygen": [55, 80, 95], "arterial_carbon_dioxide": [20, 40, 80]},
}
VESSELS: dict[str, Values] = {
    "grace": {
        "killip_class": [1, 2, 3, 4],
        "systolic_pressure": around(80, 100, 120, 140, 160, 200),
        "pulse": around(50, 70, 90, 110, 150, 200),
        "age_years": ages(30, 40, 50, 60, 70, 80, 90),
        "creatinine": around(0.4, 0.8, 1.2, 1.6, 2, 4, step=0.01),
        **flags("cardiac_arrest", "st_deviation", "raised_enzymes"),
    },
    "heart_score": {
        "history": ["slightly suspicious", "moderately suspicious", "highly suspicious"],
        "ecg": ["normal", "non-specific repolarisation", "significant ST deviation"],
        "age_years": ages(45, 65),
        "risk_factors": ["none", "one or two", "three or more, or known atherosclerosis"],
        "troponin": ["within the limit", "one to three times the limit", "above three times the limit"],
    },
    "timi_ua_nstemi": {
        "age_years": ages(65),
        **flags("three_risk_factors", "known_stenosis", "aspirin_last_week", "severe_angina", "st_deviation", "raised_marker"),
    },
    "cha2ds2_vasc": {
        "age_years": ages(65, 75),
        **flags("heart_failure", "hypertension", "diabetes", "stroke_or_embolism", "vascular_disease"),
        "sex": ["F", "M"],
    },
    "cha2ds2_va": {"age_years": ages(65, 75), **flags("heart_failure", "hypertension", "diabetes", "stroke_or_embolism", "vascular_disease")},
    "has_bled": {
        "systolic_pressure": around(160),
        "creatinine": around(2.26, step=0.01),
        "age_years": ages(65),
        **flags("dialysis_or_transplant", "abnormal_liver", "stroke", "bleeding_or_anaemia", "labile_inr", "antiplatelet_or_nsaid", "alcohol"),
    },
    "wells_pulmonary_embolism": {
        "pulse": around(100),
        **flags("signs_of_deep_vein_thrombosis", "no_likelier_diagnosis", "immobile_or_operated", "earlier_thromboembolism", "haemoptysis"),
        "active_cancer": YES_NO,
    },
    "wells_deep_vein_thrombosis": flags(
        "active_cancer", "paralysis_or_cast", "bedridden_or_operated", "tender_deep_veins", "whole_leg_swollen", "calf_swollen", "pitting_oedema",
        "collateral_veins", "earlier_thrombosis", "alternative_as_likely",
    ),
    "perc": {
        "unlikely_beforehand": [True],
        "age_years": ages(50),
        "pulse": around(100),
        "oxygen_saturation": around(95),
        **flags("one_leg_swollen", "haemoptysis", "operated_or_injured", "earlier_thromboembolism", "oestrogen"),
    },
    "padua": {
        "age_years": ages(70),
        "body_mass_index": around(30, step=0.1),
        **flags("active_cancer", "earlier_thromboembolism", "reduced_mobility", "thrombophilia", "injured_or_operated"),
        **flags("heart_or_respiratory_failure", "acute_infarction_or_stroke", "infection_or_rheumatic_disease", "hormonal_treatment"),
    },
    "caprini": {
        "age_years": ages(41, 61, 75),
        "operation": ["none", "minor", "arthroscopic", "major open", "laparoscopic", "arthroplasty"],
        "body_mass_index": around(25, step=0.1),
        **flags(*heart_and_vessels.CAPRINI_TWO, *heart_and_vessels.CAPRINI_THREE, *heart_and_vessels.CAPRINI_FIVE),
        **flags("swollen_legs", "varicose_veins", "pregnant_or_post_partum", "lost_pregnancies", "contraceptives_or_hormones", "sepsis_last_month"),
        **flags("serious_lung_disease_last_month", "abnormal_lung_function", "acute_myocardial_infarction", "heart_failure_last_month"),
        **flags("inflammatory_bowel_disease", "medical_patient_at_bed_rest"),
    },
}  # fmt: skip
BIRTH: dict[str, Values] = {
    "apgar": {
        "colour": ["blue or pale", "body pink, hands and feet blue", "pink"],
        "heart_rate": [0, 1, 60, 99, 100, 101, 160],
        "reflexes": ["no response", "grimace", "cry, cough or sneeze"],
        "tone": ["limp", "some flexion", "active"],
        "breathing": ["absent", "slow or irregular", "good, crying"],
        "minute": [1, 5, 10],
    },
    "bishop": {
        "dilation": list(range(11)),
        "effacement": list(range(0, 101, 10)),
        "station": [-3, -2, -1, 0, 1, 2],
        "consistency": ["firm", "medium", "soft"],
        "position": ["posterior", "mid", "anterior"],
    },
}
PNEUMONIA: Values = {
    "age_years": ages(20, 50, 70, 90),
    "sex": ["F", "M"],
    **flags(
        "nursing_home", "neoplastic_disease", "liver_disease", "heart_failure", "cerebrovascular_disease", "renal_disease", "altered_mental_status"
    ),
    "respiratory_rate": around(30),
    "systolic_pressure": around(90),
    "temperature": around(35, 40, step=0.1),
    "pulse": around(125),
    "arterial_ph": around(7.35, step=0.01),
    "urea_nitrogen": around(30, step=0.1),
    "sodium": around(130),
    "glucose": around(250),
    "haematocrit": around(30, step=0.1),
    "oxygen_saturation": around(90),
    "arterial_oxygen": around(60),
    "pleural_effusion": YES_NO,
}


def vectors(values: Values) -> Iterator[dict[str, Any]]:
    """Every value of every input once in a random surrounding, then as many at random again."""
    chance = random.Random(7)
    for name, options in values.items():
        for option in options:
            yield {**{other: chance.choice(others) for other, others in values.items()}, name: option}
    for _ in range(AT_RANDOM):
        yield {name: chance.choice(options) for name, options in values.items()}


def answers(id: str, values: Values) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    capability = CATALOGUE.get(id)
    assert capability is not None, CATALOGUE.refused
    for vector in vectors(values):
        yield vector, assess(capability, vector)


Opinion = Callable[[dict[str, Any]], float]
PAIRS: list[tuple[str, Values, Opinion]] = [
    (id, values, getattr(module, id))
    for module, table in ((intensive_care, INTENSIVE), (chest, CHEST), (heart_and_vessels, VESSELS), (birth, BIRTH))
    for id, values in table.items()
]


@pytest.mark.parametrize(("id", "values", "opinion"), PAIRS, ids=[id for id, _, _ in PAIRS])
def test_two_implementations_agree(id: str, values: Values, opinion: Opinion) -> None:
    differing = [
        (vector, answer, opinion(vector))
        for vector, answer in answers(id, values)
        if answer["outcome"] != "finding" or answer["value"] != pytest.approx(opinion(vector), abs=0.051 if id.endswith("gradient") else 1e-9)
    ]
    assert differing[:1] == []


def test_points_and_class_of_pneumonia_agree() -> None:
    for vector, answer in answers("pneumonia_severity_index", PNEUMONIA):
        total, name = chest.pneumonia_severity_index(vector)
        assert (answer["value"], answer["summary"].rsplit(" ", 1)[1]) == (total, name), vector


@pytest.mark.parametrize(("id", "values", "opinion"), PAIRS, ids=[id for id, _, _ in PAIRS])
def test_one_input_less_never_looks_complete_and_its_bounds_hold(id: str, values: Values, opinion: Opinion) -> None:
    capability = CATALOGUE.get(id)
    assert capability is not None
    chance = random.Random(11)
    required = {name for name, need in capability.needs if need.required and need.default is None}
    asked = [name for name in values if name in required or not required]
    for _ in range(60):
        vector = {name: chance.choice(options) for name, options in values.items()}
        gone = chance.choice(asked)
        answer = assess(capability, {name: value for name, value in vector.items() if name != gone})
        if answer["outcome"] == "at_least":
            assert answer["value"] <= opinion(vector) + 1e-9, (gone, vector)
            assert opinion(vector) <= answer["at_most"], (gone, vector)
        else:
            assert answer["outcome"] == "unknown"
            assert gone in answer["missing"]
