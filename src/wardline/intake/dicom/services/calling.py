"""An association that we open: to send images where somebody asked for them, and to say that they are in safe hands (PS3.8 7.1)."""

import contextlib
import itertools
import socket
import ssl
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Final, NamedTuple, Self

from pynetdicom.pdu import A_ASSOCIATE_AC, A_ASSOCIATE_RQ
from pynetdicom.pdu_primitives import (
    A_ASSOCIATE,
    ImplementationClassUIDNotification,
    ImplementationVersionNameNotification,
    MaximumLengthNotification,
    SCP_SCU_RoleSelectionNegotiation,
)
from pynetdicom.presentation import PresentationContext

from wardline.core.errors import Refused
from wardline.formats.dicom.part10 import IMPLEMENTATION, IMPLEMENTATION_VERSION
from wardline.intake.dicom import pdus
from wardline.intake.dicom.commands import Command
from wardline.intake.dicom.encryption import Encryption
from wardline.intake.dicom.messages import Collected, Incoming, outgoing
from wardline.intake.dicom.negotiation import MOST_PDU, Context
from wardline.intake.dicom.pdus import Gone, Line

CONNECT_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 60.0
MOST_CONTEXTS: Final = 128
_APPLICATION: Final = "1.2.840.10008.3.1.1.1"
_RELEASE: Final = bytes((pdus.RELEASE_RQ, 0, 0, 0, 0, 4, 0, 0, 0, 0))


class Address(NamedTuple):
    """Who is called, and as whom."""

    host: str
    port: int
    called: str
    calling: str
    encryption: Encryption | None = None
    """None: in clear."""


class Proposal(NamedTuple):
    """A presentation context that is offered. `as_scp`: we serve it though we call."""

    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]
    as_scp: bool = False


class Call:
    """`with Call(address, proposals) as call:`. Raises `Gone` where nobody answers or the call is not taken."""

    def __init__(self, address: Address, proposals: Sequence[Proposal]) -> None:
        self._address = address
        self._proposals = proposals[:MOST_CONTEXTS]
        self._numbers = itertools.count(1)
        self._most_pdu = 0
        self.contexts: dict[int, Context] = {}

    def __enter__(self) -> Self:
        try:
            sock = socket.create_connection((self._address.host, self._address.port), CONNECT_SECONDS)
        except OSError as error:
            raise Gone(f"{self._address.called} does not answer: {type(error).__name__}") from None
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = Line(sock if self._address.encryption is None else _encrypted(sock, self._address, self._address.encryption))
        try:
            self._agree()
        except BaseException:  # whatever it was: the connection must not stay open
            self._line.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with contextlib.suppress(Gone):
            self._line.send(_RELEASE if kind is None else pdus.abort(0, 0), 2)
            if kind is None:
                self._line.next(2)
        self._line.close()

    def request(self, context_id: int, command: Command, chunks: Iterable[bytes] | bytes | None = None) -> Command:
        """Ask; returns the answer. Raises `Gone`."""
        context, number = self.contexts[context_id], next(self._numbers) % 0xFFFF + 1
        for pdu in outgoing(context, {"MessageID": number, **command}, chunks, self._most_pdu):
            self._line.send(pdu)
        incoming = Incoming(self.contexts, lambda _context, _command: Collected())
        while True:
            kind, content = self._line.next(ANSWER_SECONDS)
            if kind != pdus.P_DATA:
                raise Gone(f"{self._address.called} ended the association")
            for piece in pdus.pieces(content):
                message = incoming.take(piece)
                if message is not None and message.command.get("MessageIDBeingRespondedTo") == number:
                    return message.command

    def context_for(self, abstract_syntax: str) -> Context | None:
        return next((each for each in self.contexts.values() if each.abstract_syntax == abstract_syntax), None)

    def _agree(self) -> None:
        kind, content = self._answered()
        if kind != pdus.ASSOCIATE_AC:
            why = f" (source {content[2]}, reason {content[3]})" if kind == pdus.ASSOCIATE_RJ else ""
            raise Gone(f"{self._address.called} does not take the call{why}")
        answer = A_ASSOCIATE_AC()
        try:
            answer.decode(bytes((kind, 0)) + len(content).to_bytes(4, "big") + bytes(content))
            said = answer.to_primitive()
        except Exception as error:  # a foreign decoder on foreign bytes
            raise Gone(f"{self._address.called} answers what cannot be read: {type(error).__name__}") from None
        self._most_pdu = next((item.maximum_length_received for item in said.user_information if isinstance(item, MaximumLengthNotification)), 0) or 0
        for each in said.presentation_context_definition_results_list:
            if each.result == 0 and each.transfer_syntax:
                number = int(each.context_id or 0)
                proposal = self._proposals[(number - 1) // 2]
                self.contexts[number] = Context(number, proposal.abstract_syntax, str(each.transfer_syntax[0]), not proposal.as_scp)

    def _answered(self) -> tuple[int, memoryview]:
        try:
            self._line.send(self._request())
            return self._line.next(ANSWER_SECONDS)
        except Gone as gone:
            if self._address.encryption is None:
                raise
            raise Gone(f"{self._address.called} hung up after the TLS handshake; does it ask for our certificate, and know it? ({gone})") from None

    def _request(self) -> bytes:
        wanted = A_ASSOCIATE()
        wanted.application_context_name = _APPLICATION
        wanted.called_ae_title, wanted.calling_ae_title = self._address.called, self._address.calling
        wanted.presentation_context_definition_list = [_context(2 * place + 1, each) for place, each in enumerate(self._proposals)]
        length = MaximumLengthNotification()
        length.maximum_length_received = MOST_PDU
        implementation = ImplementationClassUIDNotification()
        implementation.implementation_class_uid = IMPLEMENTATION
        version = ImplementationVersionNameNotification()
        version.implementation_version_name = IMPLEMENTATION_VERSION
        wanted.user_information = [length, implementation, version, *(_role(each) for each in self._proposals if each.as_scp)]
        pdu = A_ASSOCIATE_RQ()
        pdu.from_primitive(wanted)
        return bytes(pdu.encode())


def _encrypted(sock: socket.socket, address: Address, encryption: Encryption) -> ssl.SSLSocket:
    """Nothing is said before it is certain who hears it. Raises `Gone` where it is somebody else, or none that speaks TLS."""
    try:
        return encryption.context().wrap_socket(sock, server_hostname=encryption.name or address.host)
    except ssl.SSLCertVerificationError as error:
        reason = f"{address.called} is not who it should be: {error.verify_message}"
    except Refused as refused:
        reason = f"{address.called} cannot be called: {refused}"
    except (OSError, ValueError) as error:
        reason = f"{address.called} does not speak TLS with us: {getattr(error, 'reason', None) or type(error).__name__}"
    sock.close()
    raise Gone(reason)


def _context(number: int, proposal: Proposal) -> PresentationContext:
    context = PresentationContext()
    context.context_id = number
    context.abstract_syntax = proposal.abstract_syntax
    context.transfer_syntax = list(proposal.transfer_syntaxes)
    return context


def _role(proposal: Proposal) -> SCP_SCU_RoleSelectionNegotiation:
    role = SCP_SCU_RoleSelectionNegotiation()
    role.sop_class_uid, role.scu_role, role.scp_role = proposal.abstract_syntax, False, True
    return role
