"""Where the frames and the other long values of a stored object lie, so that one frame is read without the others."""

from typing import Any, Final, NamedTuple

import msgspec

from wardline.core.errors import NotFound, Refused
from wardline.formats.dicom.scanning import PIXELS, Bulk, Scanned


class Layout(NamedTuple):
    """One instance, as it lies in its file. Positions count from the beginning of the data set."""

    study: str
    series: str
    sop_class: str
    syntax: str
    size: int
    """Bytes of the whole file."""
    dataset: int
    """Where the data set begins in it."""
    frames: int
    frame_bits: int
    """Bits of one frame where pixels are not encapsulated; 0 where the header does not say."""
    pixels: Bulk | None
    bulk: tuple[Bulk, ...]

    def stretches(self, number: int) -> tuple[tuple[int, int], ...]:
        """(offset, length) of the parts of an encapsulated frame, from 1. Raises `NotFound`, or `Refused` where fragments cannot be told apart."""
        if self.pixels is None or not 1 <= number <= self.frames:
            raise NotFound(f"there is no frame {number}")
        parts = self.pixels.fragments[1:]
        if self.frames == 1:
            return parts
        if len(parts) == self.frames:
            return parts[number - 1 : number]
        raise Refused("the frames of this object have several fragments each and no table says which", code="dicom")

    def within(self, number: int, table: bytes) -> tuple[tuple[int, int], ...]:
        """The same by the object's own Basic Offset Table (PS3.5 A.4): offsets from the first byte after the table."""
        if self.pixels is None or len(table) != 4 * self.frames:
            return self.stretches(number)
        parts = self.pixels.fragments[1:]
        if not 1 <= number <= self.frames:
            raise NotFound(f"there is no frame {number}")
        first = parts[0][0] - 8 if parts else 0
        starts = [first + int.from_bytes(table[i : i + 4], "little") for i in range(0, len(table), 4)]
        end = starts[number] if number < self.frames else parts[-1][0] + 1
        return tuple(part for part in parts if starts[number - 1] <= part[0] - 8 < end)


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What of a layout is kept beside the row."""

    frames: int
    frame_bits: int
    bulk: list[tuple[str, str, int, int, list[tuple[int, int]]]]


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Kept)


def packed(scanned: Scanned) -> bytes:
    """From what the header says."""
    rows, columns, samples, bits = (scanned.number(tag, otherwise) for tag, otherwise in _SHAPE)
    is_subsampled = scanned.text("00280004").startswith("YBR_FULL_422")  # two luminances share their colours (PS3.3 C.7.6.3.1.2)
    frame_bits = rows * columns * bits * (2 if is_subsampled else samples)
    bulk = [(each.path, each.vr, each.offset, each.length, list(each.fragments)) for each in scanned.bulk]
    has_pixels = scanned.pixels is not None
    return _ENCODER.encode(Kept(max(scanned.number("00280008", 1), 1) if has_pixels else 0, frame_bits, bulk))


def unpacked(content: bytes, **known: Any) -> Layout:
    kept = _DECODER.decode(content)
    bulk = tuple(Bulk(path, vr, offset, length, tuple(fragments)) for path, vr, offset, length, fragments in kept.bulk)
    pixels = next((each for each in bulk if each.path in PIXELS), None)
    return Layout(frames=kept.frames, frame_bits=kept.frame_bits, pixels=pixels, bulk=bulk, **known)


_SHAPE: Final = (("00280010", 0), ("00280011", 0), ("00280002", 1), ("00280100", 0))
