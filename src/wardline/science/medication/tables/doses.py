"""The most of a drug a day, by age, weight, route and what it is given for. Few limits: no open table exists, and a site adds its own."""

from typing import Final

from wardline.core.findings import Severity
from wardline.science.medication.conditions import When
from wardline.science.medication.drug_rule import DrugRule
from wardline.science.medication.interactions.sources import recalled
from wardline.science.medication.problem import Source

H, M, L = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_LABELS: Final = recalled("US product labels, 2 Dosage and administration")
_METHOTREXATE: Final = Source("Methotrexate product label, overdose: daily instead of weekly intake, sometimes fatal", "verified")
_ADULT: Final = 18


def _most(
    drug: str, mg_a_day: float, *, source: Source = _LABELS, severity: Severity = M, age_at_least: int | None = None, note: str = ""
) -> DrugRule:
    """The most of an adult, which a child does not get more of either: limits by weight end there."""
    return DrugRule(
        f"{drug}-{mg_a_day:g}", "dose", (drug,), When(daily_above=mg_a_day, age_at_least=age_at_least), severity,
        f"more than {mg_a_day:g} mg a day{note}", f"At most {mg_a_day:g} mg a day{note}", source, nurse="Ask before the next dose",
    )  # fmt: skip


def _most_of_a_child(drug: str, mg_per_kg: float) -> DrugRule:
    return DrugRule(
        f"{drug}-child", "dose", (drug,), When(daily_per_kg_above=mg_per_kg, age_below=_ADULT), M, f"more than {mg_per_kg:g} mg/kg a day in a child",
        f"At most {mg_per_kg:g} mg/kg a day", _LABELS, nurse="Ask before the next dose",
    )  # fmt: skip


DOSES: Final[tuple[DrugRule, ...]] = (
    DrugRule(
        "methotrexate-weekly", "dose", ("methotrexate",), When(often_above=0.2, route="oral"), H, "by mouth more than once a week",
        "Once a week for arthritis and psoriasis; if it is for cancer, an oncologist confirms the order", _METHOTREXATE,
        nurse="Do not give on a second day of the week; call",
    ),
    _most("tizanidine", 36, source=Source("US label of tizanidine, 13: 36 mg a day is the maximum recommended human dose", "verified")),
    _most("simvastatin", 40, source=Source("Simvastatin, usual range 5 to 40 mg a day with limits on 80 mg, as in a drug reference", "verified"),
        severity=L),
    _most("paracetamol", 4000), _most("ibuprofen", 3200), _most("naproxen", 1500), _most("diclofenac", 150), _most("celecoxib", 400),
    _most("tramadol", 400), _most("citalopram", 40), _most("citalopram", 20, age_at_least=61, note=" over 60 years"), _most("escitalopram", 20),
    _most("metformin", 2550), _most("gabapentin", 3600), _most("pregabalin", 600), _most("zolpidem", 10), _most("digoxin", 0.5),
    _most("spironolactone", 400), _most("furosemide", 600), _most("haloperidol", 100), _most("quetiapine", 800), _most("olanzapine", 20),
    _most("levetiracetam", 3000), _most("allopurinol", 800), _most("atorvastatin", 80), _most("rosuvastatin", 40), _most("amlodipine", 10),
    _most("lisinopril", 80), _most("ramipril", 20), _most("metoclopramide", 40), _most("ondansetron", 32), _most("domperidone", 30),
    _most("amiodarone", 1600), _most("colchicine", 2.4), _most("warfarin", 20, severity=L),
    _most_of_a_child("paracetamol", 75), _most_of_a_child("ibuprofen", 40), _most_of_a_child("amoxicillin", 90),
)  # fmt: skip
