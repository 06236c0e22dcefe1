"""APACHE II, SAPS II, SOFA and SOFA-2, written down a second time from the published tables: thresholds counted, not banded."""

from typing import Any


def above(value: float, *limits: float) -> int:
    """How many of the limits the value reaches."""
    return sum(value >= limit for limit in limits)


def apache_ii(v: dict[str, Any]) -> int:
    """Knaus 1985: each row as lower limits from the coldest to the hottest cell."""
    rows = (
        (v["temperature"], (30, 32, 34, 36, 38.5, 39, 41), (4, 3, 2, 1, 0, 1, 3, 4)),
        (v["mean_pressure"], (50, 70, 110, 130, 160), (4, 2, 0, 2, 3, 4)),
        (v["pulse"], (40, 55, 70, 110, 140, 180), (4, 3, 2, 0, 2, 3, 4)),
        (v["respiratory_rate"], (6, 10, 12, 25, 35, 50), (4, 2, 1, 0, 1, 3, 4)),
        (v["arterial_ph"], (7.15, 7.25, 7.33, 7.50, 7.60, 7.70), (4, 3, 2, 0, 1, 3, 4)),
        (v["sodium"], (111, 120, 130, 150, 155, 160, 180), (4, 3, 2, 0, 1, 2, 3, 4)),
        (v["potassium"], (2.5, 3.0, 3.5, 5.5, 6.0, 7.0), (4, 2, 1, 0, 1, 3, 4)),
        (v["haematocrit"], (20, 30, 46, 50, 60), (4, 2, 0, 1, 2, 4)),
        (v["leukocytes"], (1, 3, 15, 20, 40), (4, 2, 0, 1, 2, 4)),
        (v["age_years"], (45, 55, 65, 75), (0, 2, 3, 5, 6)),
    )
    total = sum(cells[above(value, *limits)] for value, limits, cells in rows) + 15 - v["glasgow_total"]
    if v["inspired_oxygen"] < 50:
        total += (4, 3, 1, 0)[above(v["arterial_oxygen"], 55, 61, 71)]
    else:
        gradient = round(v["inspired_oxygen"] * 7.13 - v["arterial_carbon_dioxide"] / 0.8 - v["arterial_oxygen"])
        total += (0, 2, 3, 4)[above(gradient, 200, 350, 500)]
    total += (2, 0, 2, 3, 4)[above(v["creatinine"], 0.6, 1.5, 2.0, 3.5)] * (1 + v["acute_renal_failure"])
    return total + {"none": 0, "elective postoperative": 2}.get(v["chronic_health"], 5)


def saps_ii(v: dict[str, Any]) -> int:
    """Table 2 of PMC5379500, original points."""
    rows = (
        (v["age_years"], (40, 60, 70, 75, 80), (0, 7, 12, 15, 16, 18)),
        (v["pulse"], (40, 70, 120, 160), (11, 2, 0, 4, 7)),
        (v["systolic_pressure"], (70, 100, 200), (13, 5, 0, 2)),
        (v["temperature"], (39.0,), (0, 3)),
        (v["urine_24_hours"], (500, 1000), (11, 4, 0)),
        (v["urea_nitrogen"], (28, 84), (0, 6, 10)),
        (v["leukocytes"], (1.0, 20.0), (12, 0, 3)),
        (v["potassium"], (3.0, 5.0), (3, 0, 3)),
        (v["sodium"], (125, 145), (5, 0, 1)),
        (v["bicarbonate"], (15, 20), (6, 3, 0)),
        (v["bilirubin"], (4.0, 6.0), (0, 4, 9)),
        (v["glasgow_total"], (6, 9, 11, 14), (26, 13, 7, 5, 0)),
    )
    total = sum(cells[above(value, *limits)] for value, limits, cells in rows)
    if v["ventilated"]:
        total += (11, 9, 6)[above(round(100 * v["arterial_oxygen"] / v["inspired_oxygen"], 6), 100, 200)]
    total += 17 if v["aids"] else 10 if v["haematological_malignancy"] else 9 if v["metastatic_cancer"] else 0
    return total + {"scheduled surgery": 0, "medical": 6, "unscheduled surgery": 8}[v["admission"]]


def sofa(v: dict[str, Any]) -> int:
    """Table 1 of PMC4968574; the drug is norepinephrine."""
    gases = v["blood_gases"]
    ratio = 100 * gases["arterial_oxygen"] / gases["inspired_oxygen"]
    lungs = 4 - above(ratio, 100, 200, 300, 400)
    if not v["respiratory_support"]:
        lungs = min(lungs, 2)
    clotting = 4 - above(v["platelets"], 20, 50, 100, 150)
    liver = above(v["bilirubin"], 1.2, 2.0, 6.0, 12.0)
    rate = float(v["doses"][0]["dose"].split()[0]) if v["doses"] else 0.0
    circulation = 4 if rate > 0.1 else 3 if rate > 0 else int(v["pressures"]["mean_pressure"] < 70)
    brain = 4 - above(v["glasgow_coma_scale"], 6, 10, 13, 15)
    kidney = above(v["creatinine"], 1.2, 2.0, 3.5, 5.0)
    urine = 4 if v["urine_24_hours"] < 200 else 3 if v["urine_24_hours"] < 500 else 0
    return lungs + clotting + liver + circulation + brain + max(kidney, urine)


def sofa_2(v: dict[str, Any]) -> int:
    """The 2025 table as two transcriptions have it."""
    gases = v["blood_gases"]
    ratio = 100 * gases["arterial_oxygen"] / gases["inspired_oxygen"]
    brain = 4 - above(v["glasgow_coma_scale"], 6, 9, 13, 15)
    brain = max(brain, int(v["drug_for_delirium"]))
    lungs = sum(ratio <= limit for limit in (75, 150, 225, 300))
    lungs = 4 if v["respiratory_support"] == "ecmo" else lungs if v["respiratory_support"] == "advanced" else min(lungs, 2)
    rate, other = v["norepinephrine_and_epinephrine"], v["other_vasopressor"]
    steps = 0 if rate == 0 else 1 if rate <= 0.2 else 2 if rate <= 0.4 else 3
    if v["mechanical_circulation"]:
        circulation = 4
    elif steps:
        circulation = min(1 + steps + other, 4)
    else:
        circulation = 2 if other else int(v["pressures"]["mean_pressure"] < 70)
    liver = sum(v["bilirubin"] > limit for limit in (1.2, 3.0, 6.0, 12.0))
    kidney = 4 if v["renal_replacement"] else sum(v["creatinine"] > limit for limit in (1.2, 2.0, 3.5))
    clotting = sum(v["platelets"] <= limit for limit in (150, 100, 80, 50))
    return brain + lungs + circulation + liver + kidney + clotting
