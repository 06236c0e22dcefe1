"""A workitem: something to be done with a patient's images, as an orchestrator asks for it and a performer answers (Unified Procedure Step).

Attributes are DICOM JSON (PS3.18 Annex F). What must be there, and when, is Table CC.2.5-3 of PS3.4. Its text was not at hand: the lists
below are recalled and agree with an implementation that cites it; standing: provisional.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

import msgspec

from wardline.core.errors import Refused

Attributes = Mapping[str, Any]
SCHEDULED, IN_PROGRESS, COMPLETED, CANCELED = "SCHEDULED", "IN PROGRESS", "COMPLETED", "CANCELED"
FINAL: Final = frozenset({COMPLETED, CANCELED})
PUSH: Final = "1.2.840.10008.5.1.4.34.6.1"
"""Every workitem is of this SOP Class, whichever way it is asked for (PS3.4 CC.3.1)."""

SOP_CLASS, SOP_INSTANCE, TRANSACTION = "00080016", "00080018", "00081195"
STATE, READINESS, PRIORITY, LABEL, WORKLIST = "00741000", "00404041", "00741200", "00741204", "00741202"
START, MODIFIED, CANCELLED_AT = "00404005", "00404010", "00404052"
STUDY, PATIENT_NAME, PATIENT_ID, ISSUER, BIRTH_DATE, SEX = "0020000D", "00100010", "00100020", "00100021", "00100030", "00100040"
WORKITEM_CODE, STATION, PERFORMERS, INPUT, REQUEST = "00404018", "00404025", "00404034", "00404021", "0040A370"
PROGRESS, DESCRIPTION, WHY, WHY_CODE = "00741002", "00741006", "00741238", "0074100E"
CONTACT_URI, CONTACT_NAME, CONTACTS = "0074100A", "0074100C", "00741008"
PERFORMED, OUTPUT, RETRIEVAL, RETRIEVE_URL = "00741216", "00404033", "0040E025", "00081190"

NEEDED: Final = {STATE: "CS", PRIORITY: "CS", LABEL: "LO", START: "DT", READINESS: "CS"}
"""N-CREATE type 1: without a value nothing is created."""
FILLED: Final = {
    "00741210": "SQ", STATION: "SQ", "00404026": "SQ", "00404027": "SQ", WORKITEM_CODE: "SQ", "00400400": "LT", INPUT: "SQ", PATIENT_NAME: "PN",
    PATIENT_ID: "LO", BIRTH_DATE: "DA", SEX: "CS", "00380010": "LO", "00380014": "SQ", "00081080": "LO", "00081084": "SQ", REQUEST: "SQ",
    PROGRESS: "SQ", PERFORMED: "SQ",
}  # fmt: skip
"""N-CREATE type 2: empty where nothing was said."""
SEQUENCES: Final = frozenset({tag for tag, vr in FILLED.items() if vr == "SQ"} | {PERFORMERS, WHY_CODE, OUTPUT, RETRIEVAL, "00404028", "00404019"})
"""What is read item by item: under any other VR it is refused, before somebody looks for items in a text."""
EMPTY: Final = (TRANSACTION, PROGRESS, PERFORMED)
"""What only a performer says."""
ONE_OF: Final = {PRIORITY: ("HIGH", "MEDIUM", "LOW"), READINESS: ("INCOMPLETE", "UNAVAILABLE", "READY")}
"""PS3.3 C.30.2 and C.30.1; recalled."""
FIXED: Final = frozenset({SOP_CLASS, SOP_INSTANCE, STATE, PATIENT_NAME, PATIENT_ID, ISSUER, BIRTH_DATE, SEX, STUDY})
"""Not for N-SET: what it is, whose it is, and its state, which has a request of its own."""
DONE: Final = {"00404028": "Performed Station Name Code Sequence", "00404050": "Performed Procedure Step Start DateTime",
    "00404019": "Performed Workitem Code Sequence", "00404051": "Performed Procedure Step End DateTime"}  # fmt: skip
"""Of each performed procedure, with a value, before it is COMPLETED. Output Information Sequence must be there too and may be empty."""

DEEPEST: Final = 8
_TAG: Final = re.compile(r"(?!0000|0002|FFF)[0-9A-F]{8}")
_DT: Final = re.compile(r"(\d{4}(?:\d{2}){0,5})(?:\.\d{1,6})?([+-]\d{4})?")
_UID: Final = re.compile(r"(?=.{1,64}$)(0|[1-9]\d*)(\.(0|[1-9]\d*))+")
_VRS: Final = frozenset((
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL",
    "UR", "US", "UT", "UV",
))  # fmt: skip
"""Without those of bulk data, which no workitem has (PS3.18 11.1.3)."""


def attributes_in(content: bytes) -> dict[str, Any]:
    """A data set in a request: DICOM JSON, by itself or as the only one of an array. Raises `Refused`."""
    try:
        said = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError):
        raise Refused("the content is not DICOM JSON (PS3.18 Annex F)", code="json") from None
    if isinstance(said, list) and len(said) == 1:
        said = said[0]
    return _checked(said, 0)


def _checked(said: Any, depth: int) -> dict[str, Any]:
    if not isinstance(said, dict) or depth > DEEPEST:
        raise Refused('a data set is one JSON object of tags, for example {"00741204": {"vr": "LO", "Value": ["Lungs"]}}', code="json")
    for tag, element in said.items():
        vr = str(element.get("vr", "")) if isinstance(element, dict) else ""
        values = element.get("Value", []) if isinstance(element, dict) else None
        is_one = _TAG.fullmatch(tag) and vr in _VRS and (vr == "SQ" or tag not in SEQUENCES)
        if not is_one or not isinstance(values, list) or not element.keys() <= {"vr", "Value"}:
            raise Refused(f"{tag[:20]!r} is no attribute of a workitem in DICOM JSON: it needs vr and Value", code="json", where=tag[:20])
        for value in values:
            if vr == "SQ":
                _checked(value, depth + 1)
            elif not _is_value(vr, value):
                raise Refused(f"({tag[:4]},{tag[4:]}) has a value that is none of {vr}", code="json", where=tag)
    return said


def _is_value(vr: str, value: Any) -> bool:
    if vr == "PN":
        return value is None or (isinstance(value, dict) and all(isinstance(group, str) for group in value.values()))
    return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))


# --- reading ---------------------------------------------------------------------------------------------------------------------------


def text(attributes: Attributes, tag: str) -> str:
    """The first value as text; of a name its alphabetic group; "" where there is none."""
    values = (attributes.get(tag) or {}).get("Value") or [None]
    first = values[0].get("Alphabetic", "") if isinstance(values[0], Mapping) else values[0]
    return "" if first is None else str(first).strip()


def items(attributes: Attributes, tag: str) -> list[dict[str, Any]]:
    return list((attributes.get(tag) or {}).get("Value") or ())


def is_uid(said: str) -> bool:
    return _UID.fullmatch(said) is not None


def codes(attributes: Attributes, tag: str) -> list[tuple[str, str]]:
    """(code, coding scheme) of a code sequence; a code of more than 16 letters stands in Long Code Value (PS3.3 8.1)."""
    return [(text(item, "00080100") or text(item, "00080119"), text(item, "00080102")) for item in items(attributes, tag)]


def studies(attributes: Attributes) -> tuple[str, ...]:
    """Every study it is about: its own, those it takes as input, those it was requested for."""
    named = [attributes, *items(attributes, INPUT), *items(attributes, REQUEST)]
    return tuple(dict.fromkeys(uid for each in named if (uid := text(each, STUDY))))


def outputs(attributes: Attributes) -> set[str]:
    """The addresses at which what was made can be fetched, where the performer says them and nowhere else."""
    made = (output for performed in items(attributes, PERFORMED) for output in items(performed, OUTPUT))
    return {text(where, RETRIEVE_URL) for output in made for where in items(output, RETRIEVAL)}


# --- writing ---------------------------------------------------------------------------------------------------------------------------


def element(vr: str, *values: Any) -> dict[str, Any]:
    return {"vr": vr, "Value": list(values)} if values else {"vr": vr}


def coded(value: str, scheme: str, meaning: str) -> dict[str, Any]:
    value_tag, vr = ("00080100", "SH") if len(value) <= 16 else ("00080119", "UC")
    return {value_tag: element(vr, value), "00080102": element("SH", scheme), "00080104": element("LO", meaning[:64])}


def moment(at: datetime) -> str:
    """A DT with its offset (PS3.5 6.2)."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S.%f+0000")


def moment_of(said: str, zone: tzinfo) -> datetime:
    """The first moment that a DT covers; one without an offset is the house's time. Raises `Refused`."""
    match = _DT.fullmatch(said)
    try:
        if match is None:
            raise ValueError
        whole = match[1] + "00000101000000"[len(match[1]) :]
        read = datetime.strptime(whole + (match[2] or "+0000"), "%Y%m%d%H%M%S%z")
    except ValueError:
        raise Refused("a date and time is YYYYMMDDHHMMSS, with an offset such as +0100 behind it (PS3.5 6.2)", code="0106", where=START) from None
    return read if match[2] else read.replace(tzinfo=zone)


def created(said: Attributes, uid: str, now: datetime, worklist: str) -> tuple[dict[str, Any], bool]:
    """A new workitem, and whether it is not quite what was sent. Raises `Refused` naming what is missing or wrong."""
    for tag in NEEDED:
        if not text(said, tag):
            raise Refused(f"({tag[:4]},{tag[4:]}) must have a value before this can be scheduled (PS3.4 Table CC.2.5-3)", code="0120", where=tag)
    for tag in EMPTY:
        if (said.get(tag) or {}).get("Value"):
            raise Refused(f"({tag[:4]},{tag[4:]}) is for whoever performs the step, and must be empty", code="0106", where=tag)
    if text(said, STATE) != SCHEDULED:
        raise Refused("Procedure Step State (0074,1000) of a new workitem is SCHEDULED", code="C309", where=STATE)
    if text(said, SOP_CLASS) not in ("", PUSH):
        raise Refused(f"a workitem is of SOP Class {PUSH}", code="0118", where=SOP_CLASS)
    _enumerated(said)
    whole = {tag: element(vr) for tag, vr in FILLED.items()} | {tag: each for tag, each in said.items() if tag != TRANSACTION}
    whole |= {SOP_CLASS: element("UI", PUSH), SOP_INSTANCE: element("UI", uid), MODIFIED: element("DT", moment(now))}
    if not text(said, WORKLIST):
        whole[WORKLIST] = element("LO", worklist)
    own = {SOP_CLASS, SOP_INSTANCE, MODIFIED}
    return whole, any(tag not in said for tag in whole.keys() - own)


def updated(attributes: Attributes, changes: Attributes, now: datetime) -> dict[str, Any]:
    """With these attributes in place of those before. Raises `Refused` for what nobody may change."""
    fixed = sorted(tag for tag in changes if tag in FIXED and changes[tag] != attributes.get(tag))
    if fixed:
        tag = fixed[0]
        raise Refused(f"({tag[:4]},{tag[4:]}) is not changed by an update; its state has a request of its own", code="0106", where=tag)
    for tag in NEEDED:
        if tag in changes and not text(changes, tag):
            raise Refused(f"({tag[:4]},{tag[4:]}) must keep a value", code="0121", where=tag)
    _enumerated(changes)
    whole = {**attributes, **{tag: each for tag, each in changes.items() if tag not in (TRANSACTION, MODIFIED)}}
    if changes.keys() - {PROGRESS, PERFORMED, TRANSACTION}:
        whole[MODIFIED] = element("DT", moment(now))
    return whole


def _enumerated(said: Attributes) -> None:
    """What has a form or a list of words keeps to it."""
    if START in said:
        moment_of(text(said, START), UTC)
    for tag, words in ONE_OF.items():
        if tag in said and text(said, tag) not in words:
            raise Refused(f"({tag[:4]},{tag[4:]}) is one of {', '.join(words)}", code="0106", where=tag)


def cancelled(attributes: Attributes, now: datetime, why: Attributes) -> dict[str, Any]:
    """With when and why, as a CANCELED workitem has them. What the performer has said already stands."""
    said = items(attributes, PROGRESS)
    progress = {CANCELLED_AT: element("DT", moment(now)), **(said[0] if said else {})}
    for tag in (WHY, WHY_CODE):
        if tag in why:
            progress.setdefault(tag, why[tag])
    return {**attributes, PROGRESS: element("SQ", progress, *said[1:])}


def unmet(attributes: Attributes, state: str) -> tuple[str, ...]:
    """What Table CC.2.5-3 asks for in this final state and is not there, by name: the requirements R, P and X."""
    if state == CANCELED:
        progress = items(attributes, PROGRESS)
        is_said = bool(progress) and any(code for code, _ in codes(progress[0], WHY_CODE))
        return () if is_said else ("Procedure Step Discontinuation Reason Code Sequence (0074,100E)",)
    performed = items(attributes, PERFORMED)
    if not performed:
        return ("Unified Procedure Step Performed Procedure Sequence (0074,1216)",)
    missing = [f"{name} ({tag[:4]},{tag[4:]})" for tag, name in DONE.items() if not all((each.get(tag) or {}).get("Value") for each in performed)]
    if not all(OUTPUT in each for each in performed):
        missing.append("Output Information Sequence (0040,4033)")
    return tuple(missing)


def shown(attributes: Attributes, tags: Iterable[str] | None = None) -> dict[str, Any]:
    """In the order of the tags, and never with the Transaction UID, which is the performer's key (PS3.18 11.5.2)."""
    wanted = set(attributes) if tags is None else set(tags)
    return {tag: attributes[tag] for tag in sorted(attributes) if tag in wanted and tag != TRANSACTION}
