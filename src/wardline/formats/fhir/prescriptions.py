"""FHIR medication resources: which drug, how much, how often, by which way; as ordered, as taken, as given."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final, TypeAlias

from wardline.core.course import MEDICATION
from wardline.core.events import TAKEN_BACK, Administered, Ordered
from wardline.core.quantities import plain
from wardline.formats.fhir.elements import Element
from wardline.formats.fhir.parts import amount, coded_field, ended, first, id_in, issued, moment, name_of, part, parts, said, shown, texts

Resolver: TypeAlias = Callable[[str], Element | None]
"""The resource a reference names ("Medication/12", "urn:uuid:..."), where it is known."""

DRUG_SYSTEMS: Final = ("rxnorm", "atc", "snomed", "ndc")
NOT_ORDERS: Final = frozenset({"proposal", "option"})
"""MedicationRequest.intent of what nobody has ordered. "plan" is an order here: US Core writes what patients report they take so."""
_GIVEN: Final = frozenset({"completed", "in-progress"})
_TAKEN_STATUS: Final = {"not-taken": "stopped", "intended": "draft"}
_DAILY: Final = {1: "QD", 2: "BID", 3: "TID", 4: "QID"}
"""HL7 table 0335."""
_PERIODS: Final = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}


def drug(resource: Element, resolve: Resolver) -> tuple[str, str]:
    """Name and coded field of medication[x]: stated here, contained, or in a resource of its own."""
    concept = part(resource, "medicationCodeableConcept")
    if concept:
        return name_of(concept), coded_field(concept, DRUG_SYSTEMS)
    reference = part(resource, "medicationReference")
    named = _contained(resource, said(reference, "reference")) or resolve(said(reference, "reference"))
    if named is None:
        return shown(reference), ""
    code = part(named, "code")
    return name_of(code) or shown(reference), coded_field(code, DRUG_SYSTEMS)


def _contained(resource: Element, reference: str) -> Element | None:
    if not reference.startswith("#"):
        return None
    return next((each for each in parts(resource, "contained") if said(each, "id") == reference[1:]), None)


def requested(resource: Element, resolve: Resolver, zone: tzinfo) -> Ordered | None:
    """MedicationRequest. What must not be given (doNotPerform) is kept as an order that does not run."""
    if said(resource, "intent") in NOT_ORDERS:
        return None
    what, code = drug(resource, resolve)
    dosages = parts(resource, "dosageInstruction")
    status = "cancelled" if resource.get("doNotPerform") is True else said(resource, "status")
    timing = part(first(resource, "dosageInstruction"), "timing")
    starts = moment(part(timing, "repeat"), "bounds", zone) or moment(part(resource, "dispenseRequest"), "validity", zone)
    return Ordered(
        number_of(resource), what, code, status, MEDICATION, *regimen_of(dosages), starts,
        said(resource, "priority"), issued(resource), shown(part(resource, "requester")),
    )  # fmt: skip


def taken(resource: Element, resolve: Resolver, zone: tzinfo, as_of: datetime) -> Ordered:
    """MedicationStatement: what the patient is said to take. Taken until a day that is over means stopped."""
    what, code = drug(resource, resolve)
    status = said(resource, "status")
    until = ended(resource, "effectivePeriod", zone)
    status = "completed" if status == "active" and until is not None and until < as_of else _TAKEN_STATUS.get(status, status)
    return Ordered(
        number_of(resource), what, code, status, MEDICATION, *regimen_of(parts(resource, "dosage")),
        moment(resource, "effective", zone), "", issued(resource), shown(part(resource, "informationSource")),
    )  # fmt: skip


def given(resource: Element, resolve: Resolver) -> Administered:
    """MedicationAdministration. What was not given, or was recorded by mistake, is taken back."""
    what, code = drug(resource, resolve)
    dosage = part(resource, "dosage")
    order = id_in(part(resource, "request"))
    return Administered(
        f"MedicationRequest/{order}" if order else "", what, code, amount(part(dosage, "dose")) or said(dosage, "text"),
        name_of(part(dosage, "route")), issued(resource), number_of(resource), "" if said(resource, "status") in _GIVEN else TAKEN_BACK,
    )  # fmt: skip


def number_of(resource: Element) -> str:
    """How an event names the resource it comes from: "MedicationRequest/12"."""
    return f"{said(resource, 'resourceType')}/{said(resource, 'id')}"


def regimen_of(dosages: list[Element]) -> tuple[str, str, str]:
    """Dose, route and frequency. Several instructions ("500 mg in the morning; 1 g at night") are one text, and no single dose or frequency."""
    if len(dosages) < 2:
        return next(((dose_of(each), name_of(part(each, "route")), frequency_of(each)) for each in dosages), ("", "", ""))
    route = next(filter(None, (name_of(part(each, "route")) for each in dosages)), "")
    return "; ".join(filter(None, (f"{dose_of(each)} {frequency_of(each)}".strip() for each in dosages))), route, ""


def dose_of(dosage: Element) -> str:
    """ "400 mg", "1 to 2 tablet", else the instruction as it was written."""
    rate = first(dosage, "doseAndRate")
    span = part(rate, "doseRange")
    if span:
        return f"{amount(part(span, 'low'))} to {amount(part(span, 'high'))}".strip()
    return amount(part(rate, "doseQuantity")) or said(dosage, "text")


def frequency_of(dosage: Element) -> str:
    """As HL7 table 0335 writes it where it can ("BID", "Q6H", with "PRN" where as needed), else in words ("2 times per 3 days")."""
    timing = part(dosage, "timing")
    codes = (said(coding, "code") for coding in parts(part(timing, "code"), "coding"))
    coded = next((code for code in codes if code and not code.isdecimal()), "")  # of SNOMED CT the words are asked, not the number
    often = coded or _repeated(part(timing, "repeat")) or name_of(part(timing, "code"))
    as_needed = dosage.get("asNeededBoolean") is True or bool(part(dosage, "asNeededCodeableConcept"))
    return f"{often} PRN".strip() if as_needed and "PRN" not in often else often


def _repeated(repeat: Element) -> str:
    times, period, unit = repeat.get("frequency", 1), repeat.get("period"), said(repeat, "periodUnit")
    if not isinstance(times, int) or not isinstance(period, int | float) or unit not in _PERIODS:
        return ""
    days = texts(repeat, "dayOfWeek")
    if days and not (unit == "wk" and len(days) == times):
        return f"{_so_often(times, period, unit)} on {', '.join(days)}"
    if unit == "d" and period == 1:
        times = max(times, len(texts(repeat, "timeOfDay")), len(texts(repeat, "when")))
    most = repeat.get("frequencyMax")
    if isinstance(most, int) and most > times:
        return f"{times} to {_in_words(most, period, unit)}"
    return _so_often(times, period, unit)


def _so_often(times: int, period: float, unit: str) -> str:
    if unit == "d" and period == 1 and times in _DAILY:
        return _DAILY[times]
    if unit == "h" and times == 1:
        return f"Q{plain(float(period))}H"
    if times == 1 and unit == "d":
        return f"Q{plain(float(period))}D"
    return _in_words(times, period, unit)


def _in_words(times: int, period: float, unit: str) -> str:
    often = "once" if times == 1 else f"{times} times"
    return f"{often} per {_PERIODS[unit]}" if period == 1 else f"{often} per {plain(float(period))} {_PERIODS[unit]}s"
