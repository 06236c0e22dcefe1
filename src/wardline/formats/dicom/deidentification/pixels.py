"""What is written into the picture itself: found by what the object says of itself, blanked where it says where, otherwise refused.

No program here reads letters in pixels. So nothing is passed on because nothing was seen: an object of a kind that usually has names
burned in is refused, unless it says that it has none, or the rectangles to blank are declared.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from pydicom.dataset import Dataset, FileDataset

from wardline.core.errors import Refused
from wardline.formats.dicom.deidentification.options import Option

USUALLY_WRITTEN_ON: Final = {
    "1.2.840.10008.5.1.4.1.1.7": "a secondary capture",
    "1.2.840.10008.5.1.4.1.1.6.": "ultrasound",
    "1.2.840.10008.5.1.4.1.1.3.": "ultrasound",
    "1.2.840.10008.5.1.4.1.1.77.": "a photograph or endoscopy",
}
"""SOP classes by the beginning of their UID (PS3.4 B.5)."""
DOCUMENTS: Final = "1.2.840.10008.5.1.4.1.1.104."
_BLACK: Final = {"MONOCHROME1": None, "MONOCHROME2": 0, "RGB": 0, "YBR_FULL": (0, 128, 128)}
"""The sample values of black; None for the highest one stored."""


class Rectangle(NamedTuple):
    """Of the picture, in pixels from its upper left corner; the right and lower edges belong to it no more."""

    left: int
    top: int
    right: int
    bottom: int


def pixels_cleaned(data: FileDataset, clean: Dataset, options: frozenset[Option], blanked: Sequence[Rectangle]) -> None:
    """Blank in `clean` what must not be seen. Raises `Refused` for a picture that cannot be made safe here."""
    if str(data.get("SOPClassUID", "")).startswith(DOCUMENTS):
        raise Refused("an encapsulated document (PDF, CDA) cannot be de-identified here; convert it to text first", code="document")
    if "PixelData" not in data:
        return
    written = _written_on(data)
    if Option.CLEAN_PIXEL_DATA not in options:
        if written:
            raise Refused(f"{written} may show a name in the picture itself; ask for clean-pixel-data, with the rectangles to blank", code="pixels")
        return
    regions = _regions(data)
    if not (blanked or regions) and written:
        raise Refused(f"{written} does not say where its writing is, and no program here reads pixels; name the rectangles to blank", code="pixels")
    if blanked or regions:
        _blank(data, clean, _mask(data, regions, blanked))
        clean.BurnedInAnnotation = "NO"


def _written_on(data: Dataset) -> str:
    """What kind of picture it is if it may carry writing; "" for one that has none."""
    said = str(data.get("BurnedInAnnotation", ""))
    if said == "NO":
        return ""
    if said:
        return "this picture"
    kind = str(data.get("SOPClassUID", ""))
    return next((word for root, word in USUALLY_WRITTEN_ON.items() if kind == root or kind.startswith(root.rstrip(".") + ".")), "")


def _regions(data: Dataset) -> list[Rectangle]:
    """Where an ultrasound picture shows the body (PS3.3 C.8.5.5); writing stands outside."""
    return [
        Rectangle(int(each.RegionLocationMinX0), int(each.RegionLocationMinY0), int(each.RegionLocationMaxX1) + 1, int(each.RegionLocationMaxY1) + 1)
        for each in data.get("SequenceOfUltrasoundRegions") or ()
    ]


def _mask(data: Dataset, regions: Sequence[Rectangle], blanked: Sequence[Rectangle]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """True where nothing may be seen."""
    mask = np.full((int(data.Rows), int(data.Columns)), bool(regions))
    for region in regions:
        mask[region.top : region.bottom, region.left : region.right] = False
    for rectangle in blanked:
        mask[rectangle.top : rectangle.bottom, rectangle.left : rectangle.right] = True
    return mask


def _blank(data: FileDataset, clean: Dataset, mask: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
    photometric = str(data.PhotometricInterpretation)
    if photometric not in _BLACK or data.file_meta.TransferSyntaxUID.is_compressed:
        raise Refused(f"pixels are blanked only in uncompressed {', '.join(_BLACK)} pictures; decompress this one first", code="pixels")
    samples, frames = int(data.get("SamplesPerPixel", 1)), int(data.get("NumberOfFrames", 1))
    pixels = data.pixel_array.reshape((frames, *mask.shape) + ((samples,) if samples > 1 else ())).copy()
    black = _BLACK[photometric]
    pixels[:, mask] = (1 << int(data.BitsStored)) - 1 if black is None else black
    clean.PixelData = pixels.tobytes()
    clean["PixelData"].VR = "OW" if int(data.BitsAllocated) > 8 else "OB"
    if samples > 1:
        clean.PlanarConfiguration = 0
