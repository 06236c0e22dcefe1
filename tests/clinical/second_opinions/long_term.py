"""Risks of the coming years, livers, kidneys and comorbidity, written down a second time and differently: plain sums from the published formulas."""

import math
from typing import Any


def bounded(value: float, low: float, high: float) -> float:
    return sorted((low, value, high))[1]


def half_up(value: float, decimals: int = 0) -> float:
    return math.floor(value * 10**decimals + 0.5 + 1e-9) / 10**decimals


def meld(v: dict[str, Any]) -> float:
    """As UNOS printed it in 2002, whose coefficients are ten times those of the OPTN's."""
    creatinine = 4.0 if v["dialysis"] else bounded(v["creatinine"], 1.0, 4.0)
    tenths = half_up(9.57 * math.log(creatinine) + 3.78 * math.log(max(1.0, v["bilirubin"])) + 11.2 * math.log(max(1.0, v["inr"])) + 6.43)
    return min(40.0, tenths)


def meld_na(v: dict[str, Any]) -> float:
    first = 9.57 * math.log(4.0 if v["dialysis"] else bounded(v["creatinine"], 1.0, 4.0))
    first = half_up(first + 3.78 * math.log(max(1.0, v["bilirubin"])) + 11.2 * math.log(max(1.0, v["inr"])) + 6.43)
    if first <= 11:
        return first
    sodium = bounded(v["sodium"], 125, 137)
    return min(40.0, half_up(first + 1.32 * (137 - sodium) - 0.033 * first * (137 - sodium)))


def meld_3(v: dict[str, Any]) -> float:
    creatinine = math.log(3.0 if v["dialysis"] else bounded(v["creatinine"], 1.0, 3.0))
    bilirubin, inr = math.log(max(1.0, v["bilirubin"])), math.log(max(1.0, v["inr"]))
    low_sodium, low_albumin = 137 - bounded(v["sodium"], 125, 137), 3.5 - bounded(v["albumin"], 1.5, 3.5)
    total = 6 + 11.14 * creatinine + 9.09 * inr + low_sodium * (0.82 - 0.24 * bilirubin) + low_albumin * (1.85 - 1.83 * creatinine) + 4.56 * bilirubin
    return min(40.0, half_up(total + (1.33 if v["sex"] == "F" or v["age_years"] <= 17 else 0)))


def child_pugh(v: dict[str, Any]) -> int:
    bilirubin = 1 if v["bilirubin"] < 2 else 2 if v["bilirubin"] <= 3 else 3
    albumin = 1 if v["albumin"] > 3.5 else 2 if v["albumin"] >= 2.8 else 3
    inr = 1 if v["inr"] < 1.7 else 2 if v["inr"] <= 2.3 else 3
    signs = ("none", "mild", "moderate").index(v["ascites"]) + ("none", "grade 1-2", "grade 3-4").index(v["encephalopathy"])
    return bilirubin + albumin + inr + signs + 2


def fib_4(v: dict[str, Any]) -> float:
    return half_up(v["ast"] / v["alt"] ** 0.5 / v["platelets"] * v["age_years"], 2)


def cockcroft_gault(v: dict[str, Any]) -> float:
    clearance = v["weight"] * (140 - v["age_years"]) / 72 / v["creatinine"]
    return half_up(clearance if v["sex"] == "M" else clearance * 0.85, 1)


def kfre(v: dict[str, Any]) -> dict[str, float]:
    """Tangri's four variables in one line, as percentages."""
    beta = -0.02201 * (v["age_years"] - 70.36) + 0.2467 * ((v["sex"] == "M") - 0.5642)
    beta += -0.11134 * (v["egfr_ckd_epi_2021"] - 36.11) + 0.451 * (math.log(v["urine_albumin_creatinine"]) - 5.137)
    base = {"north america": (0.975, 0.924), "elsewhere": (0.9832, 0.9365)}[v["kfre_region"]]
    return {f"{years}_years": 100 * (1 - survival ** math.exp(beta)) for years, survival in zip((2, 5), base, strict=True)}


def findrisc(v: dict[str, Any]) -> int:
    age, index, waist, man = v["age_years"], v["body_mass_index"], v["waist"], v["sex"] == "M"
    points = (0 if age < 45 else 2 if age < 55 else 3 if age < 65 else 4) + (0 if index < 25 else 1 if index <= 30 else 3)
    points += (0 if waist < 94 else 3 if waist <= 102 else 4) if man else (0 if waist < 80 else 3 if waist <= 88 else 4)
    points += 2 * (not v["daily_activity"]) + (not v["daily_vegetables"]) + 2 * v["pressure_treated"] + 5 * v["high_glucose_ever"]
    return int(points + {"none": 0, "second degree": 3, "first degree": 5}[v["relatives"]])


def hospital_readmission(v: dict[str, Any]) -> int:
    earlier = v["admissions_last_year"]
    many = 5 if earlier > 5 else 2 if earlier >= v["hospital_admissions_from"] else 0
    return int(
        (v["haemoglobin"] < 12) + 2 * v["oncology_service"] + (v["sodium"] < 135) + v["procedure"] + v["non_elective"] + many
        + 2 * (v["length_of_stay"] >= 5)
    )  # fmt: skip


def morse(v: dict[str, Any]) -> int:
    aid, gait = {"none": 0, "crutch": 15, "furniture": 30}[v["walking_aid"]], {"normal": 0, "weak": 10, "impaired": 20}[v["gait"]]
    return int(25 * v["fall_history"] + 15 * (v["secondary_diagnosis"] + v["overestimates_ability"]) + 20 * v["intravenous_access"] + aid + gait)


def glasgow_blatchford(v: dict[str, Any]) -> int:
    urea, haemoglobin, systolic = v["urea_nitrogen"], v["haemoglobin"], v["systolic_pressure"]
    points = 0 if urea < 18.2 else 2 if urea < 22.4 else 3 if urea < 28 else 4 if urea < 70 else 6
    if v["sex"] == "M":
        points += 6 if haemoglobin < 10 else 3 if haemoglobin < 12 else 1 if haemoglobin < 13 else 0
    else:
        points += 6 if haemoglobin < 10 else 1 if haemoglobin < 12 else 0
    points += 3 if systolic < 90 else 2 if systolic < 100 else 1 if systolic < 110 else 0
    return int(points + (v["pulse"] >= 100) + v["melaena"] + 2 * (v["syncope"] + v["liver_disease"] + v["heart_failure"]))


def pce(v: dict[str, Any]) -> float:
    """Goff 2013, the four sums written out, in percent."""
    a, t, h, s = (math.log(v[name]) for name in ("age_years", "cholesterol", "hdl_cholesterol", "systolic_pressure"))
    smoker, diabetes, treated = v["smoker"], v["diabetes"], v["pressure_treated"]
    if v["equation"] == "white" and v["sex"] == "F":
        total = a * (4.884 * a - 29.799 + 3.149 * h - 3.114 * t - 1.665 * smoker) + 13.54 * t - 13.578 * h + s * (2.019 if treated else 1.957)
        return 100 * (1 - 0.9665 ** math.exp(total + 7.574 * smoker + 0.661 * diabetes + 29.18))
    if v["equation"] == "white":
        total = a * (12.344 + 1.769 * h - 2.664 * t - 1.795 * smoker) + 11.853 * t - 7.99 * h + s * (1.797 if treated else 1.764)
        return 100 * (1 - 0.9144 ** math.exp(total + 7.837 * smoker + 0.658 * diabetes - 61.18))
    if v["sex"] == "F":
        pressure = s * ((29.291 - 6.432 * a) if treated else (27.82 - 6.087 * a))
        total = a * (17.114 + 4.475 * h) + 0.94 * t - 18.92 * h + pressure + 0.691 * smoker + 0.874 * diabetes
        return 100 * (1 - 0.9533 ** math.exp(total - 86.61))
    total = 2.469 * a + 0.302 * t - 0.307 * h + s * (1.916 if treated else 1.809) + 0.549 * smoker + 0.645 * diabetes
    return 100 * (1 - 0.8954 ** math.exp(total - 19.54))
