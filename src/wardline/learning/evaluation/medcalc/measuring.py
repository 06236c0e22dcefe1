"""Every case of MedCalc-Bench asked of our capabilities, and what came of it."""

import math
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from wardline.core.capability import Capability
from wardline.formats.assessment import assess
from wardline.learning.evaluation.medcalc.formulas import FORMULAS, Answer, Calculator
from wardline.learning.evaluation.medcalc.patient import Patient, Unreadable
from wardline.learning.evaluation.medcalc.scores import SCORES

Verdict: TypeAlias = Literal["agrees", "differs", "declined", "incomplete", "not offered"]
CALCULATORS: Final[Mapping[str, Calculator]] = FORMULAS | SCORES
DECLINING: Final = ("not_valid", "unknown", "refused")


class Compared(NamedTuple):
    """One case: the set's answer, ours, and how they compare. `why`: what we say where we decline; `answer`: all we said."""

    patient: Patient
    verdict: Verdict
    ours: Any = None
    why: str = ""
    answer: Answer = MappingProxyType({})

    def points(self, *inputs: str) -> int:
        """The points that these inputs gave in our answer."""
        return sum(line.get("points", 0) for line in self.answer.get("because", ()) if line["input"] in inputs)


def compared(patients: Iterable[Patient], capabilities: Mapping[str, Capability]) -> list[Compared]:
    return [_compare(patient, capabilities) for patient in patients]


def _compare(patient: Patient, capabilities: Mapping[str, Capability]) -> Compared:
    calculator = CALCULATORS.get(patient.calculator)
    capability = capabilities.get(calculator.capability) if calculator is not None else None
    if calculator is None or capability is None:
        return Compared(patient, "not offered")
    try:
        answer = assess(capability, calculator.ask(patient))
    except Unreadable as unreadable:
        return Compared(patient, "declined", why=f"cannot be right: {unreadable}")
    except KeyError as absent:
        return Compared(patient, "declined", why=f"the case does not say {absent}")
    if answer["outcome"] in DECLINING:
        return Compared(patient, "declined", why=str(answer.get("reason") or f"missing: {', '.join(answer.get('missing', ()))}"))
    ours = calculator.read(answer)
    if answer["outcome"] == "at_least":
        return Compared(patient, "incomplete", ours, f"at least; missing: {', '.join(answer['missing'])}", answer)
    return Compared(patient, "agrees" if ours is not None and _agrees(patient, ours) else "differs", ours, answer=answer)


def _agrees(patient: Patient, ours: Any) -> bool:
    """Within the set's own limits, and half a step of the precision in which we answer; days and texts exactly."""
    for parse in (_number, _day, _weeks):
        theirs = parse(patient.answer)
        if theirs is not None:
            break
    else:
        return False
    if isinstance(theirs, str) or parse is _weeks:
        return bool(theirs == ours)
    low, high = float(patient.lower), float(patient.upper)
    return bool(min(low, high) - _half_step(ours) <= ours <= max(low, high) + _half_step(ours))


def _half_step(ours: float) -> float:
    """103.5 is shown in tenths: half of that lost nothing."""
    decimals = next((places for places in range(4) if math.isclose(ours, round(ours, places), abs_tol=1e-9)), 4)
    return 0.0 if decimals == 0 and isinstance(ours, int) else 0.5 * 10.0**-decimals + 1e-9


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def _day(said: str) -> str | None:
    found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", said)
    return f"{found[3]}-{found[1]}-{found[2]}" if found else None


def _weeks(said: str) -> int | None:
    found = re.fullmatch(r"\('(\d+) weeks?', '(\d+) days?'\)", said)
    return int(found[1]) * 7 + int(found[2]) if found else None
