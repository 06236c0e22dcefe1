"""One association from its request to its end: messages in, each handed to whoever serves it, answers out (PS3.7, PS3.8).

An association has a thread of its own and does one thing after the other: nobody may have two requests open (PS3.7 D.3.3.3).
"""

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import structlog

from wardline.core.errors import Refused, StorageBroken
from wardline.core.images import Images
from wardline.intake.dicom import commands, pdus
from wardline.intake.dicom.agreement import Agreement, Peer
from wardline.intake.dicom.commands import Command
from wardline.intake.dicom.messages import Collected, Incoming, Message, Sink, outgoing
from wardline.intake.dicom.negotiation import Context, Rejection, negotiate, right_for
from wardline.intake.dicom.pdus import Gone, Line
from wardline.intake.dicom.storing import CANNOT_UNDERSTAND, Storing

log = structlog.get_logger()

REQUEST_SECONDS: Final = 30.0
"""For the first word of whoever connects: the ARTIM timer (PS3.8 9.1.5)."""
IDLE_SECONDS: Final = 600.0
"""Between requests."""
WORD_SECONDS: Final = 60.0
"""Within a message."""
_RIGHTS: Final[Mapping[int, tuple[str, ...]]] = {
    commands.C_FIND: ("find", "worklist"), commands.C_MOVE: ("move",), commands.C_GET: ("get",), commands.N_ACTION: ("commit",),
    commands.N_CREATE: ("mpps",), commands.N_SET: ("mpps",),
}  # fmt: skip
"""Which rights a request may rest on."""
Handler = Callable[["Association", int, Command, bytes], Iterator[tuple[Command, bytes | None]]]
"""Answers one request: commands, each with its data set if it has one. What they leave out is filled in."""
Ask = Callable[..., dict[str, Any]]
"""A question to the clinical process, by its name and what it needs."""


class Serving(NamedTuple):
    """What every association of a listener works with."""

    images: Images
    agreement: Callable[[], Agreement]
    handlers: Mapping[int, Handler]
    ask: Ask
    broken: Callable[[StorageBroken], None]
    """Called when the disk has refused a durable write; does not return."""


class Association:
    """What handlers see of it: who calls, what was agreed, and a way to ask things back."""

    def __init__(self, line: Line, serving: Serving, address: str) -> None:
        self._line = line
        self._serving = serving
        self.address = address
        self.images = serving.images
        self.agreement = serving.agreement()
        self.ask = serving.ask
        self.peer = Peer("", frozenset())
        self.calling_ae = self.called_ae = ""
        self.contexts: dict[int, Context] = {}
        self._most_pdu = 0
        self._is_over = False
        self._cancelled: set[int] = set()
        self._storing: Storing | None = None
        self._numbers = itertools.count(1)

    # --- its life ---

    def run(self) -> None:
        """Until it is released, aborted or silent for too long. Never raises."""
        try:
            if self._agree():
                self._serve()
        except Gone as gone:
            log.info("association_ended", calling=self.calling_ae, reason=str(gone))
            self._say_last(pdus.abort(2, 0))
        except Refused as refused:
            log.warning("association_aborted", calling=self.calling_ae, reason=str(refused))
            self._say_last(pdus.abort(2, 6))  # invalid PDU parameter value
        except Exception as error:  # a bug in serving one peer must not touch the others
            log.error("association_failed", calling=self.calling_ae, error=type(error).__name__)
            self._say_last(pdus.abort(2, 0))
        finally:
            if self._storing is not None:
                self._storing.abandon()
            self._line.close()

    def _agree(self) -> bool:
        kind, content = self._line.next(REQUEST_SECONDS)
        if kind != pdus.ASSOCIATE_RQ:
            raise Refused(f"the first PDU is of type {kind}, not a request", code="dicom")
        request = bytes((kind, 0)) + len(content).to_bytes(4, "big") + bytes(content)
        try:
            agreed = negotiate(request, self.agreement)
        except Rejection as rejection:
            log.warning("association_rejected", address=self.address, reason=str(rejection))
            self._line.send(rejection.pdu)
            return False
        self.peer, self.called_ae, self.contexts, self._most_pdu = agreed.peer, agreed.called, agreed.contexts, agreed.most_pdu
        self.calling_ae = agreed.peer.title
        self._line.send(agreed.pdu)
        return True

    def _serve(self) -> None:
        while (message := self._next(IDLE_SECONDS)) is not None:
            if self._is_noted(message) or message.field & commands.RESPONSE:
                continue  # an answer that nobody waits for any more is none to answer
            for answer, dataset in self._answers(message):
                self._send(message.context, answer, dataset)
            if isinstance(message.sink, Storing) and message.sink.broken is not None:
                self._serving.broken(message.sink.broken)

    def _answers(self, message: Message) -> Iterator[tuple[Command, bytes | None]]:
        command, handler = message.command, self._serving.handlers.get(message.field)
        if message.field == commands.C_STORE:
            yield commands.response_to(command, *self._stored(message.sink)), None
        elif message.field == commands.C_ECHO:
            yield commands.response_to(command, commands.SUCCESS), None
        elif handler is None:
            yield commands.response_to(command, commands.NOT_RECOGNISED), None
        elif not self._is_agreed(message):
            log.warning("request_outside_its_context", calling=self.calling_ae, field=message.field, context=message.context.abstract_syntax)
            yield commands.response_to(command, commands.NO_SUCH_CLASS), None
        else:
            for answer, dataset in handler(self, message.context.id, command, message.dataset):
                yield {**commands.response_to(command, commands.SUCCESS), **answer}, dataset
            self._cancelled.discard(command.get("MessageID", 0))

    def _is_agreed(self, message: Message) -> bool:
        """A right goes with the SOP class of a context: who may only store or say hello cannot fetch under that heading (PS3.7 9.1)."""
        right = right_for(message.context.abstract_syntax)
        return right in _RIGHTS.get(message.field, ()) and right in self.peer.may

    def _stored(self, sink: Sink | None) -> tuple[int, str]:
        self._storing = None
        if isinstance(sink, Storing):
            return sink.finish()
        return (CANNOT_UNDERSTAND, "there was no data set") if sink is None else (commands.NOT_AUTHORISED, "storing is not agreed with this AE title")

    # --- what handlers may do ---

    def is_cancelled(self, message_id: int) -> bool:
        """Whether the peer has taken back what it asked for; looks without waiting."""
        while not self._is_over and self._line.has_something():
            message = self._next(WORD_SECONDS)
            if message is not None and not self._is_noted(message):
                raise Refused("a second request came before the first was answered", code="dimse")
        return self._is_over or message_id in self._cancelled

    def request(self, context_id: int, command: Command, chunks: Iterable[bytes] | None = None) -> Command:
        """Ask the peer something on this association; returns its answer. Raises `Gone` when it has left."""
        context, number = self.contexts[context_id], next(self._numbers) % 0xFFFF + 1
        self._send(context, {"MessageID": number, **command}, chunks)
        while (message := self._next(IDLE_SECONDS)) is not None:
            if not self._is_noted(message) and message.command.get("MessageIDBeingRespondedTo") == number:
                return message.command
        raise Gone("the association ended before the answer came")

    # --- messages ---

    def _next(self, seconds: float) -> Message | None:
        """The next message; None when the peer has released the association."""
        incoming = Incoming(self.contexts, self._sink)
        while not self._is_over:
            kind, content = self._line.next(WORD_SECONDS if incoming.has_begun else seconds)
            match kind:
                case pdus.P_DATA:
                    for number, piece in enumerate(found := list(pdus.pieces(content)), 1):
                        message = incoming.take(piece)
                        if message is not None and number < len(found):
                            raise Refused("a second message came before the first was answered", code="dimse")
                        if message is not None:
                            return message
                case pdus.RELEASE_RQ:
                    self._line.send(pdus.RELEASED)
                    self._is_over = True
                case pdus.ABORT:
                    raise Gone("aborted by the other side")
                case _:
                    raise Refused(f"a PDU of type {kind} does not belong here", code="dicom")
        return None

    def _is_noted(self, message: Message) -> bool:
        """A C-CANCEL is only remembered: whoever serves the request looks for it."""
        if message.field == commands.C_CANCEL:
            self._cancelled.add(message.command.get("MessageIDBeingRespondedTo", 0))
            return True
        return False

    def _sink(self, context: Context, command: Command) -> Sink:
        if command["CommandField"] != commands.C_STORE or right_for(context.abstract_syntax) != "store" or "store" not in self.peer.may:
            return Collected()
        self._storing = Storing(self.images, context, command, source=self.calling_ae, most_bytes=self.agreement.largest_bytes)
        return self._storing

    def _send(self, context: Context, command: Command, dataset: bytes | Iterable[bytes] | None) -> None:
        for pdu in outgoing(context, command, dataset, self._most_pdu):
            self._line.send(pdu)

    def _say_last(self, content: bytes) -> None:
        with contextlib.suppress(Gone):
            self._line.send(content, 2)
