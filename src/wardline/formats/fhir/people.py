"""FHIR Patient and Encounter: who the patient is, and where and when they are in the hospital."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Final

from wardline.core.events import Admitted, Cancelled, Discharged, Identifier, Registered, Value
from wardline.formats.fhir.elements import Element, moment_of
from wardline.formats.fhir.parts import codes_in, ended, first, issued, moment, name_of, part, parts, said, shown, texts

SEXES: Final = {"female": "F", "male": "M", "other": "O", "unknown": "U"}
"""FHIR administrative-gender and HL7 table 0001."""
CLASSES: Final = {
    "IMP": "I", "ACUTE": "I", "NONAC": "I", "OBSENC": "I", "EMER": "E", "AMB": "O", "SS": "O", "VR": "O", "HH": "O", "FLD": "O", "PRENC": "P",
}  # fmt: skip
"""HL7 v3 ActEncounterCode and HL7 table 0004."""
DIED: Final = "20"
"""HL7 table 0112: expired. FHIR's discharge-disposition calls it "exp"."""
_COMING: Final = frozenset({"planned"})
_UNDONE: Final = frozenset({"cancelled", "entered-in-error"})
_PLACES: Final = {"wa": "unit", "ro": "room", "bd": "bed", "si": "facility"}
"""HL7 location-physical-type."""


def registered(resource: Element) -> Registered:
    """Patient. What it does not say is not taken back: absence says nothing."""
    name = _official(parts(resource, "name"))
    died = resource.get("deceasedBoolean")
    phone = next((each for each in parts(resource, "telecom") if said(each, "system") == "phone"), {})
    return Registered(
        identifiers=tuple(_identifiers(resource)), family=said(name, "family"), given=" ".join(texts(name, "given")),
        born=_born(resource), sex=SEXES.get(said(resource, "gender"), ""),
        died=True if said(resource, "deceasedDateTime") else died if isinstance(died, bool) else None,
        issued_at=issued(resource), phone=said(phone, "value"), address=_address(first(resource, "address")),
    )  # fmt: skip


def _born(resource: Element) -> str:
    """A day, or a month or year where no more is known. A time of day, which FHIR does not allow here, is left out."""
    text = said(resource, "birthDate").partition("T")[0]
    if text:
        moment_of(text, "birthDate", UTC)
    return text


def _address(address: Element) -> str:
    named = (*texts(address, "line"), *(said(address, each) for each in ("city", "state", "postalCode")))
    return said(address, "text") or ", ".join(filter(None, named))


def _identifiers(resource: Element) -> Iterator[Identifier]:
    for each in parts(resource, "identifier"):
        if said(each, "value"):
            yield Identifier(said(each, "value")[:100], said(each, "system")[:100], next(iter(sorted(codes_in(part(each, "type")))), ""))


def _official(names: list[Element]) -> Element:
    return next((name for name in names if said(name, "use") == "official"), names[0] if names else {})


def visits(resource: Element, stated_at: datetime, zone: tzinfo) -> Iterator[tuple[Value, datetime]]:
    """Encounter: the admission and, once it is over, the discharge. A visit that is only planned has not happened."""
    encounter, status = said(resource, "id"), said(resource, "status")
    began = moment(part(resource, "period"), "start", zone) or stated_at
    if status in _COMING:
        return
    if status in _UNDONE:
        yield Cancelled(encounter, "Admitted", issued(resource)), began
        return
    where = _where(parts(resource, "location"))
    yield Admitted(
        encounter, where.get("unit", ""), where.get("room", ""), where.get("bed", ""), CLASSES.get(said(part(resource, "class"), "code"), ""),
        name_of(part(resource, "serviceType")), shown(part(first(resource, "participant"), "individual")), name_of(first(resource, "reasonCode")),
        issued(resource), where.get("facility", ""),
    ), began  # fmt: skip
    left = ended(resource, "period", zone)
    if status == "finished" and left is not None:
        disposition = next(iter(sorted(codes_in(part(part(resource, "hospitalization"), "dischargeDisposition")))), "")
        yield Discharged(encounter, DIED if disposition == "exp" else disposition, issued(resource)), left


def _where(locations: list[Element]) -> dict[str, str]:
    """Unit, room and bed by the kind of each place; a place without a kind is taken for the unit."""
    found: dict[str, str] = {}
    for each in locations:
        if said(each, "status") in ("", "active", "completed"):
            kinds = [_PLACES[code] for code in codes_in(part(each, "physicalType")) if code in _PLACES]
            found[kinds[0] if kinds else "unit"] = said(part(each, "location"), "display") or shown(part(each, "location"))
    return found
