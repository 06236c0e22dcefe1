"""Result trend: has this result changed by more than chance, and how fast?

Reference change value, 1.96 x sqrt(2) x sqrt(CVa2 + CVi2): Harris EK, Yasaka T. On the calculation of a "reference change" for comparing
two consecutive measurements. Clin Chem 1983;29:25-30 (not read here; the formula is the same in every source seen). The variations are the
site's table (`biological_variation`), signed by its laboratory. One answer per analyte with two results or more: the newest against the one
before, and the slope over all results of the time looked at.
"""

from dataclasses import dataclass

from wardline.capabilities.laboratory.signed_table import LABORATORY
from wardline.capabilities.laboratory.variation_tables import TABLE, BiologicalVariation, biological_variation
from wardline.core.capability import Inputs, Reading, capability, days, readings, site
from wardline.core.concepts import BY_ID
from wardline.core.findings import Evidence, Finding, Outcome, Severity, Unknown
from wardline.core.quantities import plain, rounded

FEW = 3
"""Fewer results than this have no slope worth drawing."""
_DAY = 86_400.0


@dataclass(frozen=True)
class Results(Inputs):
    results: dict[str, tuple[Reading, ...]] = readings(*LABORATORY, within=days(14), last=20)
    biological_variation: BiologicalVariation = site(TABLE, read=biological_variation)


@capability(
    id="result_trend",
    version="1",
    standing="verified",
    about="patient",
    reference="Harris and Yasaka, Clin Chem 1983;29:25-30; the site's own table of variation",
    live=False,
    caution="Made for people in a steady state: in acute illness results may change this much without meaning more.",
)
def result_trend(v: Results) -> tuple[Outcome, ...]:
    table = v.biological_variation
    if not table.signature.is_signed:
        return (Unknown((TABLE,), f"the table of biological variation, version {table.signature.version}, is not signed"),)
    known = ((id, limit, v.results[id]) for id, limit in table.change_values.items() if len(v.results.get(id, ())) > 1)
    return tuple(_answer(id, limit, values, table.signature.version) for id, limit, values in known)


def _answer(id: str, limit: float, values: tuple[Reading, ...], version: str) -> Outcome:
    concept = BY_ID[id]
    before, after = values[-2:]
    decimals = max(concept.decimals, 2)
    shown = " then ".join(f"{each.comparator}{plain(rounded(each.value, decimals))}" for each in (before, after))
    if before.comparator or after.comparator or before.value <= 0:
        return Unknown((), f"{concept.name} {shown} {concept.unit}: the change cannot be told", key=id)
    change = 100 * (after.value - before.value) / before.value
    is_more = round(abs(change), 6) > limit
    direction = "risen" if change > 0 else "fallen"
    verdict = f"{direction} by more than chance" if is_more else "no more than chance"
    slope = _slope(values)
    speed = f", {'+' if slope > 0 else ''}{plain(rounded(slope, 2))} {concept.unit} a day" if slope is not None else ""
    because = (
        Evidence("earlier", rounded(before.value, decimals), event=before.event),
        Evidence(
            id, rounded(after.value, decimals), band=f"{rounded(change, 0):g} %, reference change value {rounded(limit, 0):g} %", event=after.event
        ),
        Evidence(TABLE, version),
    )
    severity = Severity.LOW if is_more else Severity.NONE
    return Finding(rounded(change, 1), f"{concept.name} {shown} {concept.unit}: {verdict}{speed}", severity, "%", because, key=id)


def _slope(values: tuple[Reading, ...]) -> float | None:
    """Least squares, per day; None for too few results, or all of one moment. Bounded ones do not count."""
    plain_values = [each for each in values if not each.comparator]
    if len(plain_values) < FEW:
        return None
    days_since = [(each.at - plain_values[0].at).total_seconds() / _DAY for each in plain_values]
    middle, mean = sum(days_since) / len(days_since), sum(each.value for each in plain_values) / len(plain_values)
    spread = sum((day - middle) ** 2 for day in days_since)
    return sum((day - middle) * (each.value - mean) for day, each in zip(days_since, plain_values, strict=True)) / spread if spread else None
