"""Storage commitment (PS3.4 J): a scanner asks whether its images are in safe hands, and deletes its own only when it hears that they are.

The answer names every image that was asked about. It goes to the address the site has agreed on, as often as it takes; to a peer
without one it goes on the association it was asked on.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import structlog

from wardline.core.errors import Fault, NotFound, Refused
from wardline.core.images import Images
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from wardline.formats.dicom.writing import data_set
from wardline.intake.dicom.association import Association
from wardline.intake.dicom.commands import N_EVENT_REPORT, SUCCESS, Command
from wardline.intake.dicom.pdus import Gone
from wardline.intake.dicom.services.asking import first, identifier, items
from wardline.intake.dicom.services.calling import Address, Call, Proposal

log = structlog.get_logger()

COMMITMENT, ITS_INSTANCE = "1.2.840.10008.1.20.1", "1.2.840.10008.1.20.1.1"
NO_SUCH_ACTION, INVALID_ARGUMENT, PROCESSING_FAILURE = 0x0123, 0x0115, 0x0110
UNKNOWN_INSTANCE, OTHER_CLASS = 0x0112, 0x0119
"""Failure Reason (PS3.3 C.14.1.1)."""
ALL_SAFE, SOME_NOT_SAFE = 1, 2
"""Event types (PS3.4 J.3.3.1)."""
_TRANSACTION, _REFERENCED, _FAILED = "00081195", "00081199", "00081198"
_CLASS, _INSTANCE, _REASON = "00081150", "00081155", "00081197"


class Report(NamedTuple):
    """What became of a request, as it is told."""

    transaction: str
    safe: tuple[tuple[str, str], ...]
    """(SOP class, instance)"""
    failed: tuple[tuple[str, str, int], ...]
    """The same, with the reason."""

    def event(self) -> Command:
        kind = SOME_NOT_SAFE if self.failed else ALL_SAFE
        return {
            "CommandField": N_EVENT_REPORT, "AffectedSOPClassUID": COMMITMENT, "AffectedSOPInstanceUID": ITS_INSTANCE, "EventTypeID": kind
        }  # fmt: skip

    def attributes(self, title: str) -> dict[str, Any]:
        safe = [_named(*each) for each in self.safe]
        failed = [{**_named(kind, uid), _REASON: {"vr": "US", "Value": [reason]}} for kind, uid, reason in self.failed]
        said: dict[str, Any] = {_TRANSACTION: {"vr": "UI", "Value": [self.transaction]}, "00080054": {"vr": "AE", "Value": [title]}}
        return said | {tag: {"vr": "SQ", "Value": items} for tag, items in ((_REFERENCED, safe), (_FAILED, failed)) if items}


def commit(association: Association, context_id: int, command: Command, dataset: bytes) -> Iterator[tuple[Command, bytes | None]]:
    """N-ACTION: taken at once; what became of it is told by an N-EVENT-REPORT."""
    if command.get("ActionTypeID") != 1:
        yield {"Status": NO_SUCH_ACTION}, None
        return
    try:
        report = _report(association.images, identifier(association, context_id, dataset))
        peer, title = association.peer, association.agreement.ae_title
        # Kept before it is taken: a scanner that hears success waits for the report, whatever happens to us meanwhile.
        where = {"host": peer.host, "port": peer.port, "encryption": peer.encryption}
        association.ask("commitment", peer=association.calling_ae, title=title, report=report, **where)
    except Refused as refusal:
        yield {"Status": INVALID_ARGUMENT, "ErrorComment": str(refusal)[:64]}, None
        return
    except Fault:
        yield {"Status": PROCESSING_FAILURE}, None
        return
    yield {"Status": SUCCESS}, None
    if not association.peer.host:
        _tell_here(association, context_id, report, title)


def _tell_here(association: Association, context_id: int, report: Report, title: str) -> None:
    syntax = association.contexts[context_id].transfer_syntax
    try:
        association.request(context_id, report.event(), (data_set(report.attributes(title), syntax),))
    except Gone:
        log.warning("commitment_not_told", calling=association.calling_ae, reason="it has left, and the site has agreed no address for it")


def _report(images: Images, said: dict[str, Any]) -> Report:
    """Each image looked up, and its file opened. Raises `Refused` for a request that names nothing."""
    transaction = first(said, _TRANSACTION)
    wanted = [(first(item, _CLASS), first(item, _INSTANCE)) for item in items(said, _REFERENCED)]
    if not transaction or not wanted:
        raise Refused("a commitment needs a Transaction UID (0008,1195) and images (0008,1199)", code="dicom", where=_TRANSACTION)
    safe, failed, studies = [], [], Counter[str]()
    for kind, uid in wanted:
        reason, study = _looked_up(images, kind, uid)
        if reason:
            failed.append((kind, uid, reason))
        else:
            safe.append((kind, uid))
            studies[study] += 1
    for study, count in studies.items() if not failed else ():
        images.expect(study, count)  # whoever asks for commitment has sent what there is
    return Report(transaction, tuple(safe), tuple(failed))


def _looked_up(images: Images, kind: str, uid: str) -> tuple[int, str]:
    """Why it is not in safe hands, 0 where it is; and its study."""
    try:
        layout = images.layout(uid)
        images.read(uid, 0, 132)
    except NotFound:
        return UNKNOWN_INSTANCE, ""
    except Fault:
        return PROCESSING_FAILURE, ""
    return (OTHER_CLASS, "") if layout.sop_class != kind else (0, layout.study)


def notify(address: Address, report: Report) -> None:
    """Tell it on an association of our own. Raises `Fault` when it was not taken."""
    try:
        with Call(address, [Proposal(COMMITMENT, (EXPLICIT_LITTLE, IMPLICIT_LITTLE), as_scp=True)]) as call:
            context = call.context_for(COMMITMENT)
            if context is None:
                raise Fault(f"{address.called} takes no reports of commitment")
            answer = call.request(context.id, report.event(), (data_set(report.attributes(address.calling), context.transfer_syntax),))
    except Gone as gone:
        raise Fault(str(gone)) from None
    if answer.get("Status") != SUCCESS:
        raise Fault(f"{address.called} answered with status {answer.get('Status', 0):04X}")


def _named(kind: str, uid: str) -> dict[str, Any]:
    return {_CLASS: {"vr": "UI", "Value": [kind]}, _INSTANCE: {"vr": "UI", "Value": [uid]}}
