"""A series of images becomes one volume: every slice in its place, every stored number turned into what it means.

The stored integers mean nothing by themselves: value = slope * stored + intercept, with a slope of its own for each slice (half of all PET
series do so; IBSI SUV manual). What would make a wrong volume is refused with the tag at fault; nothing is filled in or guessed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from wardline.core.errors import Refused
from wardline.core.imaging import Grid, Volume
from wardline.formats.dicom.geometry import Plane, geometry_of
from wardline.formats.dicom.headers import found, headers_of, plain

HOUNSFIELD: Final = "[hnsf'U]"
MEASURED: Final = frozenset({"CT", "PT"})
"""Modalities whose numbers mean nothing without a slope (PS3.3 C.8.2.1, C.8.9.4: Rescale Slope is required)."""
PET_UNITS: Final = {"BQML": "Bq/ml", "CNTS": "{counts}", "CPS": "{counts}/s"}
"""(0054,1001) Units of the rescaled numbers in UCUM; the SUV units depend on the SUV type too, so they are told by the SUV rules."""
PROJECTIONS: Final = frozenset({"CR", "DX", "MG", "XA", "RF", "PX", "IO", "RG"})


def series_in(datasets: Sequence[Dataset]) -> dict[str, list[Dataset]]:
    """The images by Series Instance UID, in the order they came."""
    series: dict[str, list[Dataset]] = {}
    for each in datasets:
        series.setdefault(str(found(each, "SeriesInstanceUID") or ""), []).append(each)
    return series


def volume_of(datasets: Sequence[Dataset]) -> Volume:
    """One series as a volume. Raises `Refused` with the reason and the tag when the images do not make one, or their numbers mean nothing."""
    geometry = geometry_of(datasets)
    for problem in geometry.stopping:
        raise Refused(f"no volume: {problem.reason}", code=problem.code, where=problem.tag)
    if geometry.grid is None:
        raise Refused("no volume: there is no image", code="not-an-image")
    modality = str(found(datasets[0], "Modality") or "")
    if modality == "SEG":
        raise Refused("(0008,0060) Modality SEG: a segmentation names structures, it measures nothing", code="not-an-image", where="(0008,0060)")
    headers = tuple(headers_of(datasets[plane.file], plane.frame) for plane in geometry.planes)
    slopes = [_rescaling(each, modality) for each in headers]
    return Volume(
        array=_array(datasets, geometry.planes, geometry.grid.shape, slopes),
        grid=geometry.grid,
        modality=modality,
        unit=_unit(modality, headers, datasets),
        series=str(found(datasets[0], "SeriesInstanceUID") or ""),
        slices=tuple(plane.uid for plane in geometry.planes),
        frame_of_reference=str(found(datasets[0], "FrameOfReferenceUID") or ""),
        headers=headers,
    )


def projection_of(dataset: Dataset) -> Volume:
    """One radiograph as a volume of a single slice. Its spacing is that of the detector unless the image was calibrated: no sizes in the body.

    Where bright means little (MONOCHROME1) the values are turned round, so that more always means denser. A radiograph has no slice thickness
    and no place in the patient: the grid lies at the origin, 1 mm thick.
    """
    modality = str(found(dataset, "Modality") or "")
    if modality not in PROJECTIONS:
        raise Refused(f"(0008,0060) Modality {modality or 'is missing'}: this is no radiograph", code="not-an-image", where="(0008,0060)")
    spacing = plain(found(dataset, "PixelSpacing")) or plain(found(dataset, "ImagerPixelSpacing"))
    if not isinstance(spacing, tuple) or len(spacing) != 2 or not all(isinstance(each, float | int) and each > 0 for each in spacing):
        raise Refused("(0018,1164) Imager Pixel Spacing is missing: how large the image is is not said", code="no-spacing", where="(0018,1164)")
    stored = _pixels(dataset)
    if stored.ndim != 2:
        raise Refused("(0028,0008): the file holds several images, not one radiograph", code="not-an-image", where="(0028,0008)")
    if found(dataset, "PhotometricInterpretation") == "MONOCHROME1":
        stored = int(stored.max()) + int(stored.min()) - stored.astype(np.int32)
    array = stored[np.newaxis]
    array.flags.writeable = False
    uid, series = str(found(dataset, "SOPInstanceUID") or ""), str(found(dataset, "SeriesInstanceUID") or "")
    grid = Grid((1, *stored.shape), (1.0, float(spacing[0]), float(spacing[1])))
    return Volume(array, grid, modality, "", series, (uid,), "", (headers_of(dataset),))


def _rescaling(header: Mapping[str, Any], modality: str) -> tuple[float, float]:
    """(slope, intercept). A real world value mapping goes before: it names the unit of what comes out (PS3.3 C.7.6.16.2.11)."""
    if "RealWorldValueSlope" in header:
        return header["RealWorldValueSlope"], header.get("RealWorldValueIntercept", 0.0)
    slope, intercept = header.get("RescaleSlope"), header.get("RescaleIntercept")
    if modality not in MEASURED and slope is None and intercept is None:
        return 1.0, 0.0
    for value, tag, name in ((slope, "(0028,1053)", "Rescale Slope"), (intercept, "(0028,1052)", "Rescale Intercept")):
        if not isinstance(value, float | int) or not np.isfinite(value):
            raise Refused(f"{tag} {name} is missing or no number: what the stored numbers mean is not said", code="no-slope", where=tag)
    if not slope:
        raise Refused("(0028,1053) Rescale Slope is 0: every number would be the same", code="no-slope", where="(0028,1053)")
    return float(slope), float(intercept)  # type: ignore[arg-type]


def _unit(modality: str, headers: Sequence[Mapping[str, Any]], datasets: Sequence[Dataset]) -> str:
    units = {each.get("RealWorldUnit") for each in headers}
    if len(units) > 1:
        raise Refused("(0040,08EA): the images are in different units", code="mixed-units", where="(0040,08EA)")
    if (unit := units.pop()) is not None:
        return str(unit)
    if modality == "PT":
        said = {each.get("Units", each.get("RescaleType")) for each in headers}
        if len(said) > 1:
            raise Refused("(0054,1001) Units differ between the images", code="mixed-units", where="(0054,1001)")
        return PET_UNITS.get(str(said.pop()), "")
    # PS3.3 C.8.2.1.1.2 and C.11.1: a CT image whose Rescale Type is not given is in Hounsfield units.
    return HOUNSFIELD if modality == "CT" and all(each.get("RescaleType", "HU") == "HU" for each in headers) else ""


def _array(
    datasets: Sequence[Dataset], planes: Sequence[Plane], shape: tuple[int, int, int], rescalings: Sequence[tuple[float, float]]
) -> NDArray[np.generic]:
    """int16 where every slope is 1 and the values fit, at half the memory; else float32."""
    array: NDArray[Any] | None = None
    if all(slope == 1.0 and intercept.is_integer() for slope, intercept in rescalings):
        array = _whole_numbers(_stored(datasets, planes, shape), shape, [int(intercept) for _, intercept in rescalings])
    if array is None:
        array = np.empty(shape, np.float32)
        for place, (stored, (slope, intercept)) in enumerate(zip(_stored(datasets, planes, shape), rescalings, strict=True)):
            np.multiply(stored, np.float32(slope), out=array[place], casting="unsafe")
            if intercept:
                array[place] += np.float32(intercept)
    array.flags.writeable = False
    return array


def _whole_numbers(stored: Iterable[NDArray[Any]], shape: tuple[int, int, int], intercepts: Sequence[int]) -> NDArray[Any] | None:
    """None when a value does not fit into 16 bits or is no whole number."""
    array = np.empty(shape, np.int16)
    limits = np.iinfo(np.int16)
    for place, (image, intercept) in enumerate(zip(stored, intercepts, strict=True)):
        if not np.issubdtype(image.dtype, np.integer) or int(image.min()) + intercept < limits.min or int(image.max()) + intercept > limits.max:
            return None
        np.add(image, intercept, out=array[place], dtype=np.int32, casting="unsafe")
    return array


def _stored(datasets: Sequence[Dataset], planes: Sequence[Plane], shape: tuple[int, int, int]) -> Iterator[NDArray[Any]]:
    """The stored numbers of each slice; a multi-frame file is decoded once."""
    kept: tuple[int, NDArray[Any]] | None = None
    for plane in planes:
        if kept is None or kept[0] != plane.file:
            kept = plane.file, _pixels(datasets[plane.file])
        image = kept[1] if plane.frame is None or kept[1].ndim == 2 else kept[1][plane.frame]
        if image.shape != shape[1:]:
            raise Refused(f"(7FE0,0010) holds {image.shape} pixels, {shape[1:]} are announced", code="pixels", where="(7FE0,0010)")
        yield image


def _pixels(dataset: Dataset) -> NDArray[Any]:
    if (found(dataset, "SamplesPerPixel") or 1) != 1:
        raise Refused("(0028,0002) Samples per Pixel: a colour image measures nothing", code="not-an-image", where="(0028,0002)")
    if found(dataset, "ModalityLUTSequence"):
        raise Refused("(0028,3000) Modality LUT Sequence instead of a slope is not read here", code="no-slope", where="(0028,3000)")
    try:
        return np.asarray(dataset.pixel_array)
    except Exception as error:  # codecs raise what they like on damaged data; whatever it is, this image cannot be read
        raise Refused(f"(7FE0,0010) Pixel Data cannot be read: {error}", code="pixels", where="(7FE0,0010)") from error
