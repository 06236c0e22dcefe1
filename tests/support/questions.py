"""Questions for tests: is anything out of limits, is NEWS2 worrying?

Small capabilities of the shapes the engine must handle: several answers by key, an answer that rests on another one, one that fails.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import ATTRIBUTE, Capability, Inputs, Reading, capability, finding, hours, latest, readings
from wardline.core.events import Found
from wardline.core.findings import Evidence, Finding, Severity

LIMITS = {"potassium": (2.5, 6.5), "sodium": (120.0, 160.0)}
FATAL_PULSE = 99.0
"""A pulse at which `stumbling` raises."""


@dataclass(frozen=True)
class Analytes(Inputs):
    values: dict[str, tuple[Reading, ...]] = readings(c.POTASSIUM, c.SODIUM, within=hours(24))


@capability(id="out_of_limits", version="1", standing="verified", about="patient", reference="made up for tests")
def out_of_limits(v: Analytes) -> tuple[Finding, ...]:
    """One answer per analyte whose newest value is outside its limits."""
    found = []
    for name, series in v.values.items():
        low, high = LIMITS[name]
        newest = series[-1]
        if not low <= newest.value <= high:
            because = (Evidence(name, newest.value, event=newest.event),)
            found.append(Finding(newest.value, f"{name} {newest.value:g}", Severity.HIGH, because=because, key=name))
    return tuple(found)


@dataclass(frozen=True)
class Score(Inputs):
    news2: Found = finding("news2")


@capability(id="a_worry", version="1", standing="verified", about="encounter", reference="made up for tests")
def worry(v: Score) -> Finding:
    """Sorts before news2 by name and must run after it."""
    assert isinstance(v.news2.value, int | float)
    return Finding("yes" if v.news2.value >= 7 else "no", f"worry about {v.news2.value}", Severity.MEDIUM if v.news2.value >= 7 else Severity.NONE)


@dataclass(frozen=True)
class Pulse(Inputs):
    pulse: float = latest(c.PULSE, within=hours(12), preliminary=True)


@capability(id="stumbling", version="1", standing="verified", about="encounter", reference="made up for tests")
def stumbling(v: Pulse) -> Finding:
    """Raises at one particular pulse, as a capability with a bug does."""
    if v.pulse == FATAL_PULSE:
        raise ZeroDivisionError("a bug")
    return Finding(v.pulse, f"pulse {v.pulse:g}")


OUT_OF_LIMITS: Capability = getattr(out_of_limits, ATTRIBUTE)
WORRY: Capability = getattr(worry, ATTRIBUTE)
STUMBLING: Capability = getattr(stumbling, ATTRIBUTE)
