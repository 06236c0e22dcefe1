"""A query for patients, studies, series or images: what is asked for, on which level, and what comes back. C-FIND and QIDO-RS say the same.

Keys that the index knows on a level (or above it) can be asked for; a single image's own header has all others (PS3.4 C.4.1, PS3.18 10.6).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import msgspec

from wardline.formats.dicom import levels
from wardline.formats.dicom.matching import Attributes, Condition, met

Level = Literal["study", "series", "instance"]
STUDY_UID, SERIES_UID, INSTANCE_UID = "0020000D", "0020000E", "00080018"
PATIENT_ID, ACCESSION, STUDY_DATE = "00100020", "00080050", "00080020"
COUNTED: Final[Mapping[Level, tuple[str, ...]]] = {
    "study": ("00080056", "00080061", "00080062", "00201206", "00201208"), "series": ("00080056", "00201209"), "instance": ("00080056",),
}  # fmt: skip
"""What the index counts: availability, modalities and classes in a study, numbers of series and instances."""
KNOWN: Final[Mapping[Level, frozenset[str]]] = {
    "study": frozenset((*levels.STUDY, *COUNTED["study"])),
    "series": frozenset((*levels.STUDY, *levels.SERIES, *COUNTED["series"])),
    "instance": frozenset((*levels.STUDY, *levels.SERIES, *levels.INSTANCE, *COUNTED["instance"])),
}


@dataclass(frozen=True)
class Query:
    """One question to the archive."""

    level: Level
    conditions: tuple[Condition, ...] = ()
    wanted: frozenset[str] = frozenset()
    """Attributes to come back besides those that always do."""
    all: bool = False
    """Every attribute there is."""

    @cached_property
    def narrowed(self) -> dict[str, Any]:
        """The conditions that the index can look up, for `Images.find`; they leave no match out."""
        found: dict[str, Any] = {}
        for each in self.conditions:
            match each.tag, each.kind:
                case (("0020000D" | "0020000E" | "00080018") as tag, "list"):
                    found[{STUDY_UID: "studies", SERIES_UID: "series", INSTANCE_UID: "instances"}[tag]] = each.values
                case ("00100020", "single"):
                    found["patient_id"] = each.values[0]
                case ("00080050", "single"):
                    found["accession"] = each.values[0]
                case ("00080020", "range"):
                    found["dates"] = each.values
        return found

    @cached_property
    def beyond(self) -> bool:
        """Whether it asks for something that only an image's own header says."""
        tags = {each.tag for each in self.conditions} | self.wanted
        return self.level == "instance" and (self.all or not tags <= KNOWN[self.level])

    def unknown(self) -> tuple[str, ...]:
        """Keys with a value that this level cannot be searched by."""
        if self.level == "instance":
            return ()
        return tuple(each.tag for each in self.conditions if each.tag not in KNOWN[self.level])

    def answer(self, attributes: bytes, header: Callable[[], bytes]) -> Attributes | None:
        """The row as attributes if it meets the conditions; `header` gives the image's own, which is read only if it must be."""
        row: Attributes = msgspec.json.decode(attributes)
        if self.beyond:
            row = {**msgspec.json.decode(header()), **row}
        return row if met(self.conditions, row) else None


def is_plain(query: Query) -> bool:
    """Whether the rows of the index are the answer as they are."""
    only = {STUDY_UID, SERIES_UID, INSTANCE_UID}
    return not query.beyond and not query.all and all(each.tag in only and each.kind == "list" for each in query.conditions)


def tag_of(name: str) -> tuple[str, str] | None:
    """Tag and VR for a keyword or eight hexadecimal digits; None for what is neither."""
    from pydicom.datadict import dictionary_VR, tag_for_keyword  # pydicom's dictionary takes long to load; who searches nothing needs none

    if len(name) == 8 and all(letter in "0123456789abcdefABCDEF" for letter in name):
        tag = int(name, 16)
    else:
        known = tag_for_keyword(name)
        if known is None:
            return None
        tag = known
    try:
        return f"{tag:08X}", dictionary_VR(tag)
    except KeyError:
        return f"{tag:08X}", "LO"


def trimmed(row: Attributes, tags: Iterable[str]) -> dict[str, Any]:
    """Only these, in the order of the tags."""
    wanted = set(tags)
    return {tag: row[tag] for tag in sorted(row) if tag in wanted}
