"""Messages that cannot be read, as real interfaces send them now and then: so that the quarantine has something to show."""

from collections.abc import Callable
from random import Random
from typing import Final


def _without_patient(raw: bytes) -> bytes:
    """The interface lost the PID segment."""
    return b"\r".join(line for line in raw.split(b"\r") if not line.startswith(b"PID"))


def _without_number(raw: bytes) -> bytes:
    """A patient who had no number yet: PID-3 is empty."""
    return b"\r".join(_with_field(line, 3, b"") if line.startswith(b"PID") else line for line in raw.split(b"\r"))


def _without_code(raw: bytes) -> bytes:
    """A result without saying what was measured: OBX-3 is empty."""
    return b"\r".join(_with_field(line, 3, b"") if line.startswith(b"OBX|1|") else line for line in raw.split(b"\r"))


def _in_another_character_set(raw: bytes) -> bytes:
    """Declared as UTF-8, typed on a machine that writes ISO 8859-1."""
    head, _, rest = raw.partition(b"\r")
    return head + b"\r" + rest + "NTE|1||Grüße vom Nachtdienst\r".encode("iso8859-1")


def _without_header(raw: bytes) -> bytes:
    """Cut off at the beginning: the MSH segment is gone."""
    return raw.partition(b"\r")[2]


_WAYS: Final[tuple[Callable[[bytes], bytes], ...]] = (
    _without_patient, _without_number, _without_code, _in_another_character_set, _without_header,
)  # fmt: skip


def spoil(raw: bytes, dice: Random) -> bytes:
    """The message, damaged in one of several ways. None of them can be read as a whole."""
    return dice.choice(_WAYS)(raw)


def _with_field(line: bytes, number: int, content: bytes) -> bytes:
    fields = line.split(b"|")
    fields[number] = content
    return b"|".join(fields)
