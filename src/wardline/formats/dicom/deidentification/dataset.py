"""One data set walked through, sequences and all: each attribute kept, emptied, replaced or removed as the table says."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.valuerep import PersonName

from wardline.core.deidentification import Known, Replacement
from wardline.formats.dicom.deidentification.attributes import Action, by_representation, table
from wardline.formats.dicom.deidentification.options import BASIC, Option

REGISTERED: Final = "1.2.840.10008."
"""UIDs of the standard itself (PS3.6 Annex A): SOP classes, transfer syntaxes, coding schemes. They name no instance."""
_CODE: Final = re.compile(r"[A-Z0-9_ ]{0,16}")
"""What PS3.5 allows in a code string."""
_DATES: Final = frozenset({"DA", "DT", "TM"})
_OLDEST: Final = 89
DUMMY: Final = "REMOVED"
SAFE_PRIVATE: Final = frozenset({
    ("Philips PET Private Group", 0x7053, 0x00), ("Philips PET Private Group", 0x7053, 0x09),  # SUV factor, activity concentration factor
    ("GEMS_PARM_01", 0x0043, 0x39), ("SIEMENS MR HEADER", 0x0019, 0x0C), ("SIEMENS MR HEADER", 0x0019, 0x0E),  # b value, its direction
})  # fmt: skip
"""Numbers of makers without which a picture cannot be measured (PS3.15 Table E.3.10-1). Provisional: from memory; others are removed."""


class Rules(NamedTuple):
    by: Replacement
    options: frozenset[Option]

    @property
    def dates_stay(self) -> bool:
        return bool(self.options & {Option.RETAIN_FULL_DATES, Option.RETAIN_MODIFIED_DATES})


def known_of(data: Dataset) -> Known:
    """Names, numbers and addresses in the attributes for them, at every depth."""
    names: list[str] = []
    numbers: list[str] = []
    places: list[str] = []
    for element in data.iterall():
        texts = [str(value) for value in _values(element)]
        if element.keyword in _NAMES:
            names += [part for text in texts for part in re.split(r"[\^=\s]+", text) if len(part) > 1]
        elif element.keyword in _NUMBERS:
            numbers += texts
        elif element.keyword in _PLACES:
            places += texts
    return Known(tuple(names), tuple(numbers), tuple(places))


_NAMES: Final = frozenset({"PatientName", "OtherPatientNames", "PatientBirthName", "PatientMotherBirthName", "ResponsiblePerson"})
_NUMBERS: Final = frozenset({
    "PatientID", "PatientBirthDate", "OtherPatientIDs", "AccessionNumber", "AdmissionID", "PatientTelephoneNumbers", "ServiceEpisodeID",
    "InsurancePlanIdentification",
})  # fmt: skip
_PLACES: Final = frozenset({"PatientAddress", "CountryOfResidence", "RegionOfResidence"})


def cleaned(data: Dataset, rules: Rules) -> Dataset:
    """A new data set; the one given stays as it is."""
    clean = Dataset()
    said = table(rules.options)
    for element in _public(data, rules):
        action = said.get(element.tag) or by_representation(element.keyword, element.VR, rules.dates_stay)
        if element.VR in _DATES and action in (Action.EMPTY, Action.REMOVE) and rules.dates_stay:
            action = Action.MOMENT
        if rules.options >= {Option.RETAIN_UIDS} and action is Action.UID:
            action = Action.KEEP
        kept = _applied(element, action, rules)
        if kept is not None:
            clean.add(kept)
    return clean


def _public(data: Dataset, rules: Rules) -> Iterator[DataElement]:
    """Standard attributes of known meaning, no overlays (60xx), no curves (50xx); private ones only where they are safe."""
    for tag in data.keys():  # noqa: SIM118 - a data set iterates over elements, which would read every one
        if tag.is_private:
            if Option.RETAIN_SAFE_PRIVATE in rules.options and _is_safe(data, tag.group, tag.element):
                yield data[tag]
        elif tag.group >> 8 not in (0x50, 0x60) and data[tag].keyword:
            yield data[tag]


def _is_safe(data: Dataset, group: int, element: int) -> bool:
    """The element itself, or the creator that reserves its block."""
    if element < 0x100:
        return any((str(data[group, element].value).strip(), group) == safe[:2] for safe in SAFE_PRIVATE)
    creator = data.get((group, element >> 8))
    return creator is not None and (str(creator.value).strip(), group, element & 0xFF) in SAFE_PRIVATE


def _applied(element: DataElement, action: Action, rules: Rules) -> DataElement | None:
    by = rules.by
    if element.tag.is_private:
        return element
    match action:
        case Action.REMOVE:
            return None
        case Action.EMPTY:
            return DataElement(element.tag, element.VR, Sequence() if element.VR == "SQ" else None)
        case Action.DUMMY:
            return DataElement(element.tag, element.VR, DUMMY)
        case Action.PERSON:
            return DataElement(element.tag, element.VR, _person(element.value, by))
        case Action.CODE:
            return DataElement(element.tag, element.VR, by.code(str(element.value or "")))
        case Action.UID:
            return DataElement(element.tag, element.VR, _each(element, lambda uid: uid if uid.startswith(REGISTERED) else by.uid(uid)))
        case Action.MOMENT:
            return _moment(element, rules)
        case Action.RECURSE:
            items = element.value if isinstance(element.value, Sequence) else Sequence()
            return DataElement(element.tag, element.VR, Sequence([cleaned(item, rules) for item in items]))
        case Action.CLEAN:
            return DataElement(element.tag, element.VR, _each(element, by.text))
        case Action.KEEP:
            return _kept(element, rules)


def _kept(element: DataElement, rules: Rules) -> DataElement | None:
    if element.VR == "SQ":
        return _applied(element, Action.RECURSE, rules)
    if element.VR == "CS" and not all(_CODE.fullmatch(str(value)) for value in _values(element)):
        return None
    if element.VR == "AS":
        return DataElement(element.tag, element.VR, _age(str(element.value or "")))
    if element.VR in ("CS", "LO", "SH", "UC", "ST", "LT", "UT", "AE", "DS", "IS"):
        whole = all(rules.by.kept(str(value)) == str(value) for value in _values(element))
        return element if whole else None
    return element


def _age(said: str) -> str:
    years = re.fullmatch(r"(\d{3})Y", said)
    return f"{_OLDEST + 1:03d}Y" if years and int(years[1]) > _OLDEST else said


def _moment(element: DataElement, rules: Rules) -> DataElement:
    if Option.RETAIN_FULL_DATES in rules.options or element.VR == "TM":
        return element
    return DataElement(element.tag, element.VR, _each(element, lambda stated: _whole(rules.by.moment(stated), element.VR)))


def _whole(moved: str, vr: str) -> str:
    """A date (DA) is a day or nothing: a profile that leaves only the year leaves nothing here."""
    return moved if vr == "DT" or len(moved) == 8 else ""


def _person(name: Any, by: Replacement) -> str:
    written = PersonName(name or "")
    return "^".join(by.name(part) for part in (written.family_name, written.given_name) if part).rstrip("^")


def _values(element: DataElement) -> list[Any]:
    value = element.value
    if value is None or element.VR == "SQ" or isinstance(value, bytes):
        return []
    return list(value) if element.VM > 1 else [value]


def _each(element: DataElement, change: Any) -> Any:
    made = [change(str(value)) if str(value) else "" for value in _values(element)]
    return made if len(made) > 1 else (made[0] if made else None)


def declare(data: Dataset, options: frozenset[Option]) -> None:
    """Say in the object itself what was done to it (PS3.15 E.1.1, PS3.3 C.7.1.1 and C.12.1.1)."""
    data.PatientIdentityRemoved = "YES"
    applied = (BASIC, *sorted(option.value for option in options))
    data.DeidentificationMethod = "Wardline, PS3.15 Annex E"
    data.DeidentificationMethodCodeSequence = Sequence([_coded(*each) for each in applied])
    modified = Option.RETAIN_MODIFIED_DATES in options
    data.LongitudinalTemporalInformationModified = "UNMODIFIED" if Option.RETAIN_FULL_DATES in options else "MODIFIED" if modified else "REMOVED"


def _coded(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item
