"""One frame out of a stored object, exactly as it is stored: a stretch of the pixels, or the fragments that make it up."""

from typing import Protocol

from wardline.adapters.embedded.images.layouts import Layout
from wardline.adapters.embedded.images.sealed_files import SealedFile
from wardline.core.errors import NotFound, Refused
from wardline.formats.dicom.syntaxes import syntax_of
from wardline.formats.dicom.window import inflated


class Content(Protocol):
    """An object's file, as its layout describes it."""

    def read(self, offset: int, length: int) -> bytes: ...


class _Inflated:
    """A deflated object: positions in it are those after inflating."""

    def __init__(self, content: bytes | bytearray, begins: int) -> None:
        self._content = content
        self._begins = begins

    def read(self, offset: int, length: int) -> bytes:
        return bytes(self._content[offset - self._begins : offset - self._begins + length])


def content_of(file: SealedFile, layout: Layout) -> Content:
    """Raises `Refused` where a deflated object grows without bound."""
    if not syntax_of(layout.syntax).is_deflated:
        return file
    return _Inflated(inflated(iter((file.read(layout.dataset, layout.size),))).bytes, layout.dataset)


def frame_of(file: Content, layout: Layout, number: int) -> bytes:
    """From 1. Raises `NotFound`; `Refused` where the header does not let frames be told apart."""
    if layout.pixels is None or not 1 <= number <= layout.frames:
        raise NotFound(f"there is no frame {number}")
    if layout.pixels.fragments:
        offset, length = layout.pixels.fragments[0]
        table = file.read(layout.dataset + offset, length)
        return b"".join(file.read(layout.dataset + at, size) for at, size in layout.within(number, table))
    if not layout.frame_bits:
        raise Refused("the header does not say how large a frame is (Rows, Columns, Bits Allocated)", code="dicom")
    return _native(file, layout, number)


def _native(file: Content, layout: Layout, number: int) -> bytes:
    """Frames follow each other without a gap (PS3.5 8.1.1), also where one ends within a byte: pixels of one bit."""
    assert layout.pixels is not None
    first = (number - 1) * layout.frame_bits
    begin, end = first // 8, -(-(first + layout.frame_bits) // 8)
    if end > layout.pixels.length:
        raise Refused(f"the pixels end before frame {number} does", code="dicom")
    found = file.read(layout.dataset + layout.pixels.offset + begin, end - begin)
    shift = first % 8
    if not shift and layout.frame_bits % 8 == 0:
        return found
    bits = (int.from_bytes(found, "little") >> shift) & ((1 << layout.frame_bits) - 1)
    return bits.to_bytes(-(-layout.frame_bits // 8), "little")
