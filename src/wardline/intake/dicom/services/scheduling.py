"""Modality worklist and procedure steps (PS3.4 K and F): what a scanner is to do, and what it says it is doing.

Orders live in the clinical process, which is asked for them; matching is the same as everywhere.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from wardline.core.errors import Fault, Refused
from wardline.formats.dicom.matching import met
from wardline.formats.dicom.writing import data_set
from wardline.intake.dicom.association import Association
from wardline.intake.dicom.commands import N_CREATE, SUCCESS, Command
from wardline.intake.dicom.services.asking import CANCELLED, NOT_KEYS, PENDING, conditions, first, guarded, identifier, items

WORKLIST: Final = "1.2.840.10008.5.1.4.31"
PROCESSING_FAILURE, INVALID = 0x0110, 0x0106
_STATE, _SCHEDULED, _STUDY, _ACCESSION = "00400252", "00400270", "0020000D", "00080050"
_SERIES: Final = "00400340"
_IMAGES: Final = ("00081140", "00400220")
"""Referenced Image Sequence, Referenced Non-Image Composite SOP Instance Sequence."""


@guarded
def worklist(association: Association, context_id: int, command: Command, dataset: bytes) -> Iterator[tuple[Command, bytes | None]]:
    """Orders that wait for this station, by its own conditions."""
    said = identifier(association, context_id, dataset)
    asked = [each for tag, element in said.items() if tag not in NOT_KEYS for each in conditions(tag, element)]
    rows = association.ask("worklist", peer=association.calling_ae)["rows"]
    found = [(about, row) for about, row in rows if met(asked, row)]
    association.ask(
        "looked", peer=association.calling_ae, address=association.address, what="worklist", records=sorted({about for about, _ in found})
    )
    for _, row in found:
        if association.is_cancelled(command["MessageID"]):
            yield {"Status": CANCELLED}, None
            return
        yield {"Status": PENDING}, data_set(_shaped(row, said), association.contexts[context_id].transfer_syntax)
    yield {"Status": SUCCESS}, None


def _shaped(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, in its shape: of a sequence the asked attributes of each item, all of them where none was named."""
    found: dict[str, Any] = {}
    for tag, element in said.items():
        inner = next(iter(items(said, tag)), {}) if element["vr"] == "SQ" else {}
        known = row.get(tag)
        if known is None:
            found[tag] = {"vr": element["vr"]}
        elif inner and known["vr"] == "SQ":
            found[tag] = {"vr": "SQ", "Value": [_shaped(item, inner) for item in items(row, tag)]}
        else:
            found[tag] = known
    return found


def step(association: Association, _context_id: int, command: Command, dataset: bytes) -> Iterator[tuple[Command, bytes | None]]:
    """N-CREATE and N-SET of a Modality Performed Procedure Step."""
    try:
        said = identifier(association, _context_id, dataset)
        told = association.ask("procedure step", peer=association.calling_ae, **_told(command, said))
    except Refused as refusal:
        yield {"Status": INVALID, "ErrorComment": str(refusal)[:64]}, None
        return
    except Fault:
        yield {"Status": PROCESSING_FAILURE}, None
        return
    answer: Command = {"Status": told["status"], "AffectedSOPInstanceUID": told["uid"]}
    if told.get("error"):
        answer["ErrorID"] = told["error"]
    yield answer, None


def _told(command: Command, said: Mapping[str, Any]) -> dict[str, Any]:
    """Of all that a step says, what is needed here: nothing names the patient."""
    scheduled = next(iter(items(said, _SCHEDULED)), {})
    return {
        "begins": command["CommandField"] == N_CREATE, "uid": command.get("AffectedSOPInstanceUID") or command.get("RequestedSOPInstanceUID", ""),
        "state": first(said, _STATE), "study": first(scheduled, _STUDY), "accession": first(scheduled, _ACCESSION),
        "instances": sum(len(items(series, tag)) for series in items(said, _SERIES) for tag in _IMAGES),
    }  # fmt: skip
