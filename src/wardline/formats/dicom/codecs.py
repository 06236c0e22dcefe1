"""Images as somebody else can read them: decoding of compressed frames, and rewriting of whole instances.

An image is handed on as it was stored wherever it can be (PS3.18 8.7.3.5); explicit VR little endian is the one thing it is changed
to. Decoding costs milliseconds to seconds: it is done in worker processes.
"""

import io
from typing import Any

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.dataelem import DataElement
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from wardline.core.errors import NotFound, Refused


def read(file: bytes) -> Dataset:
    """Raises `Refused` for what is no DICOM file."""
    try:
        return dcmread(io.BytesIO(file))
    except Exception as error:  # what a reader of broken files raises has no end of kinds
        raise Refused(f"the image cannot be read ({type(error).__name__}); it is kept as it was received", code="image-unreadable") from None


def frames_in(dataset: Dataset) -> int:
    """Raises `NotFound` for what is no image."""
    if "PixelData" not in dataset or "Rows" not in dataset:
        raise NotFound("this instance has no pixels")
    return max(1, int(dataset.get("NumberOfFrames") or 1))


def pixels(dataset: Dataset, frame: int) -> tuple[Any, str]:
    """One frame (from 1) as an array [row, column] or [row, column, sample], and what its samples are; colours as RGB.

    Raises `NotFound` for a frame that is not there, `Refused` where nothing here can decode it.
    """
    count = frames_in(dataset)
    if not 1 <= frame <= count:
        raise NotFound(f"this image has {count} frames; there is no frame {frame}")
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    try:
        array, meta = get_decoder(syntax).as_array(dataset, index=frame - 1)
    except Exception as error:  # each codec has failures of its own
        raise Refused(f"frame {frame} ({syntax.name}) cannot be decoded here: {type(error).__name__}", code="frame-unreadable") from None
    return array, str(meta["photometric_interpretation"])


def decoded_frame(file: bytes, frame: int) -> bytes:
    """One frame as words in little endian, as explicit VR little endian has it."""
    return _words(pixels(read(file), frame)[0])


def decoded(file: bytes, *, implicit: bool = False) -> bytes:
    """The whole instance in explicit (or implicit) VR little endian. Raises `Refused` where its pixels cannot be decoded here."""
    dataset = read(file)
    try:
        syntax = UID(dataset.file_meta.TransferSyntaxUID)
        if syntax.is_encapsulated and "PixelData" in dataset:
            _decode(dataset)
        if syntax == ExplicitVRBigEndian:
            dataset.walk(_turn)
        return _written(dataset, implicit=implicit)
    except Refused:
        raise
    except Exception as error:  # a value that fits its file but no other: what a writer of such raises has no end of kinds
        raise Refused(f"the image cannot be written anew: {type(error).__name__}", code="image-unreadable") from None


def _decode(dataset: Dataset) -> None:
    if dataset.BitsAllocated == 1:
        raise Refused("compressed images of one bit per pixel cannot be written anew", code="frame-unreadable")
    found = [pixels(dataset, number) for number in range(1, frames_in(dataset) + 1)]
    array, colours = found[0]
    content = b"".join(_words(each) for each, _ in found)
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    dataset["PixelData"].VR = "OW" if array.dtype.itemsize > 1 else "OB"
    dataset["PixelData"].is_undefined_length = False
    dataset.PhotometricInterpretation, dataset.BitsAllocated = colours, array.dtype.itemsize * 8
    if array.ndim == 3:
        dataset.PlanarConfiguration = 0
    for name in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if name in dataset:
            del dataset[name]


def _words(array: Any) -> bytes:
    return bytes(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes())


def _turn(dataset: Dataset, element: DataElement) -> None:
    """Words that were read from big endian into little endian; all other values are numbers or texts by now."""
    if element.VR == "OW" and isinstance(element.value, bytes) and (element.tag != 0x7FE00010 or dataset.get("BitsAllocated") != 8):
        element.value = np.frombuffer(element.value, ">u2").astype("<u2").tobytes()


def _written(dataset: Dataset, *, implicit: bool) -> bytes:
    meta = dataset.file_meta
    meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    anew = Dataset(dataset)  # without the memory of how it was encoded, which would forbid another order of bytes
    anew.file_meta = meta
    written = io.BytesIO()
    anew.save_as(written, implicit_vr=implicit, little_endian=True, enforce_file_format=True)
    return written.getvalue()
