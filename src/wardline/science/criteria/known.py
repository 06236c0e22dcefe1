"""From what a record states about the course of care to the facts criteria are judged on."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from wardline.core.capability import Reading
from wardline.core.course import Condition, Medication, Vaccination
from wardline.core.events import Found
from wardline.science.criteria.facts import Drug
from wardline.science.medication.amounts import daily_dose
from wardline.science.medication.recognising import atc_of, substances_of
from wardline.science.medication.routes import route_of

_LOCAL: Final = ("S", "D", "G", "M02", "N01", "R01")
_INHALED: Final = ("R", "V", "J")
_ONLY_LOCAL: Final = ("S", "D", "M02", "R03AC", "R03AK", "R03AL", "R03BA", "R03BB")
_LOW_DOSE_ASPIRIN, _ANALGESIC_ASPIRIN = "B01AC06", "N02BA01"
_LOW_DOSE: Final = 325.0
"""mg a day up to which aspirin is taken for a drug against clotting alone; so is aspirin of unknown dose."""
_VACCINES: Final[dict[str, tuple[tuple[str, ...], frozenset[str]]]] = {
    # Words of a vaccine's name, and CVX codes (the CDC's code set; from memory, as far as certain).
    "J07BB": (("influenza", "flu "), frozenset({"88", "135", "140", "141", "150", "158", "161", "168", "171", "185", "186", "197", "205"})),
    "J07AL": (("pneumococc", "prevnar", "ppsv", "pcv"), frozenset({"33", "109", "133", "152", "215", "216"})),
}
_NOT_INFLUENZA: Final = ("haemophilus", "hemophilus", "parainfluenza")


def drugs_of(medications: Iterable[Medication] | None) -> tuple[Drug, ...] | None:
    """In the order of their names, so that the order of a list says nothing."""
    return tuple(sorted(map(drug_of, medications), key=lambda drug: drug.name)) if medications is not None else None


def drug_of(medication: Medication) -> Drug:
    """An order as a drug: by its substances, with the codes that fit the way it is given."""
    codings = medication.codings
    substances = substances_of(medication.what, codings)
    stated = frozenset(coding.code for coding in codings if coding.system == "atc")
    amount = daily_dose(medication.dose, medication.frequency)
    daily = amount.value if amount is not None and amount.unit == "mg" else None
    codes = stated if stated and len(substances) < 2 else _by_route(atc_of(medication.what, codings), medication)
    if {_LOW_DOSE_ASPIRIN, _ANALGESIC_ASPIRIN} <= codes and (daily or 0) <= _LOW_DOSE:
        codes = codes - {_ANALGESIC_ASPIRIN}
    name = " and ".join(substance.name for substance in substances) or medication.what
    return Drug(name, codes, daily, medication.since, medication.event)


def _by_route(codes: frozenset[str], medication: Medication) -> frozenset[str]:
    """Timolol in the eye is no beta-blocker of the heart: of a substance's codes, those for this way of giving it."""
    match route_of(medication.route, medication.what):
        case "local":
            return frozenset(code for code in codes if code.startswith(_LOCAL))
        case "inhaled":
            return frozenset(code for code in codes if code.startswith(_INHALED))
        case "unknown":
            return codes
        case _:
            return frozenset(code for code in codes if not code.startswith(_ONLY_LOCAL))


def vaccines_of(vaccinations: Iterable[Vaccination] | None) -> tuple[Drug, ...] | None:
    """Doses of vaccines by the two groups that criteria ask about."""
    return tuple(sorted(map(_vaccine, vaccinations), key=lambda dose: (dose.name, str(dose.since)))) if vaccinations is not None else None


def _vaccine(dose: Vaccination) -> Drug:
    name = f"{dose.what.lower()} "
    known = {(coding.system, coding.code) for coding in dose.codings}
    is_other = any(word in name for word in _NOT_INFLUENZA)
    codes = frozenset(
        group
        for group, (words, cvx) in _VACCINES.items()
        if any(("cvx", code) in known for code in cvx) or any(system == "atc" and code.startswith(group) for system, code in known)
        or (not is_other and any(word in name for word in words))
    )  # fmt: skip
    return Drug(dose.what, codes, None, dose.at, dose.event)


def conditions_of(conditions: Iterable[Condition] | None) -> tuple[Condition, ...] | None:
    """In the order of their codes."""
    return tuple(sorted(conditions, key=lambda each: (each.code, str(each.since)))) if conditions is not None else None


def newest(*readings: Mapping[str, tuple[Reading, ...]] | None) -> dict[str, Reading]:
    """The newest plain value of each concept; one that is only known as a bound says too little for a limit."""
    return {
        concept: found[-1]
        for each in readings
        for concept, found in (each or {}).items()
        if found and not found[-1].comparator
    }  # fmt: skip


def answers(**found: Found | None) -> dict[str, Any]:
    """Values of other capabilities' answers, by id."""
    return {id: each.value for id, each in found.items() if each is not None and each.outcome == "finding"}
