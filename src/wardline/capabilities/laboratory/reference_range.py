"""Reference ranges: which of the latest results lie outside what is usual for somebody of this age and sex?

The ranges are the site's own table (`reference_ranges`), signed by its laboratory: published ranges differ by method, and no openly licensed
set by age and sex was found that could be shipped. One answer per analyte that has a range and a result.
"""

import math
from dataclasses import dataclass

from wardline.capabilities.laboratory.range_tables import TABLE, Range, ReferenceRanges, reference_ranges
from wardline.capabilities.laboratory.signed_table import LABORATORY
from wardline.core.capability import Inputs, Reading, age_years, capability, days, readings, sex, site
from wardline.core.concepts import BY_ID
from wardline.core.findings import Evidence, Finding, Outcome, Severity, Unknown
from wardline.core.quantities import plain, rounded


@dataclass(frozen=True)
class Results(Inputs):
    results: dict[str, tuple[Reading, ...]] = readings(*LABORATORY, within=days(30), last=1)
    reference_ranges: ReferenceRanges = site(TABLE, read=reference_ranges)
    age: int | None = age_years(required=False)
    sex: str | None = sex(required=False)


@capability(
    id="reference_range",
    version="1",
    standing="verified",
    about="patient",
    reference="The site's own table",
    live=False,
    caution="One healthy person in twenty lies outside any range of this kind.",
)
def reference_range(v: Results) -> tuple[Outcome, ...]:
    table = v.reference_ranges
    if not table.signature.is_signed:
        return (Unknown((TABLE,), f"the table of reference ranges, version {table.signature.version}, is not signed"),)
    known = ((id, ranges, v.results[id][-1]) for id, ranges in table.ranges.items() if v.results.get(id))
    return tuple(_answer(id, ranges, reading, v, table.signature.version) for id, ranges, reading in known)


def _answer(id: str, ranges: tuple[Range, ...], reading: Reading, v: Results, version: str) -> Outcome:
    concept = BY_ID[id]
    verdicts = [(each, each.fits(v.age, v.sex)) for each in ranges]
    fitting = next((each for each, fits in verdicts if fits), None)
    value = rounded(reading.value, max(concept.decimals, 2))
    shown = f"{concept.name} {reading.comparator}{plain(value)} {concept.unit}".rstrip()
    if fitting is None:
        unclear = any(fits is None for _, fits in verdicts)
        missing = tuple(name for name, known in (("age", v.age), ("sex", v.sex)) if known is None) if unclear else ()
        return Unknown(missing, f"{shown}: the site has no range for this patient", key=id)
    place = _place(reading, fitting)
    if place is None:
        return Unknown((), f"{shown} may lie within {_words(fitting)} or not", key=id)
    because = (Evidence(id, f"{reading.comparator}{plain(value)}" if reading.comparator else value, band=f"{place}: {_words(fitting)}",
                        event=reading.event), Evidence(TABLE, version))  # fmt: skip
    severity = Severity.NONE if place == "within" else Severity.LOW
    return Finding(place, f"{shown}: {place if place == 'within' else f'{place},'} {_words(fitting)}", severity, because=because, key=id)


def _place(reading: Reading, usual: Range) -> str | None:
    """None where a bounded result leaves it open."""
    if ">" in reading.comparator:
        return "high" if reading.value >= usual.high else None
    if "<" in reading.comparator:
        return "low" if reading.value <= usual.low else None
    return "low" if reading.value < usual.low else "high" if reading.value > usual.high else "within"


def _words(usual: Range) -> str:
    if usual.low == -math.inf:
        return f"up to {plain(usual.high)}"
    return f"{plain(usual.low)} or more" if usual.high == math.inf else f"{plain(usual.low)} to {plain(usual.high)}"
