"""FHIR R4 resources without what identifies: each element says what becomes of it, and what no line of the table names is dropped.

Narrative, extensions, identifiers of staff, contacts, addresses below the state, attachments and every resource of a kind not listed
are gone. References keep linking, under other ids. Texts go through the text engine with the patient's own names known to it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.deidentification import NOBODY, Known, Replacement
from wardline.core.errors import Refused

Element: TypeAlias = Mapping[str, Any]
_CLINICAL: Final = (
    "id:id status:kept subject:reference patient:reference encounter:reference basedOn:reference partOf:reference identifier:identifier "
    "code:concept category:concept note:note reasonCode:concept reasonReference:reference"
)
_TABLE: Final = {
    "Patient": (
        "id:id identifier:identifier active:kept name:name gender:kept birthDate:birth deceasedBoolean:kept deceasedDateTime:moment "
        "maritalStatus:concept address:address multipleBirthBoolean:kept"
    ),
    "Encounter": (
        f"{_CLINICAL} class:coding type:concept serviceType:concept priority:concept period:period length:quantity diagnosis:diagnosis "
        "hospitalization:stay"
    ),
    "Observation": (
        f"{_CLINICAL} effectiveDateTime:moment effectivePeriod:period effectiveInstant:instant issued:instant valueQuantity:quantity "
        "valueCodeableConcept:concept valueString:text valueBoolean:kept valueInteger:kept valueRange:range valueRatio:ratio "
        "valueDateTime:moment valuePeriod:period dataAbsentReason:concept interpretation:concept bodySite:concept method:concept "
        "specimen:reference referenceRange:bounds hasMember:reference derivedFrom:reference component:component"
    ),
    "Condition": (
        f"{_CLINICAL} clinicalStatus:concept verificationStatus:concept severity:concept bodySite:concept onsetDateTime:moment "
        "onsetPeriod:period onsetAge:age onsetString:text abatementDateTime:moment abatementPeriod:period abatementAge:age recordedDate:moment"
    ),
    "AllergyIntolerance": (
        f"{_CLINICAL} clinicalStatus:concept verificationStatus:concept type:kept criticality:kept onsetDateTime:moment recordedDate:moment "
        "lastOccurrence:moment reaction:reaction"
    ),
    "Procedure": (
        f"{_CLINICAL} statusReason:concept performedDateTime:moment performedPeriod:period bodySite:concept outcome:concept complication:concept"
    ),
    "MedicationRequest": (
        f"{_CLINICAL} intent:kept priority:kept medicationCodeableConcept:concept medicationReference:reference authoredOn:moment "
        "dosageInstruction:dosage"
    ),
    "MedicationAdministration": (
        f"{_CLINICAL} context:reference medicationCodeableConcept:concept medicationReference:reference effectiveDateTime:moment "
        "effectivePeriod:period dosage:dose"
    ),
    "MedicationStatement": (
        f"{_CLINICAL} context:reference medicationCodeableConcept:concept medicationReference:reference effectiveDateTime:moment "
        "effectivePeriod:period dateAsserted:moment dosage:dosage"
    ),
    "Medication": "id:id status:kept code:concept form:concept",
    "Immunization": f"{_CLINICAL} vaccineCode:concept occurrenceDateTime:moment site:concept route:concept doseQuantity:quantity",
    "DiagnosticReport": (
        f"{_CLINICAL} effectiveDateTime:moment effectivePeriod:period issued:instant result:reference specimen:reference conclusion:text "
        "conclusionCode:concept"
    ),
    "ServiceRequest": (f"{_CLINICAL} intent:kept priority:kept authoredOn:moment occurrenceDateTime:moment occurrencePeriod:period bodySite:concept"),
    "Specimen": "id:id status:kept subject:reference type:concept receivedTime:moment collection:collection",
    "DocumentReference": "id:id status:kept docStatus:kept type:concept category:concept subject:reference date:instant description:text",
    # parts of resources
    "collection": "collectedDateTime:moment collectedPeriod:period quantity:quantity method:concept bodySite:concept",
    "component": (
        "code:concept valueQuantity:quantity valueCodeableConcept:concept valueString:text valueBoolean:kept valueInteger:kept "
        "valueDateTime:moment dataAbsentReason:concept interpretation:concept referenceRange:bounds"
    ),
    "bounds": "low:quantity high:quantity type:concept appliesTo:concept text:text",
    "diagnosis": "condition:reference use:concept rank:kept",
    "stay": "admitSource:concept reAdmission:concept dischargeDisposition:concept",
    "reaction": "substance:concept manifestation:concept description:text onset:moment severity:kept exposureRoute:concept note:note",
    "dosage": "sequence:kept text:text timing:timing asNeededBoolean:kept site:concept route:concept method:concept doseAndRate:rate",
    "dose": "text:text site:concept route:concept method:concept dose:quantity rateQuantity:quantity rateRatio:ratio",
    "rate": "type:concept doseQuantity:quantity doseRange:range rateQuantity:quantity rateRatio:ratio",
    "timing": "event:moment repeat:repeat code:concept",
    "repeat": "boundsPeriod:period count:kept frequency:kept period:kept periodUnit:kept dayOfWeek:kept timeOfDay:kept when:kept",
    # data types
    "concept": "coding:coding text:text",
    "coding": "system:kept version:kept code:kept display:text userSelected:kept",
    "quantity": "value:kept comparator:kept unit:kept system:kept code:kept",
    "range": "low:quantity high:quantity",
    "ratio": "numerator:quantity denominator:quantity",
    "period": "start:moment end:moment",
    "note": "time:moment text:text",
    "name": "use:kept family:word given:word",
    "address": "use:kept state:kept postalCode:postal country:kept",
    "identifier": "use:kept type:concept system:kept value:code",
}
TABLE: Final = {name: dict(each.split(":") for each in line.split()) for name, line in _TABLE.items()}
RESOURCES: Final = frozenset(name for name in TABLE if name[0].isupper())
_OLDEST_KEPT: Final = 89


class Result(NamedTuple):
    resource: dict[str, Any]
    dropped: Counter[str]
    """How many resources of which kind are not in it, because no line of the table is about them."""


class Patient(NamedTuple):
    """Whom a resource is about: the number that goes before others, and what is known of them."""

    number: str
    known: Known


def deidentified(resource: Element, of: Callable[[str, Known], Replacement], people: Mapping[str, Patient] | None = None) -> Result:
    """A resource, or a Bundle of them. `of` gives the stand-ins of a patient, told by number and by what is known of them.

    `people` are patients by id that other files of the same export hold (`people_in`).

    Raises `Refused` for what is no resource, or a single one of a kind that is not listed.
    """
    kind = _kind(resource)
    bundled, resources = kind == "Bundle", _resources(resource)
    if not bundled and kind not in RESOURCES:
        raise Refused(f"{kind} is not de-identified here, so nothing of it is passed on", code="fhir", where="resourceType")
    everybody = {**(people or {}), **people_in(resource)}
    dropped: Counter[str] = Counter()
    clean = []
    for each in resources:
        if _kind(each) not in RESOURCES:
            dropped[_kind(each)] += 1
            continue
        clean.append(_resource(each, of(*_whose(each, everybody)), everybody, of))
    if not bundled:
        return Result(clean[0], dropped)
    return Result({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in clean]}, dropped)


def people_in(resource: Element) -> dict[str, Patient]:
    """The patients of a resource or Bundle by their ids."""
    return {each["id"]: _patient(each) for each in _resources(resource) if _kind(each) == "Patient" and isinstance(each.get("id"), str)}


def _resources(resource: Element) -> list[Element]:
    if _kind(resource) != "Bundle":
        return [resource]
    return [entry["resource"] for entry in _parts(resource, "entry") if "resource" in entry]


def _kind(resource: Element) -> str:
    kind = resource.get("resourceType") if isinstance(resource, Mapping) else None
    if not isinstance(kind, str):
        raise Refused("this is no FHIR resource: it does not say its resourceType", code="fhir", where="resourceType")
    return kind


def _patient(resource: Element) -> Patient:
    """Known by the first identifier, as in HL7 v2; by the id where there is none."""
    numbers = [str(each["value"]) for each in _parts(resource, "identifier") if "value" in each]
    people = [*_parts(resource, "name"), *(name for contact in _parts(resource, "contact") if isinstance(name := contact.get("name"), Mapping))]
    names = [word for name in people for part in (name.get("given"), name.get("family"), name.get("text")) for word in _words(part)]
    telecoms = [str(each["value"]) for each in _parts(resource, "telecom") if "value" in each]
    places = [word for each in _parts(resource, "address") for part in ("line", "city", "district") for word in _lines(each.get(part))]
    return Patient(
        numbers[0] if numbers else str(resource.get("id", "")),
        Known(tuple(names), (*numbers, *telecoms, *_lines(resource.get("birthDate"))), tuple(places)),
    )


def _parts(element: Element, name: str) -> list[Element]:
    """The objects of a repeating element; what is none is no part of it."""
    listed = element.get(name)
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _lines(value: Any) -> list[str]:
    return [str(each) for each in (value if isinstance(value, list) else [value]) if each]


def _words(value: Any) -> list[str]:
    return [word for line in _lines(value) for word in line.split()]


def _whose(resource: Element, everybody: Mapping[str, Patient]) -> Patient:
    if _kind(resource) == "Patient":
        return _patient(resource)
    whom = next((whom for name in ("subject", "patient") if isinstance(whom := resource.get(name), Mapping)), {})
    about = str(whom.get("reference", "")).rstrip("/").rpartition("/")[2].removeprefix("urn:uuid:")
    if about in everybody:
        return everybody[about]
    return next(iter(everybody.values())) if len(everybody) == 1 else Patient(about, NOBODY)


class _Walk(NamedTuple):
    by: Replacement
    everybody: Mapping[str, Patient]
    of: Callable[[str, Known], Replacement]

    def part(self, element: Any, line: str) -> dict[str, Any]:
        """An object by its line of the table; what is empty afterwards is left out, as FHIR asks."""
        if not isinstance(element, Mapping):
            return {}
        made = {name: self.value(element[name], rule) for name, rule in TABLE[line].items() if name in element}
        return {name: value for name, value in made.items() if value not in ("", None, [], {})}

    def value(self, value: Any, rule: str) -> Any:
        if isinstance(value, list):
            return [made for each in value if (made := self.value(each, rule)) not in ("", None, [], {})]
        if rule in TABLE:
            return self.part(value, rule)
        if rule == "reference":
            return self.reference(value)
        if isinstance(value, Mapping):
            return self.age(value) if rule == "age" else None
        return self.simple(value, rule)

    def simple(self, value: Any, rule: str) -> Any:
        if isinstance(value, bool | int | float):
            return value if rule == "kept" else None
        written = str(value)
        match rule:
            case "kept":
                return self.by.kept(written)
            case "text":
                return self.by.text(written)
            case "moment":
                return self.by.moment(written)
            case "birth":
                return self.by.moment(written, birth=True)
            case "instant":
                moved = self.by.moment(written)
                return moved if "T" in moved else ""  # an instant is to the second or not at all
            case "code":
                return self.by.code(written)
            case "word":
                return self.by.name(written)
            case "postal":
                return self.by.postal(written)
            case "id":
                return self.by.token(written)
        return None

    def age(self, value: Element) -> dict[str, Any]:
        """Nothing of an age over 89."""
        years = value.get("value", 0)
        old = isinstance(years, int | float) and years > _OLDEST_KEPT
        return {} if old else self.part(value, "quantity")

    def reference(self, value: Any) -> dict[str, Any]:
        """To the new id; a patient's own id is drawn under that patient's key."""
        if not isinstance(value, Mapping):
            return {}
        kind, _, id = str(value.get("reference", "")).rstrip("/").rpartition("/")
        kind, id = kind.rpartition("/")[2], id.removeprefix("urn:uuid:")
        if not id or id.startswith("#") or (kind and kind not in RESOURCES):
            return {}
        by = self.of(*self.everybody[id]) if id in self.everybody else self.by
        return {"reference": f"{kind}/{by.token(id)}" if kind else f"urn:uuid:{by.token(id)}"}


def _resource(resource: Element, by: Replacement, everybody: Mapping[str, Patient], of: Callable[[str, Known], Replacement]) -> dict[str, Any]:
    kind = _kind(resource)
    return {"resourceType": kind, **_Walk(by, everybody, of).part(resource, kind)}
