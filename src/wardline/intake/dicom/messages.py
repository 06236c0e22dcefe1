"""DIMSE messages out of their pieces (PS3.7 6.3): a command, then its data set, one message after the other."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from wardline.core.errors import Refused
from wardline.intake.dicom import commands, pdus
from wardline.intake.dicom.commands import Command
from wardline.intake.dicom.negotiation import Context
from wardline.intake.dicom.pdus import Piece

_MOST_COMMAND: Final = 64 * 1024
_MOST_DATASET: Final = 16 * 1024 * 1024
"""Of anything but an object to store: queries, notifications."""


class Sink(Protocol):
    """Where a data set goes, piece by piece."""

    def write(self, content: memoryview) -> None: ...


class Collected:
    """A data set that is short enough to be had whole."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, content: memoryview) -> None:
        if len(self.content) + len(content) > _MOST_DATASET:
            raise Refused("the data set of a request is too long", code="dimse")
        self.content += content


class Message(NamedTuple):
    """A whole message."""

    context: Context
    command: Command
    sink: Sink | None
    """Where its data set went; None where it had none."""

    @property
    def field(self) -> int:
        return int(self.command["CommandField"])

    @property
    def dataset(self) -> bytes:
        return bytes(self.sink.content) if isinstance(self.sink, Collected) else b""


class Incoming:
    """A message that is being received."""

    def __init__(self, contexts: Mapping[int, Context], sink_for: Callable[[Context, Command], Sink]) -> None:
        self._contexts = contexts
        self._sink_for = sink_for
        self._held = bytearray()
        self._context: Context | None = None
        self._command: Command | None = None
        self._sink: Sink | None = None

    @property
    def has_begun(self) -> bool:
        return self._context is not None

    def take(self, piece: Piece) -> Message | None:
        """The message when this was its last piece. Raises `Refused` for pieces that do not follow each other."""
        context = self._contexts.get(piece.context)
        if context is None or (self._context is not None and context != self._context):
            raise Refused(f"presentation context {piece.context} was not agreed, or two messages are mixed", code="dimse")
        if piece.is_command != (self._command is None):
            raise Refused("command and data set are out of order", code="dimse")
        self._context = context
        return self._take_command(context, piece) if self._command is None else self._take_data(context, self._command, piece)

    def _take_command(self, context: Context, piece: Piece) -> Message | None:
        if len(self._held) + len(piece.content) > _MOST_COMMAND:
            raise Refused("a command is too long", code="dimse")
        self._held += piece.content
        if not piece.is_last:
            return None
        command = self._command = commands.decode(bytes(self._held))
        if command["CommandDataSetType"] == commands.NO_DATASET:
            return Message(context, command, None)
        self._sink = self._sink_for(context, command)
        return None

    def _take_data(self, context: Context, command: Command, piece: Piece) -> Message | None:
        if self._sink is None:
            raise Refused("a data set came that its command did not announce", code="dimse")
        self._sink.write(piece.content)
        return Message(context, command, self._sink) if piece.is_last else None


def outgoing(context: Context, command: Command, dataset: bytes | Iterable[bytes] | None, most_pdu: int) -> Iterator[bytes]:
    """The PDUs of a message."""
    said = {**command, "CommandDataSetType": commands.NO_DATASET if dataset is None else 0x0001}
    yield from pdus.data_pdus(context.id, (commands.encode(said),), is_command=True, most=most_pdu)
    if dataset is not None:
        yield from pdus.data_pdus(context.id, (dataset,) if isinstance(dataset, bytes) else dataset, is_command=False, most=most_pdu)
