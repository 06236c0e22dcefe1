"""Model files: only data, never code, and only from somebody the site trusts (SEC-23).

A pickle is a program that runs when it is opened, and most files called models are pickles. Taken in are ONNX, safetensors and our own
JSON, each read here just far enough to know that it is what its name says, with a detached Ed25519 signature over its digest beside it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wardline.core.errors import Refused

PURPOSE: Final = b"wardline model file 1\n"
"""In front of what is signed, so that a signature made for something else never fits."""
LONGEST_HEADER: Final = 100_000_000
"""Bytes of a safetensors header, as its format allows at most."""
NO_MODEL: Final = {
    b"\x80": "a pickle, which runs code when it is opened",
    b"PK\x03\x04": "an archive, as PyTorch and Keras write them, which holds pickles or code",
    b"\x89HDF": "an HDF5 file, which may hold code as layers",
    b"\x1f\x8b": "a compressed file; unpack it and look at what is in it",
}
OPERATOR_SETS: Final = frozenset({"", "ai.onnx", "ai.onnx.ml"})
"""Others are custom operators: they come with a native library, which is code (ONNX IR specification, Operator sets)."""


class ModelFile(NamedTuple):
    """A file that may be loaded."""

    format: str
    sha256: str


def checked(name: str, content: bytes) -> ModelFile:
    """Raises `Refused` with the reason for anything but a whole ONNX, safetensors or JSON file."""
    for magic, what in NO_MODEL.items():
        if content.startswith(magic):
            raise _refused(name, f"is {what}; export it as ONNX or safetensors")
    ending = name.rpartition(".")[2].lower()
    check = _CHECKS.get(ending)
    if check is None:
        raise _refused(name, f"ends in .{ending}; models are {', '.join(f'.{each}' for each in _CHECKS)}")
    try:
        check(content)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise _refused(name, f"is not a whole {ending} file: {error}") from None
    return ModelFile(ending, hashlib.sha256(content).hexdigest())


def signature_of(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """To be kept beside the file, as NAME.sig."""
    return key.sign(PURPOSE + hashlib.sha256(content).digest())


def check_signature(name: str, content: bytes, signature: bytes, trusted: Iterable[Ed25519PublicKey]) -> None:
    """Raises `Refused` unless somebody whom the site trusts has signed exactly these bytes."""
    said = PURPOSE + hashlib.sha256(content).digest()
    for key in trusted:
        try:
            key.verify(signature, said)
        except InvalidSignature:
            continue
        return
    raise _refused(name, "is not signed by anybody this site trusts, or was changed since")


def _refused(name: str, why: str) -> Refused:
    return Refused(f"the model file {name} {why}", code="model-file", where=name)


# --- what a whole file looks like ---


def _json(content: bytes) -> None:
    if not isinstance(json.loads(content), dict):
        raise ValueError("a model is a JSON object")


_WIDTHS: Final = {"BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8}
"""Bytes of an element (safetensors format, header)."""


def _safetensors(content: bytes) -> None:
    length = int.from_bytes(content[:8], "little")
    if not 2 <= length <= min(LONGEST_HEADER, len(content) - 8):
        raise ValueError("its header says a length that it does not have")
    tensors: dict[str, Any] = {name: said for name, said in json.loads(content[8 : 8 + length]).items() if name != "__metadata__"}
    reached = 0
    for said in sorted(tensors.values(), key=lambda each: each["data_offsets"]):
        begin, end = said["data_offsets"]
        size = _WIDTHS[said["dtype"]]
        for each in said["shape"]:
            if not isinstance(each, int) or each < 0:
                raise ValueError("a shape has a side that is no number")
            size *= each
        if begin != reached or end - begin != size:
            raise ValueError("its tensors do not lie one after the other")
        reached = end
    if reached != len(content) - 8 - length:
        raise ValueError("something follows its last tensor")


# Field numbers of onnx.proto3: ModelProto ir_version 1, graph 7, opset_import 8; GraphProto initializer 5;
# OperatorSetIdProto domain 1; TensorProto external_data 13.


def _onnx(content: bytes) -> None:
    fields = list(_fields(content))
    numbers = {number for number, _ in fields}
    if not {1, 7, 8} <= numbers:
        raise ValueError("it holds no graph")
    for number, value in fields:
        if number == 8:
            domain = next((each for field, each in _fields(_bytes(value)) if field == 1), b"")
            if _bytes(domain).decode() not in OPERATOR_SETS:
                raise ValueError(f"it needs the custom operators {_bytes(domain).decode()!r}, which are code")
        if number == 7:
            _graph(_bytes(value))


def _graph(graph: bytes) -> None:
    for number, value in _fields(graph):
        if number == 5 and any(field == 13 for field, _ in _fields(_bytes(value))):
            raise ValueError("its weights lie in another file; save it as one")


def _bytes(value: bytes | int) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number stands where a message must")
    return value


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """The fields of a protocol buffer message, by number (encoding: protobuf.dev, Encoding)."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        match key & 7:
            case 0:
                value, at = _varint(message, at)
                yield key >> 3, value
                continue
            case 1:
                length = 8
            case 2:
                length, at = _varint(message, at)
            case 5:
                length = 4
            case kind:
                raise ValueError(f"a field is of kind {kind}, which there is not")
        if key >> 3 == 0 or at + length > len(message):
            raise ValueError("it ends in the middle of a field")
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number is longer than numbers are")


_CHECKS: Final[dict[str, Callable[[bytes], None]]] = {"onnx": _onnx, "safetensors": _safetensors, "json": _json}
