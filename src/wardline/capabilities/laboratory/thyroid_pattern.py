"""Thyroid pattern: what do TSH and free thyroxine say together?

The combinations are those of every textbook of endocrinology (recalled, none read here). The limits are the laboratory's own and must be
said: they depend on the method, on age and on pregnancy. In somebody acutely ill the same numbers mean less.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, days, given, latest
from wardline.core.findings import Finding, Reasons, Severity, Suggestion
from wardline.core.quantities import rounded

# (TSH, free thyroxine) -> what it looks like, and what comes next.
PATTERNS = {
    ("high", "low"): ("primary hypothyroidism", "Ask for thyroid peroxidase antibodies"),
    ("high", "normal"): ("subclinical hypothyroidism", "Repeat both in two to three months"),
    ("high", "high"): ("TSH not suppressed by high thyroxine", "Look for interference and thyroxine taken shortly before; ask an endocrinologist"),
    ("low", "high"): ("primary hyperthyroidism", "Ask for TSH receptor antibodies"),
    ("low", "normal"): ("subclinical hyperthyroidism or high T3", "Ask for free T3"),
    ("low", "low"): ("central hypothyroidism or acute illness", "Ask for cortisol before thyroxine is given"),
    ("normal", "low"): ("central hypothyroidism or acute illness", "Ask for cortisol; repeat after the illness"),
    ("normal", "high"): ("thyroxine high with normal TSH", "Look for interference, amiodarone, heparin and thyroxine taken"),
    ("normal", "normal"): ("normal", ""),
}  # fmt: skip


@dataclass(frozen=True)
class Thyroid(Inputs):
    thyrotropin: float = latest(c.THYROTROPIN, within=days(90), together=days(3))
    free_thyroxine: float = latest(c.FREE_THYROXINE, within=days(90), together=days(3))
    thyrotropin_lower_limit: float = given()
    thyrotropin_upper_limit: float = given()
    free_thyroxine_lower_limit: float = given()
    free_thyroxine_upper_limit: float = given()


@capability(
    id="thyroid_pattern",
    version="1",
    standing="provisional",
    about="patient",
    reference="The laboratory's own limits; the combinations as commonly taught",
    live=False,
    caution="In acute illness TSH and thyroxine are low without disease of the thyroid.",
)
def thyroid_pattern(v: Thyroid) -> Finding:
    because = Reasons()
    tsh = _place(v.thyrotropin, v.thyrotropin_lower_limit, v.thyrotropin_upper_limit)
    thyroxine = _place(v.free_thyroxine, v.free_thyroxine_lower_limit, v.free_thyroxine_upper_limit)
    because.add("thyrotropin", rounded(v.thyrotropin, 2), band=f"{tsh}: {v.thyrotropin_lower_limit:g} to {v.thyrotropin_upper_limit:g}")
    because.add(
        "free_thyroxine", rounded(v.free_thyroxine, 2), band=f"{thyroxine}: {v.free_thyroxine_lower_limit:g} to {v.free_thyroxine_upper_limit:g}"
    )
    pattern, suggestion = PATTERNS[tsh, thyroxine]
    summary = f"TSH {tsh}, free thyroxine {thyroxine}: {pattern}"
    severity = Severity.NONE if pattern == "normal" else Severity.LOW
    return Finding(pattern, summary, severity, because=tuple(because.lines), suggestions=(Suggestion(suggestion),) if suggestion else ())


def _place(value: float, low: float, high: float) -> str:
    return "low" if value < low else "high" if value > high else "normal"
