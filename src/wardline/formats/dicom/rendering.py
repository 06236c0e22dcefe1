"""An image as a picture for people: windowed, scaled, as JPEG or PNG (PS3.18 8.3.5 and 8.8). For looking, never for measuring.

Grey values go through the modality's own scale, then through the window (of the request, of the image, or else from the darkest to
the brightest value), as PS3.3 C.11.2 has it. Runs in worker processes.
"""

import io
from typing import Any

import numpy as np
from PIL import Image
from pydicom import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut

from wardline.core.errors import Refused
from wardline.formats.dicom.codecs import frames_in, pixels, read
from wardline.formats.dicom.views import FORMATS, View, Window


def rendered(file: bytes, frame: int, view: View) -> bytes:
    """The picture of one frame (from 1; 0 is the one in the middle). Raises `NotFound` or `Refused`."""
    dataset = read(file)
    frame = frame or (frames_in(dataset) + 1) // 2
    array, dataset.PhotometricInterpretation = pixels(dataset, frame)
    try:
        picture = Image.fromarray(_eight_bits(array, dataset, frame - 1, view.window))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:  # tables and windows that are no numbers
        raise Refused(f"this image does not say how it is to be shown: {type(error).__name__}", code="image-unreadable") from None
    if view.region is not None:
        column, row, columns, rows = view.region
        picture = picture.crop((column, row, column + columns, row + rows))
    if view.size is not None:
        picture = _fitted(picture, view.size, _shape_of_pixels(dataset))
    written = io.BytesIO()
    picture.save(written, FORMATS[view.format], **({"quality": view.quality} if view.format == "image/jpeg" else {"compress_level": 1}))
    return written.getvalue()


def _fitted(picture: Image.Image, size: tuple[int, int], tallness: float) -> Image.Image:
    """Scaled so that it fits; pixels that are not square become so."""
    columns, rows = picture.width, picture.height * tallness
    scale = min(size[0] / columns, size[1] / rows)
    return picture.resize((max(1, round(columns * scale)), max(1, round(rows * scale))), Image.Resampling.BILINEAR)


def _shape_of_pixels(dataset: Dataset) -> float:
    """How much taller than wide a pixel is."""
    spacing = dataset.get("PixelSpacing") or dataset.get("ImagerPixelSpacing") or dataset.get("PixelAspectRatio") or (1, 1)
    try:
        tallness = float(spacing[0]) / float(spacing[1])
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return 1.0  # what is no proportion is none: the pixels are shown as they lie
    return tallness if 0.01 < tallness < 100 else 1.0


def _eight_bits(array: Any, dataset: Dataset, frame: int, window: Window | None) -> Any:
    colours = str(dataset.get("PhotometricInterpretation", "MONOCHROME2"))
    if colours == "PALETTE COLOR":
        wide: Any = apply_color_lut(array, dataset)
        return (wide >> 8).astype(np.uint8) if wide.dtype.itemsize > 1 else wide
    if array.ndim == 3:
        return array if array.dtype == np.uint8 else (array >> max(0, int(dataset.BitsStored) - 8)).astype(np.uint8)
    if not colours.startswith("MONOCHROME"):
        raise Refused(f"{colours} cannot be shown", code="colours-unknown")
    shown = _windowed(array, dataset, frame, window)
    is_negative = (colours == "MONOCHROME1") != (dataset.get("PresentationLUTShape") == "INVERSE")
    return 255 - shown if is_negative and dataset.get("PresentationLUTShape") != "IDENTITY" else shown


def _windowed(array: Any, dataset: Dataset, frame: int, window: Window | None) -> Any:
    scale = _group(dataset, frame, "PixelValueTransformationSequence")
    values = apply_modality_lut(array, scale if scale is not None else dataset)
    voi = _group(dataset, frame, "FrameVOILUTSequence")
    source = voi if voi is not None else dataset
    if window is None and "VOILUTSequence" in source:
        table = apply_voi_lut(values, source, prefer_lut=True)
        return _spread(table, 0.0, float(2 ** int(source.VOILUTSequence[0].LUTDescriptor[2]) - 1))
    window = window or _own_window(source)
    if window is None:
        kept = values[array != dataset.PixelPaddingValue] if "PixelPaddingValue" in dataset else values
        kept = kept if kept.size else values
        return _spread(values, float(kept.min()), float(kept.max()))
    return windowed(values, window)


def _group(dataset: Dataset, frame: int, name: str) -> Dataset | None:
    """A functional group of an enhanced image: the frame's own, or the one that all share (PS3.3 C.7.6.16)."""
    own = dataset.get("PerFrameFunctionalGroupsSequence") or ()
    for groups in (*own[frame : frame + 1], *(dataset.get("SharedFunctionalGroupsSequence") or ())):
        if groups.get(name):
            return groups[name].value[0]  # type: ignore[no-any-return]
    return None


def _own_window(source: Dataset) -> Window | None:
    """The first of the image's own windows."""
    centre, width = (source.get(name) for name in ("WindowCenter", "WindowWidth"))
    if centre is None or width is None:
        return None
    first = [float(each[0] if hasattr(each, "__len__") and not isinstance(each, str) else each) for each in (centre, width)]
    function = {"LINEAR_EXACT": "linear-exact", "SIGMOID": "sigmoid"}.get(str(source.get("VOILUTFunction", "")), "linear")
    return Window(first[0], first[1], function) if first[1] >= 1 or (first[1] > 0 and function != "linear") else None


def windowed(values: Any, window: Window) -> Any:
    """PS3.3 C.11.2.1.2.1 and C.11.2.1.3: grey values in the window as 0 to 255."""
    centre, width, function = window
    if function == "sigmoid":
        return np.round(255 / (1 + np.exp(-4 * (values - centre) / width))).astype(np.uint8)
    if function == "linear-exact":
        return _spread(values, centre - width / 2, centre + width / 2)
    return _spread(values, centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2)


def _spread(values: Any, low: float, high: float) -> Any:
    if high <= low:  # a window one value wide is a threshold
        return np.where(values > low, np.uint8(255), np.uint8(0))
    spread = (np.asarray(values, np.float32) - np.float32(low)) * np.float32(255 / (high - low))
    return np.clip(np.round(spread), 0, 255).astype(np.uint8)
