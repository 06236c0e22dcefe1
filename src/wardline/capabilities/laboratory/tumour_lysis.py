"""Laboratory tumour lysis: are dying tumour cells flooding the blood?

Cairo MS, Bishop M. Tumour lysis syndrome: new therapeutic strategies and classification. Br J Haematol 2004;127:3-11 (recalled, not read
here): two or more of urate 8.0 mg/dL (476 umol/L), potassium 6.0 mmol/L, phosphate 4.5 mg/dL (1.45 mmol/L; children 6.5 mg/dL,
2.1 mmol/L) or more, calcium 7.0 mg/dL (1.75 mmol/L) or less, within 24 hours, from 3 days before to 7 days after cytotoxic therapy. The rule
that a change of 25 % from baseline counts as well is left out: Howard et al. (N Engl J Med 2011;364:1844-54) advise against it.
Clinical syndrome: with creatinine 1.5 times the upper limit, arrhythmia or seizure; that is the doctor's to say.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, age_years, capability, given, hours, latest
from wardline.core.findings import Finding, Outcome, Reasons, Severity, Suggestion, Unknown
from wardline.core.quantities import rounded

URATE, POTASSIUM, PHOSPHATE, PHOSPHATE_OF_CHILDREN, CALCIUM = 8.0, 6.0, 4.5, 6.5, 7.0
ADULT = 18
NEEDED = 2


@dataclass(frozen=True)
class Lysis(Inputs):
    cytotoxic_therapy: bool = given()
    age: int = age_years()
    urate: float | None = latest(c.URATE, within=hours(24), required=False)
    potassium: float | None = latest(c.POTASSIUM, within=hours(24), required=False)
    phosphate: float | None = latest(c.PHOSPHATE, within=hours(24), required=False)
    calcium: float | None = latest(c.CALCIUM, within=hours(24), required=False)


@capability(
    id="tumour_lysis",
    version="2004",
    standing="provisional",
    about="patient",
    reference="Cairo and Bishop, Br J Haematol 2004;127:3-11",
    live=False,
    caution="Asked from 3 days before to 7 days after cytotoxic therapy. Calcium is to be corrected for albumin.",
)
def tumour_lysis(v: Lysis) -> Outcome:
    because = Reasons()
    because.add("age", v.age)
    if not v.cytotoxic_therapy:
        because.add("cytotoxic_therapy", "no")
        return Finding("not asked", "No cytotoxic therapy: the criteria are made for it", because=tuple(because.lines))
    because.add("cytotoxic_therapy", "yes")
    phosphate = PHOSPHATE if v.age >= ADULT else PHOSPHATE_OF_CHILDREN
    met, unknown = _criteria(v, phosphate, because)
    if len(met) < NEEDED and len(met) + len(unknown) >= NEEDED:
        return Unknown(tuple(unknown), f"{len(met)} of the {NEEDED} needed criteria met, not all were measured within 24 hours")
    is_lysis = len(met) >= NEEDED
    summary = f"Laboratory tumour lysis: {' and '.join(met)}" if is_lysis else "No laboratory tumour lysis"
    steps = (Suggestion("Look at creatinine, urine output and the ECG now"), Suggestion("Repeat the four values", hours(6))) if is_lysis else ()
    return Finding("met" if is_lysis else "not met", summary, Severity.MEDIUM if is_lysis else Severity.NONE, because=tuple(because.lines),
                   suggestions=steps)  # fmt: skip


def _criteria(v: Lysis, phosphate: float, because: Reasons) -> tuple[list[str], list[str]]:
    """Names of the criteria that are met, and of those nobody measured."""
    rows = (
        ("urate", v.urate, URATE, "mg/dL", True), ("potassium", v.potassium, POTASSIUM, "mmol/L", True),
        ("phosphate", v.phosphate, phosphate, "mg/dL", True), ("calcium", v.calcium, CALCIUM, "mg/dL", False),
    )  # fmt: skip
    met, unknown = [], []
    for name, value, limit, unit, is_high in rows:
        if value is None:
            because.add(name)
            unknown.append(name)
            continue
        is_met = rounded(value, 2) >= limit if is_high else rounded(value, 2) <= limit
        because.add(name, rounded(value, 2), band=f"{limit:g} {unit} or {'more' if is_high else 'less'}" if is_met else "")
        met += [name] if is_met else []
    return met, unknown
