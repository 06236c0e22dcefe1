"""Glasgow coma scale: how conscious is this patient?

Teasdale G, Jennett B. Assessment of coma and impaired consciousness. Lancet 1974;2:81-4 (citation not read here). Eyes 1 to 4,
verbal 1 to 5, motor 1 to 6; the total is their sum, 3 to 15. A component that cannot be tested (a tube, swollen eyes) is not 1:
without it there is no total. A total that was sent and contradicts its components is said to do so.
"""

from dataclasses import dataclass

from wardline.core import concepts as c
from wardline.core.capability import Inputs, capability, hours, latest, minutes
from wardline.core.findings import Evidence, Finding, Outcome, Unknown

COMPONENTS = {"glasgow_eyes": ("E", 4), "glasgow_verbal": ("V", 5), "glasgow_motor": ("M", 6)}
"""The letter of each component and the best that can be scored."""


@dataclass(frozen=True)
class Consciousness(Inputs):
    # One assessment: what was noted minutes before belongs to it, what was noted hours before (the voice before the tube) does not.
    glasgow_eyes: float | None = latest(c.GLASGOW_EYES, within=hours(12), required=False, preliminary=True, together=minutes(5))
    glasgow_verbal: float | None = latest(c.GLASGOW_VERBAL, within=hours(12), required=False, preliminary=True, together=minutes(5))
    glasgow_motor: float | None = latest(c.GLASGOW_MOTOR, within=hours(12), required=False, preliminary=True, together=minutes(5))
    glasgow_total: float | None = latest(c.GLASGOW_TOTAL, within=hours(12), required=False, preliminary=True, together=minutes(5))


@capability(
    id="glasgow_coma_scale",
    version="1974",
    standing="verified",
    about="encounter",
    reference="Teasdale and Jennett, Assessment of coma and impaired consciousness, Lancet 1974;2:81-4",
    not_for="small children, who have a verbal scale of their own (the limit of 5 years is ours)",
    ages=(5, None),
    unit="{score}",
    caution="Sedation lowers it. How it changes says more than one value.",
)
def glasgow_coma_scale(v: Consciousness) -> Outcome:
    # No severity: mild, moderate and severe (13, 9, 3) grade head injuries, not every patient in a bed. NEWS2 alerts on consciousness.
    known = {name: int(value) for name in COMPONENTS if (value := getattr(v, name)) is not None}
    absent = tuple(name for name in COMPONENTS if name not in known)
    shown = " ".join(f"{letter}{known.get(name, '?')}" for name, (letter, _) in COMPONENTS.items())
    if not absent:
        return _from_components(known, v.glasgow_total, shown)
    if v.glasgow_total is None:
        return Unknown(absent, f"{shown}: a component that is missing or not testable is not 1" if known else "")
    return _as_sent(int(v.glasgow_total), known, absent, shown)


def _from_components(known: dict[str, int], sent: float | None, shown: str) -> Finding:
    total = sum(known.values())
    conflict = "" if sent is None or sent == total else f", but {sent:g} was sent as the total: check"
    because = tuple(Evidence(name, value) for name, value in known.items())
    if sent is not None:
        because += (Evidence("glasgow_total", sent, band="as sent, contradicts the components" if conflict else "as sent"),)
    return Finding(total, f"Glasgow coma scale {total} ({shown}){conflict}", unit="{score}", because=because)


def _as_sent(total: int, known: dict[str, int], absent: tuple[str, ...], shown: str) -> Outcome:
    """A total without all its components is taken as sent, if the components that are known allow it."""
    least = sum(known.values()) + len(absent)
    most = sum(known.values()) + sum(COMPONENTS[name][1] for name in absent)
    if not least <= total <= most:
        return Unknown(absent, f"a total of {total} was sent, which {shown} cannot give: check")
    because = (*(Evidence(name, value) for name, value in known.items()), Evidence("glasgow_total", total, band="as sent"))
    return Finding(total, f"Glasgow coma scale {total}, as sent{f' ({shown})' if known else ''}", unit="{score}", because=because)
