"""What a peer asks for in a C-FIND, C-MOVE or C-GET: its identifier as a query (PS3.4 C.4)."""

from collections.abc import Iterator, Mapping
from functools import wraps
from typing import Any, Final

from wardline.core.errors import Fault, Refused
from wardline.formats.dicom.matching import Attributes, Condition, condition
from wardline.formats.dicom.queries import INSTANCE_UID, KNOWN, PATIENT_ID, SERIES_UID, STUDY_UID, Level, Query
from wardline.formats.dicom.scanning import scan_bytes
from wardline.intake.dicom.association import Association, Handler
from wardline.intake.dicom.commands import Command

LEVEL: Final = "00080052"
LEVELS: Final[Mapping[str, Level]] = {"PATIENT": "study", "STUDY": "study", "SERIES": "series", "IMAGE": "instance"}
"""Rows of the index for each level; patients are gathered from their studies."""
UNIQUE: Final = {"PATIENT": PATIENT_ID, "STUDY": STUDY_UID, "SERIES": SERIES_UID, "IMAGE": INSTANCE_UID}
NOT_KEYS: Final = frozenset({LEVEL, "00080005", "00080053", "00080054", "00080201"})
"""Words about the query itself: level, character set, view, retrieving title, zone."""
PENDING, PENDING_IN_PART, CANCELLED = 0xFF00, 0xFF01, 0xFE00
DOES_NOT_MATCH, UNABLE = 0xA900, 0xC001
_PATIENT_ROOT: Final = "1.2.840.10008.5.1.4.1.2.1."


def guarded(handler: Handler) -> Handler:
    """A handler whose failures are its last answer: the peer's fault, or ours."""

    @wraps(handler)
    def answered(association: Association, context_id: int, command: Command, dataset: bytes) -> Iterator[tuple[Command, bytes | None]]:
        try:
            yield from handler(association, context_id, command, dataset)
        except Refused as refusal:
            yield {"Status": DOES_NOT_MATCH, "ErrorComment": str(refusal)[:64]}, None
        except Fault:
            yield {"Status": UNABLE, "ErrorComment": "this cannot be answered now; see the log"}, None

    return answered


def identifier(association: Association, context_id: int, dataset: bytes) -> dict[str, Any]:
    """What was sent, as DICOM JSON. Raises `Refused`."""
    return scan_bytes(dataset, association.contexts[context_id].transfer_syntax).attributes


def level_of(said: Attributes, sop_class: str) -> str:
    """Raises `Refused` for one that the information model does not have."""
    level = first(said, LEVEL)
    if level not in LEVELS or (level == "PATIENT" and not sop_class.startswith(_PATIENT_ROOT)):
        raise Refused(f"(0008,0052) Query/Retrieve Level is {level!r}", code="dicom", where=LEVEL)
    return level


def query(said: Attributes, level: str) -> tuple[Query, bool]:
    """The question, and whether a key of it had to be let go: that is said to whoever asked (status FF01)."""
    rows = LEVELS[level]
    keys = {tag: element for tag, element in said.items() if tag not in NOT_KEYS and tag[4:] != "0000"}
    found = [each for tag, element in keys.items() for each in conditions(tag, element)]
    kept = tuple(each for each in found if rows == "instance" or each.tag in KNOWN[rows])
    return Query(rows, kept, frozenset(keys)), len(kept) < len(found)


def conditions(tag: str, element: Mapping[str, Any]) -> Iterator[Condition]:
    """What a key of an identifier asks for; nothing where it is empty. Raises `Refused` for a date that is none."""
    vr, values = element["vr"], element.get("Value") or ()
    if vr == "SQ":
        inner = tuple(each for item in items({tag: element}, tag)[:1] for name, key in item.items() for each in conditions(name, key))
        if inner:
            yield Condition(tag, "SQ", "sequence", items=inner)
        return
    texts = [_text(value) for value in values if value is not None]
    if len(texts) > 1 and vr != "UI":  # multiple value matching (PS3.4 C.2.2.2.8): any of them
        yield Condition(tag, vr, "single", tuple(texts))
        return
    try:
        found = condition(tag, vr, "\\".join(texts))
    except ValueError as error:
        raise Refused(str(error), code="dicom", where=tag) from None
    if found is not None:
        yield found


def items(said: Attributes, tag: str) -> list[Attributes]:
    """Of a sequence; none where something else was sent in its place."""
    return [item for item in (said.get(tag) or {}).get("Value") or () if isinstance(item, Mapping)]


def first(said: Attributes, tag: str) -> str:
    """The first value as a text, "" where there is none."""
    values = (said.get(tag) or {}).get("Value") or [""]
    return _text(values[0] if values[0] is not None else "")


def _text(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return "=".join(str(value.get(group, "")) for group in ("Alphabetic", "Ideographic", "Phonetic")).rstrip("=")


def looked(association: Association, what: str, studies: set[str]) -> None:
    """Into the trail, before anybody has it. Raises `Refused` or `Fault` when it cannot be written: then nothing is shown."""
    association.ask("looked", peer=association.calling_ae, address=association.address, what=what, studies=sorted(studies))
