"""Pneumonia and blood gases, written down a second time from the published tables and formulas."""

from typing import Any


def curb65(v: dict[str, Any]) -> int:
    urea = v["urea_nitrogen"] * 0.357  # mmol/L
    score = int(v["confusion"])
    if round(urea, 2) > 7:
        score += 1
    if v["respiratory_rate"] >= 30:
        score += 1
    if v["systolic_pressure"] < 90 or v["diastolic_pressure"] <= 60:
        score += 1
    return score + (v["age_years"] >= 65)


def pneumonia_severity_index(v: dict[str, Any]) -> tuple[int, str]:
    """Points and class, by the two steps of Fine 1997."""
    diseases = 30 * v["neoplastic_disease"] + 20 * v["liver_disease"]
    diseases += 10 * (v["heart_failure"] + v["cerebrovascular_disease"] + v["renal_disease"])
    signs = 20 * v["altered_mental_status"] + 20 * (v["respiratory_rate"] >= 30) + 20 * (v["systolic_pressure"] < 90)
    signs += 15 * (not 35 <= v["temperature"] < 40) + 10 * (v["pulse"] >= 125)
    laboratory = 30 * (v["arterial_ph"] < 7.35) + 20 * (v["urea_nitrogen"] >= 30) + 20 * (v["sodium"] < 130)
    laboratory += 10 * ((v["glucose"] >= 250) + (v["haematocrit"] < 30) + v["pleural_effusion"])
    laboratory += 10 * (v["oxygen_saturation"] < 90 or v["arterial_oxygen"] < 60)
    total = v["age_years"] - 10 * (v["sex"] == "F") + 10 * v["nursing_home"] + diseases + signs + laboratory
    if v["age_years"] <= 50 and not diseases and not signs:
        return total, "I"
    return total, "II" if total < 71 else "III" if total < 91 else "IV" if total < 131 else "V"


def alveolar_arterial_gradient(v: dict[str, Any]) -> float:
    return v["inspired_oxygen"] * 7.13 - 1.25 * v["arterial_carbon_dioxide"] - v["arterial_oxygen"]
