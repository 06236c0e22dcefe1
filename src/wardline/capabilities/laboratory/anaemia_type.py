"""Anaemia type: is this patient anaemic, of which kind, and which test settles it?

Haemoglobin limits: WHO, Guideline on haemoglobin cutoffs to define anaemia, 2024 (adults: men below 13.0, women below 12.0, in pregnancy
below 11.0 g/dL in the first and third and 10.5 in the second trimester; not read here, recalled). MCV 80 to 100 fL, ferritin below 30
ng/mL as iron deficiency and below 100 as possible iron deficiency where C-reactive protein is raised: recalled from guidelines of
gastroenterology and heart failure, not read here; the laboratory's own limits go before them.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, latest, sex
from wardline.core.findings import Evidence, Finding, Reasons, Severity, Suggestion
from wardline.core.quantities import rounded

LIMITS = {"M": 13.0, "F": 12.0}  # g/dL, WHO 2024
SEVERE = 8.0  # g/dL, WHO 2024: severe anaemia of adults who are not pregnant
SMALL, LARGE = 80.0, 100.0  # fL
EMPTY_STORES, EMPTY_IF_INFLAMED = 30.0, 100.0  # ng/mL
INFLAMED = 8.0  # mg/L, C-reactive protein: the upper limit of the Medical Council of Canada's table
LOW_B12, LOW_FOLATE = 200.0, 4.0  # pg/mL, ng/mL; recalled
MANY_RETICULOCYTES = 2.5  # %; recalled


@dataclass(frozen=True)
class Blood(Inputs):
    haemoglobin: float = latest(c.HAEMOGLOBIN, within=days(7))
    sex: str = sex()
    mean_cell_volume: float | None = latest(c.MEAN_CELL_VOLUME, within=days(30), required=False)
    ferritin: float | None = latest(c.FERRITIN, within=days(90), required=False)
    c_reactive_protein: float | None = latest(c.C_REACTIVE_PROTEIN, within=days(30), required=False)
    vitamin_b12: float | None = latest(c.VITAMIN_B12, within=days(365), required=False)
    folate: float | None = latest(c.FOLATE, within=days(365), required=False)
    reticulocytes: float | None = latest(c.RETICULOCYTES, within=days(30), required=False)


@capability(
    id="anaemia_type",
    version="1",
    standing="provisional",
    about="patient",
    reference="WHO, Guideline on haemoglobin cutoffs to define anaemia, 2024; MCV and ferritin limits as commonly taught",
    not_for="under 15 years, pregnancy: their limits differ",
    ages=(15, None),
    pregnancy=False,
    live=False,
    caution="A type is a direction to look in, not a diagnosis. Bleeding comes first.",
)
def anaemia_type(v: Blood) -> Finding:
    limit, because = LIMITS[v.sex], Reasons()
    because.add("haemoglobin", rounded(v.haemoglobin, 1), band=f"below {limit:g} g/dL" if v.haemoglobin < limit else f"{limit:g} g/dL or more")
    because.add("sex", v.sex)
    if v.haemoglobin >= limit:
        return Finding("none", f"No anaemia: haemoglobin {rounded(v.haemoglobin, 1):g} g/dL", because=tuple(because.lines))
    kind, next_test = _kind(v, because)
    severity = Severity.MEDIUM if v.haemoglobin < SEVERE else Severity.LOW
    return Finding(
        kind, f"Anaemia, {kind}: haemoglobin {rounded(v.haemoglobin, 1):g} g/dL", severity, because=tuple(because.lines),
        suggestions=(Suggestion(next_test),),
    )  # fmt: skip


def _kind(v: Blood, because: Reasons) -> tuple[str, str]:
    """What kind it looks like, and what to do or ask next."""
    volume = v.mean_cell_volume
    if volume is None:
        because.add("mean_cell_volume")
        return "type not known", "Ask for the MCV"
    size = "microcytic" if volume < SMALL else "macrocytic" if volume > LARGE else "normocytic"
    because.add("mean_cell_volume", rounded(volume, 0), band=size)
    if size == "macrocytic":
        return _macrocytic(v, because)
    return _by_iron(v, size, because)


def _by_iron(v: Blood, size: str, because: Reasons) -> tuple[str, str]:
    if v.ferritin is None:
        because.add("ferritin")
        return size, "Ask for ferritin and C-reactive protein"
    inflamed = v.c_reactive_protein is not None and v.c_reactive_protein > INFLAMED
    limit = EMPTY_IF_INFLAMED if inflamed else EMPTY_STORES
    low = v.ferritin < limit
    because.add("ferritin", rounded(v.ferritin, 0), band=f"below {limit:g} ng/mL" if low else f"{limit:g} ng/mL or more")
    if v.c_reactive_protein is not None:
        because.add("c_reactive_protein", rounded(v.c_reactive_protein, 1), band="inflammation" if inflamed else "")
    if low:
        sure = "iron deficiency" if v.ferritin < EMPTY_STORES else "possible iron deficiency with inflammation"
        return f"{size}, {sure}", "Look for blood loss; ask for transferrin saturation where inflammation is present"
    if size == "microcytic":
        return "microcytic, iron stores not empty", "Ask for transferrin saturation and haemoglobin electrophoresis"
    return _normocytic(v, inflamed, because)


def _normocytic(v: Blood, inflamed: bool, because: Reasons) -> tuple[str, str]:
    if v.reticulocytes is None:
        because.add("reticulocytes")
        return "normocytic", "Ask for reticulocytes and creatinine"
    many = v.reticulocytes > MANY_RETICULOCYTES
    because.add("reticulocytes", rounded(v.reticulocytes, 1), band="raised" if many else "")
    if many:
        return "normocytic, marrow answering", "Look for bleeding; ask for LDH, haptoglobin and bilirubin for haemolysis"
    return f"normocytic, {'with inflammation' if inflamed else 'marrow not answering'}", "Ask for creatinine, vitamin B12 and folate"


def _macrocytic(v: Blood, because: Reasons) -> tuple[str, str]:
    unknown = [name for name, value in (("vitamin_b12", v.vitamin_b12), ("folate", v.folate)) if value is None]
    for name in unknown:
        because.add(name)
    found: list[Evidence] = []
    for name, value, limit, words in (("vitamin_b12", v.vitamin_b12, LOW_B12, "vitamin B12"), ("folate", v.folate, LOW_FOLATE, "folate")):
        if value is not None:
            low = value < limit
            because.add(name, rounded(value, 1), band="low" if low else "")
            found += [because.lines[-1]._replace(band=words)] if low else []
    if found:
        return f"macrocytic, {' and '.join(line.band for line in found)} deficiency", "Look for the cause before or while replacing it"
    if unknown:
        return "macrocytic", "Ask for vitamin B12 and folate"
    return "macrocytic, vitamins present", "Think of alcohol, liver, thyroid and drugs; ask for reticulocytes and a blood film"
