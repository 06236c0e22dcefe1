"""One measurable thing: what it is called, its codes, its unit, and what a plausible value is."""

from dataclasses import dataclass
from typing import Final

from wardline.core.quantities import SAME, UNITLESS, Conversion, conversion, ucum

LOINC_NOTICE: Final = (
    "This material contains content from LOINC (http://loinc.org). LOINC is copyright Regenstrief Institute, Inc. and the "
    "Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at "
    "http://loinc.org/license. LOINC is a registered United States trademark of Regenstrief Institute, Inc."
)


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """An entry of the vocabulary.

    `unit` is the UCUM unit in which values are kept. `plausible` are wide limits in that unit: outside them a number is far
    more likely an artefact or a wrong unit than a patient; it is shown but never scored. The limits are our own engineering
    choice, provisional, and deliberately wider than anything survivable.

    `mmol_per_litre` is 1 mmol/L expressed in `unit`, for substances reported by mass as well as by amount; `charge` is the
    number of charges per ion, for senders that write mEq/L. `usual` is the range drawn as a quiet band on charts, adult,
    never used for a decision.
    """

    id: str
    name: str
    unit: str = ""
    plausible: tuple[float, float] | None = None
    loinc: tuple[str, ...] = ()
    """First the code we emit, then those we also accept."""
    aliases: tuple[str, ...] = ()
    """Common local names; they suggest a mapping to the administrator, they never map by themselves."""
    mdc: tuple[str, ...] = ()
    """IEEE 11073 reference identifiers, as devices send them (IHE PCD-01)."""
    codes: tuple[tuple[str, str], ...] = ()
    """For answers that are codes: (what is accepted in lower case, what it means)."""
    decimals: int = 0
    usual: tuple[float, float] | None = None
    mmol_per_litre: float = 0.0
    molar: tuple[str, ...] = ()
    """Those of its LOINC codes that mean an amount of substance; a mass unit with one of them is a contradiction, not a conversion."""
    charge: int = 0
    group: str = ""

    @property
    def is_coded(self) -> bool:
        return bool(self.codes)

    def conversion(self, received: str) -> Conversion | None:
        """How to bring a number in the `received` unit into this concept's unit, or None when that cannot be right."""
        unit = ucum(received)
        if unit == self.unit or (self.unit in UNITLESS and unit in UNITLESS):
            return SAME
        if unit == "meq/L":
            return self._from_amount("mmol/L", 1 / self.charge) if self.charge else None
        return conversion(unit, self.unit) or self._from_amount(unit, 1.0)

    def contradicts(self, loinc: str, received: str) -> bool:
        """True when the unit is of another property (mass, amount) than the code says; senders mix these up."""
        if not self.mmol_per_litre:
            return False
        is_amount = conversion(ucum(received), "mmol/L") is not None
        return is_amount is not (loinc in self.molar)

    def _from_amount(self, unit: str, share: float) -> Conversion | None:
        amount = conversion(unit, "mmol/L")
        if amount is None:
            return None
        if self.unit == "mmol/L":
            return Conversion(amount.factor * share)
        return Conversion(amount.factor * share * self.mmol_per_litre) if self.mmol_per_litre else None

    def is_plausible(self, value: float) -> bool:
        return self.plausible is None or self.plausible[0] <= value <= self.plausible[1]

    def meaning(self, answer: str) -> str | None:
        """What a coded answer means ("130987000" and "c" mean "C"), or None when it is not one of ours."""
        folded = answer.strip().lower()
        return next((meaning for accepted, meaning in self.codes if accepted == folded), None)


def has_valid_check_digit(loinc: str) -> bool:
    """The LOINC check digit (mod 10), which holds for all but fourteen old codes that Wardline does not use."""
    body, _, digit = loinc.rpartition("-")
    if not body.isdigit() or not digit.isdigit():
        return False
    odd = str(int(body[::-1][::2][::-1]) * 2)
    total = sum(map(int, odd)) + sum(map(int, body[::-1][1::2]))
    return (-total) % 10 == int(digit)
