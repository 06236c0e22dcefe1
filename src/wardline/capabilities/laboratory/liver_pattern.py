"""Liver pattern: is the liver hurt in its cells, in its bile flow, or in both?

R = (ALT / its upper limit) / (alkaline phosphatase / its upper limit): 5 or more hepatocellular, 2 or less cholestatic, between them
mixed. Chalasani NP et al. ACG Clinical Guideline: idiosyncratic drug-induced liver injury. Am J Gastroenterol 2021;116:878-98 (not read
here; the definition is the same in every source seen). Hy's law (ALT or AST at least 3 times and bilirubin at least twice its upper limit,
alkaline phosphatase below twice): FDA, Drug-Induced Liver Injury, Guidance for Industry, 2009 (not read here). The upper limits are those
of the laboratory and must be said: they differ too much for a default.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, hours, latest
from wardline.core.findings import Finding, Reasons, Severity, Suggestion
from wardline.core.quantities import rounded

HEPATOCELLULAR, CHOLESTATIC = 5.0, 2.0
HY_TRANSAMINASE, HY_BILIRUBIN, HY_PHOSPHATASE = 3.0, 2.0, 2.0


@dataclass(frozen=True)
class Liver(Inputs):
    alt: float = latest(c.ALT, within=days(3), together=hours(24))
    alkaline_phosphatase: float = latest(c.ALKALINE_PHOSPHATASE, within=days(3), together=hours(24))
    alt_upper_limit: float = given()
    alkaline_phosphatase_upper_limit: float = given()
    bilirubin: float | None = latest(c.BILIRUBIN, within=days(3), required=False)
    bilirubin_upper_limit: float | None = given(required=False)


@capability(
    id="liver_pattern",
    version="1",
    standing="provisional",
    about="patient",
    reference="Chalasani et al., Am J Gastroenterol 2021;116:878-98; FDA, Drug-Induced Liver Injury, 2009",
    live=False,
    caution="The ratio says where to look. In acute biliary obstruction ALT may rise first.",
)
def liver_pattern(v: Liver) -> Finding:
    because = Reasons()
    alt, phosphatase = v.alt / v.alt_upper_limit, v.alkaline_phosphatase / v.alkaline_phosphatase_upper_limit
    because.add("alt", v.alt, band=f"{rounded(alt, 1):g} times the upper limit")
    because.add("alkaline_phosphatase", v.alkaline_phosphatase, band=f"{rounded(phosphatase, 1):g} times the upper limit")
    because.add("alt_upper_limit", v.alt_upper_limit)
    because.add("alkaline_phosphatase_upper_limit", v.alkaline_phosphatase_upper_limit)
    if alt <= 1 and phosphatase <= 1:
        return Finding("none", "ALT and alkaline phosphatase within the laboratory's limits", because=tuple(because.lines))
    ratio = alt / phosphatase
    pattern, suggestion = _pattern(ratio)
    hy = _is_hy(v, alt, phosphatase, because)
    summary = f"{pattern.capitalize()} pattern, R {rounded(ratio, 1):g}{'; meets the numbers of Hy’s law' if hy else ''}"
    return Finding(pattern, summary, Severity.MEDIUM if hy else Severity.LOW, because=tuple(because.lines), suggestions=(Suggestion(suggestion),))


def _pattern(ratio: float) -> tuple[str, str]:
    if ratio >= HEPATOCELLULAR:
        return "hepatocellular", "Go through all drugs; ask for hepatitis serology and paracetamol, and INR for liver function"
    if ratio <= CHOLESTATIC:
        return "cholestatic", "Ask for gamma GT and ultrasound of the bile ducts"
    return "mixed", "Go through all drugs; ask for ultrasound and hepatitis serology"


def _is_hy(v: Liver, alt: float, phosphatase: float, because: Reasons) -> bool:
    if v.bilirubin is None or v.bilirubin_upper_limit is None:
        because.add("bilirubin", v.bilirubin, band="upper limit not known" if v.bilirubin is not None else "")
        return False
    times = v.bilirubin / v.bilirubin_upper_limit
    because.add("bilirubin", rounded(v.bilirubin, 1), band=f"{rounded(times, 1):g} times the upper limit")
    return alt >= HY_TRANSAMINASE and times >= HY_BILIRUBIN and phosphatase < HY_PHOSPHATASE
