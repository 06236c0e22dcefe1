"""Red flags: is there a finding after which nobody should wait?

Rules, not probabilities: only what is present counts, and nothing that is said besides takes a flag away. The rules and their sources are
in `wardline.science.diagnosis.red_flags`; those about symptoms are provisional and therefore never more than a warning.
"""

from dataclasses import dataclass
from typing import Any

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, given, hours, latest
from wardline.core.concepts import Concept
from wardline.core.findings import Answer, Evidence, Finding, Severity, Suggestion, Unknown
from wardline.science.diagnosis.charted import said
from wardline.science.diagnosis.red_flags import Raised, raised

FEVER = 37.8
"""As the presentations ask for it."""


def is_alert(value: Any, concept: Concept) -> bool:
    return bool(value == "A")


@dataclass(frozen=True)
class Arrival(Inputs):
    presentation: str = given()
    findings: dict[str, Any] | None = given(required=False)
    respiratory_rate: float | None = latest(c.RESPIRATORY_RATE, within=hours(12), required=False, preliminary=True)
    oxygen_saturation: float | None = latest(c.OXYGEN_SATURATION, within=hours(12), required=False, preliminary=True)
    systolic_pressure: float | None = latest(c.SYSTOLIC_PRESSURE, within=hours(12), required=False, preliminary=True)
    pulse: float | None = latest(c.PULSE, within=hours(12), required=False, preliminary=True)
    temperature: float | None = latest(c.TEMPERATURE, within=hours(24), required=False, preliminary=True)
    alert: bool | None = latest(c.CONSCIOUSNESS, within=hours(12), required=False, convert=is_alert, preliminary=True)


VITALS = ("respiratory_rate", "oxygen_saturation", "systolic_pressure", "pulse", "temperature")


@capability(
    id="red_flags",
    version="1",
    standing="provisional",
    about="patient",
    live=False,
    reference="Rules with their sources in science/diagnosis/red_flags; vital signs: Royal College of Physicians, NEWS2, 2017",
    caution="Without a red flag nothing is excluded: only what was asked or measured can raise one.",
)
def red_flags(v: Arrival) -> Answer:
    if not said(v.findings) and v.alert is None and all(value is None for value in _vitals(v).values()):
        return Unknown(("findings",), "no finding was stated and no vital sign is fresh")
    flags, vitals = flags_of(v), _vitals(v)
    return Finding(
        value=len(flags),
        severity=Severity.MEDIUM if flags else Severity.NONE,
        summary="; ".join(flag.name for flag in flags) if flags else "No red flag among what is known",
        because=tuple(Evidence(name, vitals.get(name, "yes"), band=f"{flag.name} ({flag.source})") for flag in flags for name in flag.because),
        suggestions=tuple(Suggestion(action) for action in dict.fromkeys(flag.action for flag in flags)),
    )


def flags_of(v: Arrival) -> tuple[Raised, ...]:
    """Every flag that is up."""
    present = {name for known in (said(v.findings), measured(v)) for name, answer in known.items() if answer == "yes"}
    return raised(v.presentation, present, _vitals(v), is_alert=v.alert)


def measured(v: Arrival) -> dict[str, str]:
    """Findings that a measurement answers. Whoever says there is no fever does not take away a measured one."""
    return {} if v.temperature is None else {"fever": "yes" if v.temperature >= FEVER else "no"}


def _vitals(v: Arrival) -> dict[str, float | None]:
    return {name: getattr(v, name) for name in VITALS}
