"""C-MOVE and C-GET: images to whoever asks for them, or to another system (PS3.4 C.4.2 and C.4.3).

An image goes out as it is stored where the receiver takes that, else decoded to little endian; each that cannot go is named.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import structlog

from wardline.core.errors import Fault, NotFound, Refused
from wardline.core.images import Images, InstanceLayout
from wardline.formats.dicom.codecs import decoded
from wardline.formats.dicom.part10 import read_head
from wardline.formats.dicom.queries import Query
from wardline.formats.dicom.syntaxes import EXPLICIT_LITTLE, IMPLICIT_LITTLE
from wardline.formats.dicom.writing import data_set
from wardline.intake.dicom.association import Association
from wardline.intake.dicom.commands import C_STORE, SUCCESS, Command
from wardline.intake.dicom.negotiation import Context
from wardline.intake.dicom.pdus import Gone
from wardline.intake.dicom.services.asking import CANCELLED, PENDING, UNIQUE, guarded, identifier, level_of, looked, query
from wardline.intake.dicom.services.calling import Address, Call, Proposal

log = structlog.get_logger()
UNKNOWN_DESTINATION, NOT_SENT, SOME_NOT_SENT = 0xA801, 0xA702, 0xB000
PIECE: Final = 1024 * 1024
_FAILED_UIDS: Final = "00080058"
Answers = Iterator[tuple[Command, bytes | None]]
Send = Callable[["Wanted", Context], Command]


class Wanted(NamedTuple):
    """One image to be sent."""

    uid: str
    layout: InstanceLayout


@dataclass
class Tally:
    """Sub-operations (PS3.4 C.4.2.1.6)."""

    remaining: int
    completed: int = 0
    warned: int = 0
    failed: list[str] = field(default_factory=list)

    def numbers(self) -> Command:
        return {
            "NumberOfCompletedSuboperations": self.completed, "NumberOfFailedSuboperations": len(self.failed),
            "NumberOfWarningSuboperations": self.warned,
        }  # fmt: skip

    def pending(self) -> Command:
        return {"Status": PENDING, "NumberOfRemainingSuboperations": self.remaining, **self.numbers()}

    def ended(self, syntax: str, *, is_cancelled: bool = False) -> tuple[Command, bytes | None]:
        """The last answer; with what was not sent by its UIDs."""
        named = data_set({_FAILED_UIDS: {"vr": "UI", "Value": self.failed}}, syntax) if self.failed else None
        if is_cancelled:
            return {"Status": CANCELLED, "NumberOfRemainingSuboperations": self.remaining, **self.numbers()}, named
        if not self.failed:
            return {"Status": SOME_NOT_SENT if self.warned else SUCCESS, **self.numbers()}, None
        return {"Status": SOME_NOT_SENT if self.completed or self.warned else NOT_SENT, **self.numbers()}, named


@guarded
def get(association: Association, context_id: int, command: Command, dataset: bytes) -> Answers:
    """On the association it was asked for: the peer has agreed to be sent images there."""
    wanted = _wanted(association, context_id, dataset)
    looked(association, "get", {each.layout.study for each in wanted})
    contexts = {id: context for id, context in association.contexts.items() if context.as_scu}

    def send(each: Wanted, context: Context) -> Command:
        return association.request(context.id, _store(each), pieces(association.images, each, context.transfer_syntax))

    yield from _sent(association, context_id, command, wanted, contexts, send)


@guarded
def move(association: Association, context_id: int, command: Command, dataset: bytes) -> Answers:
    """To a system the site has agreed on, by its AE title."""
    title = command.get("MoveDestination", "")
    destination = association.agreement.peers.get(title)
    if destination is None or not destination.host:
        yield {"Status": UNKNOWN_DESTINATION, "ErrorComment": "the site has agreed on no such destination"}, None
        return
    wanted = _wanted(association, context_id, dataset)
    looked(association, f"move to {title}", {each.layout.study for each in wanted})
    origin: Command = {"MoveOriginatorApplicationEntityTitle": association.calling_ae, "MoveOriginatorMessageID": command["MessageID"]}
    syntax = association.contexts[context_id].transfer_syntax
    if not wanted:
        yield Tally(0).ended(syntax)
        return
    address = Address(destination.host, destination.port, title, association.agreement.ae_title, destination.encryption)
    try:
        with Call(address, proposals(wanted)) as call:

            def send(each: Wanted, context: Context) -> Command:
                return call.request(context.id, _store(each) | origin, pieces(association.images, each, context.transfer_syntax))

            yield from _sent(association, context_id, command, wanted, call.contexts, send)
    except Gone as gone:
        log.warning("move_destination_gone", destination=title, reason=str(gone))
        yield Tally(0, failed=[each.uid for each in wanted]).ended(syntax)


def _wanted(association: Association, context_id: int, dataset: bytes) -> list[Wanted]:
    """Every image under the unique keys of the identifier, once. Raises `Refused` where the level's own key is missing."""
    said = identifier(association, context_id, dataset)
    level = level_of(said, association.contexts[context_id].abstract_syntax)
    keys = {tag: element for tag, element in said.items() if tag in UNIQUE.values() and element.get("Value")}
    if UNIQUE[level] not in keys:
        raise Refused(f"({UNIQUE[level][:4]},{UNIQUE[level][4:]}) is missing: it says what is to be sent", code="dicom", where=UNIQUE[level])
    asked = Query("instance", query(keys, "IMAGE")[0].conditions)
    rows = association.images.find("instance", **asked.narrowed)
    return [Wanted(row.instance, association.images.layout(row.instance)) for row in rows if asked.answer(row.attributes, bytes) is not None]


def _sent(association: Association, context_id: int, command: Command, wanted: list[Wanted], contexts: Mapping[int, Context], send: Send) -> Answers:
    """One image after the other, with an answer after each (PS3.4 C.4.2.3.1)."""
    tally, syntax = Tally(len(wanted)), association.contexts[context_id].transfer_syntax
    for each in wanted:
        if association.is_cancelled(command["MessageID"]):
            yield tally.ended(syntax, is_cancelled=True)
            return
        _count(tally, each, _status(each, contexts, send))
        if tally.remaining:
            yield tally.pending(), None
    yield tally.ended(syntax)


def _status(each: Wanted, contexts: Mapping[int, Context], send: Send) -> int:
    """How the receiver took it; NOT_SENT where it cannot be sent in any form that was agreed."""
    for context in sorted(contexts.values(), key=lambda context: _rank(context, each)):
        if context.abstract_syntax != each.layout.sop_class or _rank(context, each) > len(_PLAIN):
            continue
        try:
            return int(send(each, context).get("Status", NOT_SENT))
        except (Refused, NotFound, Fault) as error:
            log.warning("image_not_sent", reason=type(error).__name__)
    return NOT_SENT


_PLAIN: Final = (EXPLICIT_LITTLE, IMPLICIT_LITTLE)


def _rank(context: Context, each: Wanted) -> int:
    """As stored first, then what it can be decoded to."""
    if context.transfer_syntax == each.layout.syntax:
        return 0
    return _PLAIN.index(context.transfer_syntax) + 1 if context.transfer_syntax in _PLAIN else len(_PLAIN) + 1


def _count(tally: Tally, each: Wanted, status: int) -> None:
    tally.remaining -= 1
    if status == SUCCESS:
        tally.completed += 1
    elif status >> 12 == 0xB:  # PS3.7 C.4.2: taken, with a remark
        tally.warned += 1
    else:
        tally.failed.append(each.uid)


def proposals(wanted: Iterable[Wanted]) -> list[Proposal]:
    """Each kind of image as it is stored, and in little endian, which everybody takes (PS3.5 10.1)."""
    kinds = {(each.layout.sop_class, each.layout.syntax): None for each in wanted}
    as_stored = [Proposal(kind, (syntax,)) for kind, syntax in kinds if syntax not in _PLAIN]
    return [*(Proposal(kind, (syntax,)) for kind in {kind: None for kind, _ in kinds} for syntax in _PLAIN), *as_stored]


def _store(each: Wanted) -> Command:
    return {"CommandField": C_STORE, "Priority": 0, "AffectedSOPClassUID": each.layout.sop_class, "AffectedSOPInstanceUID": each.uid}


def pieces(images: Images, each: Wanted, syntax: str) -> Iterator[bytes]:
    """The data set, piece by piece as it is stored, or decoded first. Raises `Refused` where nothing here can decode it."""
    layout = each.layout
    if syntax == layout.syntax:
        return (images.read(each.uid, at, min(PIECE, layout.size - at)) for at in range(layout.dataset, layout.size, PIECE))
    file = decoded(images.instance(each.uid), implicit=syntax == IMPLICIT_LITTLE)
    return iter((file[read_head(file[: 64 * 1024]).length :],))
