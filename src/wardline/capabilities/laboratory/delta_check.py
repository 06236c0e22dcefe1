"""Delta check: does this result fit the one before, or was a sample mixed up?

How much change is believable is for the site's laboratory to say (`delta_limits`, a signed table): no published set of limits was
found that could be shipped. One answer per analyte that has a limit and two results close enough in time.
"""

from dataclasses import dataclass

from wardline.capabilities.laboratory.delta_limits import LONGEST, TABLE, Delta, DeltaLimits, delta_limits
from wardline.capabilities.laboratory.signed_table import LABORATORY
from wardline.core.capability import Inputs, Reading, capability, readings, site
from wardline.core.concepts import BY_ID
from wardline.core.findings import Evidence, Finding, Outcome, Severity, Suggestion, Unknown
from wardline.core.quantities import plain, rounded

CHECK = Suggestion("Make sure that both samples are this patient's before acting on the change")


@dataclass(frozen=True)
class Pairs(Inputs):
    results: dict[str, tuple[Reading, ...]] = readings(*LABORATORY, within=LONGEST, last=2)
    delta_limits: DeltaLimits = site(TABLE, read=delta_limits)


@capability(
    id="delta_check",
    version="1",
    standing="verified",
    about="patient",
    reference="The site's own table",
)
def delta_check(v: Pairs) -> tuple[Outcome, ...]:
    table = v.delta_limits
    if not table.signature.is_signed:
        return (Unknown((TABLE,), f"the table of delta limits, version {table.signature.version}, is not signed"),)
    pairs = ((id, delta, v.results[id]) for id, delta in table.limits.items() if len(v.results.get(id, ())) == 2)
    return tuple(
        _answer(id, delta, before, after, table.signature.version) for id, delta, (before, after) in pairs if after.at - before.at <= delta.within
    )


def _answer(id: str, delta: Delta, before: Reading, after: Reading, version: str) -> Outcome:
    concept = BY_ID[id]
    decimals = max(concept.decimals, 2)
    shown = [f"{reading.comparator}{plain(rounded(reading.value, decimals))}" for reading in (before, after)]
    if before.comparator or after.comparator:
        return Unknown((), f"{concept.name} {shown[0]} then {shown[1]} {concept.unit}: the change cannot be told", key=id)
    exceeded = delta.is_exceeded(before.value, after.value)
    return Finding(
        value=rounded(after.value - before.value, decimals),
        unit=concept.unit,
        # A question about the sample, for the laboratory; if the value is dangerous, the critical limits say so.
        severity=Severity.LOW if exceeded else Severity.NONE,
        summary=f"{concept.name} {shown[0]} then {shown[1]} {concept.unit}{f': changed by {delta.words}' if exceeded else ''}",
        because=(
            Evidence("earlier", rounded(before.value, decimals), event=before.event),
            Evidence(id, rounded(after.value, decimals), band=delta.words if exceeded else "", event=after.event),
            Evidence(TABLE, version),
        ),
        key=id,
        suggestions=(CHECK,) if exceeded else (),
    )
