"""Critical laboratory values: must somebody hear about this result now?

The limits are the site's own table (`critical_limits`), signed by its laboratory: published lists differ too much for a default.
Kost GJ. JAMA 1990;263:704-7 (citation not read here) named such limits critical: results that are telephoned at once. One answer per
analyte. A result with a comparator is critical when it is so for certain; where it leaves the question open, that is the answer.
"""

from dataclasses import dataclass

from wardline.capabilities.laboratory.critical_limits import TABLE, CriticalLimits, Limit, Verdict, critical_limits, verdict_of
from wardline.capabilities.laboratory.signed_table import LABORATORY
from wardline.core.capability import Inputs, Reading, capability, days, readings, site
from wardline.core.concepts import BY_ID
from wardline.core.findings import Evidence, Finding, Outcome, Severity, Suggestion, Unknown
from wardline.core.quantities import plain, rounded

TELL = Suggestion("Tell the clinician responsible at once")


@dataclass(frozen=True)
class Results(Inputs):
    # A critical value stands until the analyte is measured again, for three days at most.
    results: dict[str, tuple[Reading, ...]] = readings(*LABORATORY, within=days(3), last=1)
    critical_limits: CriticalLimits = site(TABLE, read=critical_limits)


@capability(
    id="critical_values",
    version="1",
    standing="verified",
    about="patient",
    reference="The site's own table; Kost, Critical limits for urgent clinician notification at US medical centers, JAMA 1990;263:704-7",
    not_for="under 18 years: the table is for adults",
    ages=(18, None),
    caution="A haemolysed sample raises potassium: look at the sample first.",
)
def critical_values(v: Results) -> tuple[Outcome, ...]:
    table = v.critical_limits
    if not table.signature.is_signed:
        return (Unknown((TABLE,), f"the table of critical limits, version {table.signature.version}, is not signed"),)
    judged = ((id, limit, v.results[id][-1]) for id, limit in table.limits.items() if v.results.get(id))
    return tuple(_answer(id, limit, reading, table.signature.version) for id, limit, reading in judged)


def _answer(id: str, limit: Limit, reading: Reading, version: str) -> Outcome:
    concept = BY_ID[id]
    value = rounded(reading.value, max(concept.decimals, 2))
    shown = f"{concept.name} {reading.comparator}{plain(value)} {concept.unit}"
    verdict = verdict_of(limit, reading.value, reading.comparator)
    if verdict is Verdict.OPEN:
        side = limit.below_words if "<" in reading.comparator and limit.below_words else limit.above_words
        return Unknown((), f"{shown} may be {side} or not", key=id)
    broken = {Verdict.LOW: limit.below_words, Verdict.HIGH: limit.above_words}.get(verdict, "")
    return Finding(
        value=f"{reading.comparator}{plain(value)}" if reading.comparator else value,
        unit=concept.unit,
        # Critical by definition: a result that somebody must be told at once.
        severity=Severity.HIGH if broken else Severity.NONE,
        summary=f"{shown}: critical, {broken}" if broken else f"{shown}: not critical",
        because=(Evidence(id, f"{reading.comparator}{plain(value)}" if reading.comparator else value, band=broken, event=reading.event),
                 Evidence(TABLE, version)),
        key=id,
        suggestions=(TELL,) if broken else (),
    )  # fmt: skip
