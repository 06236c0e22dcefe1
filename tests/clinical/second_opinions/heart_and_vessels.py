"""Chest pain, atrial fibrillation, thrombosis and bleeding, written down a second time from the published tables."""

from typing import Any

KILLIP = {1: 0, 2: 20, 3: 39, 4: 59}


def grace(v: dict[str, Any]) -> int:
    """Granger 2003: the decade, the band and the class looked up in lists."""
    age = [0, 0, 0, 8, 25, 41, 58, 75, 91, 100][min(v["age_years"] // 10, 9)]
    rate, systolic, creatinine = v["pulse"], v["systolic_pressure"], v["creatinine"]
    pulse = next(points for limit, points in ((50, 0), (70, 3), (90, 9), (110, 15), (150, 24), (200, 38), (1e9, 46)) if rate < limit)
    pressure = next(points for limit, points in ((200, 0), (160, 10), (140, 24), (120, 34), (100, 43), (80, 53), (0, 58)) if systolic >= limit)
    kidney = next(points for limit, points in ((0.4, 1), (0.8, 4), (1.2, 7), (1.6, 10), (2.0, 13), (4.0, 21), (1e9, 28)) if creatinine < limit)
    return age + pulse + pressure + kidney + KILLIP[v["killip_class"]] + 39 * v["cardiac_arrest"] + 28 * v["st_deviation"] + 14 * v["raised_enzymes"]


def heart_score(v: dict[str, Any]) -> int:
    order = {
        "history": ("slightly suspicious", "moderately suspicious", "highly suspicious"),
        "ecg": ("normal", "non-specific repolarisation", "significant ST deviation"),
        "risk_factors": ("none", "one or two", "three or more, or known atherosclerosis"),
        "troponin": ("within the limit", "one to three times the limit", "above three times the limit"),
    }
    return sum(order[name].index(v[name]) for name in order) + (v["age_years"] >= 45) + (v["age_years"] >= 65)


def timi_ua_nstemi(v: dict[str, Any]) -> int:
    return sum(answer is True for answer in v.values()) + (v["age_years"] >= 65)


def cha2ds2_va(v: dict[str, Any]) -> int:
    age = 2 if v["age_years"] > 74 else 1 if v["age_years"] > 64 else 0
    return age + 2 * v["stroke_or_embolism"] + sum(v[name] for name in ("heart_failure", "hypertension", "diabetes", "vascular_disease"))


def cha2ds2_vasc(v: dict[str, Any]) -> int:
    return cha2ds2_va(v) + (v["sex"] == "F")


def has_bled(v: dict[str, Any]) -> int:
    renal = v["dialysis_or_transplant"] or v["creatinine"] * 88.4 >= 199.5  # 2.26 mg/dL in the table's two decimals
    others = ("abnormal_liver", "stroke", "bleeding_or_anaemia", "labile_inr", "antiplatelet_or_nsaid", "alcohol")
    return (v["systolic_pressure"] > 160) + bool(renal) + sum(v[name] for name in others) + (v["age_years"] > 65)


def wells_pulmonary_embolism(v: dict[str, Any]) -> float:
    heavy = 3 * (v["signs_of_deep_vein_thrombosis"] + v["no_likelier_diagnosis"])
    return heavy + 1.5 * ((v["pulse"] > 100) + v["immobile_or_operated"] + v["earlier_thromboembolism"]) + v["haemoptysis"] + v["active_cancer"]


def wells_deep_vein_thrombosis(v: dict[str, Any]) -> int:
    return sum(v.values()) - 3 * v["alternative_as_likely"]


def perc(v: dict[str, Any]) -> int:
    """How many of the eight negatives fail."""
    negatives = (
        v["age_years"] < 50, v["pulse"] < 100, v["oxygen_saturation"] >= 95, not v["one_leg_swollen"], not v["haemoptysis"],
        not v["operated_or_injured"], not v["earlier_thromboembolism"], not v["oestrogen"],
    )  # fmt: skip
    return 8 - sum(negatives)


def padua(v: dict[str, Any]) -> int:
    three = v["active_cancer"] + v["earlier_thromboembolism"] + v["reduced_mobility"] + v["thrombophilia"]
    one = v["heart_or_respiratory_failure"] + v["acute_infarction_or_stroke"] + v["infection_or_rheumatic_disease"] + v["hormonal_treatment"]
    return 3 * three + 2 * v["injured_or_operated"] + one + (v["age_years"] >= 70) + (v["body_mass_index"] >= 30)


CAPRINI_TWO = ("in_bed_over_72_hours", "malignancy", "cast", "central_venous_access")
CAPRINI_THREE = (
    "earlier_thromboembolism", "thromboembolism_in_family", "factor_v_leiden", "prothrombin_20210a", "lupus_anticoagulant",
    "anticardiolipin_antibodies", "raised_homocysteine", "heparin_induced_thrombocytopenia", "other_thrombophilia",
)  # fmt: skip
CAPRINI_FIVE = ("stroke_last_month", "fracture_of_hip_pelvis_or_leg", "spinal_cord_injury_last_month", "multiple_trauma_last_month")


def caprini(v: dict[str, Any]) -> int:
    """Caprini 2005 by its columns: every other yes is one point."""
    yes = {name for name, answer in v.items() if answer is True}
    heavier = sum(weight * len(yes.intersection(names)) for weight, names in ((1, CAPRINI_TWO), (2, CAPRINI_THREE), (4, CAPRINI_FIVE)))
    age = (v["age_years"] > 40) + (v["age_years"] > 60) + (v["age_years"] > 74)
    operation = {"none": 0, "minor": 1, "arthroplasty": 5}.get(v["operation"], 2)
    return len(yes) + heavier + age + operation + (v["body_mass_index"] > 25)
