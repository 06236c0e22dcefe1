"""Formulas of MedCalc-Bench as questions to our capabilities: which one is asked, with what, and where its answer stands."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core import concepts as c
from wardline.learning.evaluation.medcalc.patient import Patient

Question: TypeAlias = dict[str, Any]
Answer: TypeAlias = Mapping[str, Any]


def value(answer: Answer) -> Any:
    return answer.get("value")


def reason(name: str) -> Callable[[Answer], Any]:
    """The value that stands among the reasons under this name."""
    return lambda answer: next((line.get("value") for line in answer.get("because", ()) if line["input"] == name), None)


def key(name: str) -> Callable[[Answer], Any]:
    """The value of one of several answers."""
    return lambda answer: next((each.get("value") for each in answer.get("answers", ()) if each.get("key") == name), None)


class Calculator(NamedTuple):
    """A calculator of the set, answered by a capability."""

    capability: str
    ask: Callable[[Patient], Question]
    read: Callable[[Answer], Any] = value


def lab(**names: tuple[str, Any]) -> Callable[[Patient], Question]:
    """A question of measured values: input = (what the set calls it, its concept). Those not mentioned are left out."""
    return lambda p: {name: p.measured(called, concept) for name, (called, concept) in names.items() if p.has(called)}


def with_person(ask: Callable[[Patient], Question]) -> Callable[[Patient], Question]:
    """The same with age and sex."""
    return lambda p: {**ask(p), "age_years": p.age, "sex": p.sex}


CREATININE: Final = {"creatinine": ("creatinine", c.CREATININE)}
SIZE: Final = {"weight": ("weight", c.WEIGHT), "height": ("height", c.HEIGHT)}
IONS: Final = {"sodium": ("Sodium", c.SODIUM), "chloride": ("Chloride", c.CHLORIDE), "bicarbonate": ("Bicarbonate", c.BICARBONATE)}
ALBUMIN: Final = {"albumin": ("Albumin", c.ALBUMIN)}
ECG: Final = lab(qt_interval=("QT interval", c.QT_INTERVAL), pulse=("Heart Rate or Pulse", c.PULSE))


def _cockcroft_gault(p: Patient) -> Question:
    return {**with_person(lab(**CREATININE, **SIZE))(p), "weight_used": "by bmi"}


def _body(p: Patient) -> Question:
    return {**lab(**SIZE)(p), "sex": p.sex}


def _framingham(p: Patient) -> Question:
    ask = lab(
        cholesterol=("Total cholesterol", c.CHOLESTEROL), hdl_cholesterol=("high-density lipoprotein cholesterol", c.HDL_CHOLESTEROL),
        systolic_pressure=("Systolic Blood Pressure", c.SYSTOLIC_PRESSURE),
    )  # fmt: skip
    treated = p.said("Blood pressure being treated with medicines")
    return {**with_person(ask)(p), "smoker": p.said("Smoker"), "pressure_treated": treated}


def _osmolality(p: Patient) -> Question:
    # Only the calculated part is compared: any measured one will do.
    ask = lab(sodium=("Sodium", c.SODIUM), glucose=("Glucose", c.GLUCOSE), urea_nitrogen=("Blood Urea Nitrogen (BUN)", c.UREA_NITROGEN))
    return {**ask(p), "osmolality": 290}


def _corrected_sodium(p: Patient) -> Question:
    return {**lab(sodium=("Sodium", c.SODIUM), glucose=("Glucose", c.GLUCOSE))(p), "corrected_sodium_formula": "hillier"}


def _pregnancy(p: Patient) -> Question:
    today = {"asked_at": p.day("Current Date") + "T12:00:00Z"} if p.has("Current Date") else {}
    cycle = {"cycle_days": p.plain("cycle length")} if p.has("cycle length") else {}
    return {"last_period": p.day("Last menstrual date"), **cycle, **today}


def _steroid(p: Patient) -> Question:
    name, dose, _ = p.known["input steroid"]
    return {"steroid": _substance(name), "dose": dose, "to": _substance(p.known["target steroid"])}


def _substance(name: str) -> str:
    """ "Triamcinolone IV" without its route."""
    return name.split()[0].lower()


def _opioids(p: Patient) -> Question:
    doses = {}
    for name in p.known:
        if name.endswith(" Dose"):
            opioid = name.removesuffix(" Dose").lower()
            doses[opioid] = p.plain(name) * p.plain(f"{name} Per Day")
    return {"opioids": doses}


def _fluids(p: Patient) -> Question:
    return lab(weight=("weight", c.WEIGHT))(p)


def _water(p: Patient) -> Question:
    return with_person(lab(sodium=("Sodium", c.SODIUM), weight=("weight", c.WEIGHT)))(p)


FORMULAS: Final[dict[str, Calculator]] = {
    "Creatinine Clearance (Cockcroft-Gault Equation)": Calculator("cockcroft_gault", _cockcroft_gault),
    "CKD-EPI Equations for Glomerular Filtration Rate": Calculator("egfr_ckd_epi_2021", with_person(lab(**CREATININE))),
    "MDRD GFR Equation": Calculator("egfr_mdrd", with_person(lab(**CREATININE))),
    "Mean Arterial Pressure (MAP)": Calculator("mean_arterial_pressure", lab(
        systolic_pressure=("Systolic Blood Pressure", c.SYSTOLIC_PRESSURE), diastolic_pressure=("Diastolic Blood Pressure", c.DIASTOLIC_PRESSURE),
    )),
    "Body Mass Index (BMI)": Calculator("body_mass_index", lambda p: {**lab(**SIZE)(p), "age_years": 40}),
    "Body Surface Area Calculator": Calculator("body_surface_area", lab(**SIZE)),
    "Ideal Body Weight": Calculator("ideal_body_weight", _body),
    "Adjusted Body Weight": Calculator("ideal_body_weight", _body, reason("adjusted_weight")),
    "Calcium Correction for Hypoalbuminemia": Calculator("corrected_calcium", lab(calcium=("Calcium", c.CALCIUM), **ALBUMIN)),
    "Sodium Correction for Hyperglycemia": Calculator("corrected_sodium", _corrected_sodium),
    "Anion Gap": Calculator("anion_gap", lab(**IONS)),
    "Albumin Corrected Anion Gap": Calculator("anion_gap", lab(**IONS, **ALBUMIN), reason("corrected_for_albumin")),
    "Delta Gap": Calculator("delta_ratio", lab(**IONS), reason("delta_gap")),
    "Delta Ratio": Calculator("delta_ratio", lab(**IONS)),
    "Albumin Corrected Delta Gap": Calculator("delta_ratio", lab(**IONS, **ALBUMIN), reason("delta_gap")),
    "Albumin Corrected Delta Ratio": Calculator("delta_ratio", lab(**IONS, **ALBUMIN)),
    "Serum Osmolality": Calculator("osmolal_gap", _osmolality, reason("calculated_osmolality")),
    "Free Water Deficit": Calculator("free_water_deficit", _water),
    "Fractional Excretion of Sodium (FENa)": Calculator("fractional_excretion_of_sodium", lab(
        urine_sodium=("Urine sodium", c.URINE_SODIUM), urine_creatinine=("Urine creatinine", c.URINE_CREATININE), sodium=("Sodium", c.SODIUM),
        **CREATININE,
    )),
    "LDL Calculated": Calculator("ldl_cholesterol", lab(
        cholesterol=("Total cholesterol", c.CHOLESTEROL), hdl_cholesterol=("high-density lipoprotein cholesterol", c.HDL_CHOLESTEROL),
        triglycerides=("Triglycerides", c.TRIGLYCERIDES),
    )),
    "Framingham Risk Score for Hard Coronary Heart Disease": Calculator("framingham_hard_chd", _framingham),
    "Fibrosis-4 (FIB-4) Index for Liver Fibrosis": Calculator("fib_4", lambda p: {"age_years": p.age, **lab(
        ast=("Aspartate aminotransferase", c.AST), alt=("Alanine aminotransferase", c.ALT), platelets=("Platelet count", c.PLATELETS))(p),
    }),
    "QTc Bazett Calculator": Calculator("qtc", ECG, reason("bazett")),
    "QTc Fridericia Calculator": Calculator("qtc", ECG, reason("fridericia")),
    "QTc Framingham Calculator": Calculator("qtc", ECG, reason("framingham")),
    "QTc Hodges Calculator": Calculator("qtc", ECG, reason("hodges")),
    "Maintenance Fluids Calculations": Calculator("maintenance_fluids", _fluids),
    "Steroid Conversion Calculator": Calculator("steroid_conversion", _steroid),
    "Morphine Milligram Equivalents (MME) Calculator": Calculator("morphine_equivalents", _opioids),
    "Estimated Due Date": Calculator("due_date", _pregnancy, key("due")),
    "Estimated of Conception": Calculator("due_date", _pregnancy, key("conception")),
    "Estimated Gestational Age": Calculator("due_date", _pregnancy, key("gestational_age")),
}  # fmt: skip
