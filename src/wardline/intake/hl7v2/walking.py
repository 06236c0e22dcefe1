"""Reading one HL7 v2 message: walk its segments once, state what each of them says.

A segment says the same thing in every message type, so there is one reader per segment, in the table at the end; only
movements and merges depend on the trigger event (MSH-9.2). Reading is pure: bytes and the moment of receipt in, statements
out. Nothing here knows what is already stored.
"""

from collections.abc import Callable
from typing import Final

from wardline.core.errors import Refused
from wardline.formats.hl7v2.message import LARGEST_SEGMENT, Message, Segment, check_segment
from wardline.intake.hl7v2 import admissions, appointments, clinical, documents, fragments, merges, observations, orders, patients, pharmacy
from wardline.intake.hl7v2.reading import Reading
from wardline.intake.hl7v2.sources import Source

KEYED: Final = frozenset({
    "ADT", "ORU", "ORM", "OML", "OMG", "OMI", "OMP", "OMD", "OMS", "OMN", "OUL", "ORR", "ORL", "RDE", "RDS", "RAS", "RGV", "RDR", "MDM", "SIU",
    "VXU", "BAR", "DFT", "REF", "PPR", "MFN", "CRM", "CSU", "PGL", "PIN", "PEX", "SRM", "RRI", "ORD", "ORS", "ORG",
})  # fmt: skip
"""Message types that are read. Any other is refused as unsupported."""

LONGEST_CONTROL_ID: Final = 199


def read(reading: Reading) -> None:
    """Walk the whole message. Raises `Refused` when it cannot be taken as a whole; then nothing of it counts."""
    message, separators = reading.message, reading.message.separators
    check_header(message, reading.source)
    if message.type in reading.source.ignored:
        return
    lines, place, observation = message.lines, 1, ("OBX", "OBX" + separators.field)
    while place < len(lines):
        line = lines[place]
        if line[:4] in observation:
            place = observations.read_panel(reading, lines, place)
            continue
        reading.place = place = place + 1
        reader = READERS.get(line[:3]) if line[3:4] == separators.field else None
        if reader is None or len(line) > LARGEST_SEGMENT:
            check_segment(line, place, separators)
        if reader is not None:
            reader(reading, Segment(line, separators))
    if message.type == "ADT":
        admissions.conclude(reading)
        merges.conclude(reading)
    orders.conclude(reading)
    appointments.conclude(reading)
    if not reading.patient and message.type != "MFN":
        raise Refused("there is no PID segment, so the message speaks about nobody", code="segment-missing", where="PID")


def check_header(message: Message, source: Source) -> None:
    """MSH-9 to MSH-12, before anything else is read."""
    if not message.type:
        raise Refused("MSH-9 does not say what type of message this is", code="field-missing", where="MSH-9", rejected=True)
    if not message.control_id:
        raise Refused("MSH-10 is empty, so a repeat of the message could not be recognised", code="field-missing", where="MSH-10")
    if len(message.control_id) > LONGEST_CONTROL_ID:
        raise Refused(f"MSH-10 is longer than {LONGEST_CONTROL_ID} characters", code="field-missing", where="MSH-10")
    if message.type not in KEYED:
        raise Refused(f"messages of type {message.type[:20]} are not read here", code="type-unsupported", where="MSH-9.1", rejected=True)
    if message.processing_id not in source.processing_ids:
        raise Refused(
            f"processing id {message.processing_id[:10]!r} is not accepted from this source",
            code="processing-id",
            where="MSH-11",
            rejected=True,
        )
    version = message.version
    if version and not (version.startswith("2.") and version[2:3].isdigit()):
        raise Refused(f"version {version[:10]!r} is not HL7 version 2", code="version-unsupported", where="MSH-12", rejected=True)


READERS: Final[dict[str, Callable[[Reading, Segment], None]]] = {
    "PID": patients.read_pid, "EVN": admissions.read_evn, "PV1": admissions.read_pv1, "MRG": merges.read_mrg,
    "DG1": clinical.read_dg1, "PRB": clinical.read_prb, "AL1": clinical.read_al1, "IAM": clinical.read_iam,
    "ORC": orders.read_orc, "TQ1": orders.read_tq1, "OBR": orders.read_obr, "SPM": orders.read_spm,
    "RXO": pharmacy.read_rxo, "RXE": pharmacy.read_rxe, "RXA": pharmacy.read_rxa,
    "TXA": documents.read_txa, "SCH": appointments.read_sch, "ADD": fragments.read_add, "DSC": fragments.read_dsc,
}  # fmt: skip
