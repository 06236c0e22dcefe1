"""The command part of a DIMSE message (PS3.7 E.1): a handful of short elements, always in implicit VR little endian."""

import struct
from collections.abc import Mapping
from typing import Any, Final

from wardline.core.errors import Refused

Command = dict[str, Any]
"""By the keywords of PS3.6: numbers, UIDs and AE titles as text, lists of tags as numbers."""

C_STORE, C_GET, C_FIND, C_MOVE, C_ECHO = 0x0001, 0x0010, 0x0020, 0x0021, 0x0030
N_EVENT_REPORT, N_GET, N_SET, N_ACTION, N_CREATE, N_DELETE = 0x0100, 0x0110, 0x0120, 0x0130, 0x0140, 0x0150
C_CANCEL: Final = 0x0FFF
RESPONSE: Final = 0x8000
NO_DATASET: Final = 0x0101
SUCCESS: Final = 0x0000
NOT_RECOGNISED: Final = 0x0211
"""Unrecognized Operation (PS3.7 C.5.24)."""
NO_SUCH_CLASS: Final = 0x0122
"""SOP Class Not Supported (PS3.7 C.5.22)."""
NOT_AUTHORISED: Final = 0x0124
"""Refused: Not Authorized (PS3.7 C.4.2)."""

_NUMBER, _TEXT, _UID, _TAGS = "US", "text", "UI", "AT"
_FIELDS: Final = {
    0x0002: ("AffectedSOPClassUID", _UID), 0x0003: ("RequestedSOPClassUID", _UID), 0x0100: ("CommandField", _NUMBER),
    0x0110: ("MessageID", _NUMBER), 0x0120: ("MessageIDBeingRespondedTo", _NUMBER), 0x0600: ("MoveDestination", _TEXT),
    0x0700: ("Priority", _NUMBER), 0x0800: ("CommandDataSetType", _NUMBER), 0x0900: ("Status", _NUMBER), 0x0901: ("OffendingElement", _TAGS),
    0x0902: ("ErrorComment", _TEXT), 0x0903: ("ErrorID", _NUMBER), 0x1000: ("AffectedSOPInstanceUID", _UID),
    0x1001: ("RequestedSOPInstanceUID", _UID), 0x1002: ("EventTypeID", _NUMBER), 0x1005: ("AttributeIdentifierList", _TAGS),
    0x1008: ("ActionTypeID", _NUMBER), 0x1020: ("NumberOfRemainingSuboperations", _NUMBER), 0x1021: ("NumberOfCompletedSuboperations", _NUMBER),
    0x1022: ("NumberOfFailedSuboperations", _NUMBER), 0x1023: ("NumberOfWarningSuboperations", _NUMBER),
    0x1030: ("MoveOriginatorApplicationEntityTitle", _TEXT), 0x1031: ("MoveOriginatorMessageID", _NUMBER),
}  # fmt: skip
_ELEMENTS: Final = {keyword: (element, kind) for element, (keyword, kind) in _FIELDS.items()}


def decode(content: bytes) -> Command:
    """Raises `Refused` for what is no command."""
    found: Command = {}
    position = 0
    while position < len(content):
        if position + 8 > len(content):
            raise Refused("a command ends in the middle of an element", code="dimse")
        group, element, length = struct.unpack_from("<HHL", content, position)
        value = content[position + 8 : position + 8 + length]
        if group != 0 or len(value) != length:
            raise Refused(f"({group:04X},{element:04X}) in a command is cut off, or does not belong there", code="dimse")
        if element in _FIELDS:
            keyword, kind = _FIELDS[element]
            found[keyword] = _read(kind, value)
        position += 8 + length
    if "CommandField" not in found or "CommandDataSetType" not in found:
        raise Refused("a command lacks (0000,0100) or (0000,0800)", code="dimse")
    return found


def encode(command: Mapping[str, Any]) -> bytes:
    """In the order of tags, with the group's length before them."""
    content = b"".join(_element(*_ELEMENTS[keyword], value) for keyword, value in sorted(command.items(), key=lambda each: _ELEMENTS[each[0]][0]))
    return struct.pack("<HHLL", 0, 0, 4, len(content)) + content


def response_to(request: Command, status: int, comment: str = "") -> Command:
    """What answers it, without a data set. `comment` is for the people who run the sender, and never names a patient."""
    answer: Command = {
        "CommandField": request["CommandField"] | RESPONSE, "MessageIDBeingRespondedTo": request.get("MessageID", 0),
        "CommandDataSetType": NO_DATASET, "Status": status,
    }  # fmt: skip
    for asked, told in _ECHOED:
        if request.get(asked):
            answer[told] = request[asked]
    if comment:
        answer["ErrorComment"] = comment[:64]
    return answer


_ECHOED: Final = (
    ("AffectedSOPClassUID", "AffectedSOPClassUID"), ("AffectedSOPInstanceUID", "AffectedSOPInstanceUID"),
    ("RequestedSOPClassUID", "AffectedSOPClassUID"), ("RequestedSOPInstanceUID", "AffectedSOPInstanceUID"),
)  # fmt: skip


def _read(kind: str, value: bytes) -> Any:
    if kind == _NUMBER:
        return int.from_bytes(value[:2], "little")
    if kind == _TAGS:
        return [group << 16 | element for group, element in struct.iter_unpack("<HH", value[: len(value) - len(value) % 4])]
    return value.decode("latin-1").strip(" \0")


def _element(element: int, kind: str, value: Any) -> bytes:
    match kind:
        case "US":
            content = struct.pack("<H", value)
        case "AT":
            content = b"".join(struct.pack("<HH", tag >> 16, tag & 0xFFFF) for tag in value)
        case _:
            content = str(value).encode("ascii", errors="replace")
            content += b"" if len(content) % 2 == 0 else b"\0" if kind == _UID else b" "
    return struct.pack("<HHL", 0, element, len(content)) + content
