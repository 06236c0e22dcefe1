"""A PET/CT scanner: takes pictures of a made-up body, writes them as DICOM and sends them to the real door."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, PositronEmissionTomographyImageStorage, generate_uid

from wardline.core.errors import Fault
from wardline.core.imaging import Volume

FLUORINE_SECONDS: Final = 6586.2
"""Half-life of fluorine-18, 109.77 min."""
TITLE: Final = "SCANNER1"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who lies in the scanner, why, and when they were injected."""

    number: str
    issuer: str
    family: str
    given: str
    born: str
    """YYYYMMDD"""
    sex: str
    injected_at: datetime
    accession: str = ""
    weight_kg: float = 78.0
    height_m: float = 1.72
    dose_bq: float = 2.48e8
    waited: timedelta = timedelta(minutes=62)
    description: str = "FDG PET/CT, trunk"
    without: tuple[str, ...] = ()
    """Keywords the scanner forgets to write."""
    zeroed: tuple[str, ...] = ()
    """Keywords it writes as 0."""
    seed: str = ""
    tags: dict[str, Any] = field(default_factory=dict)

    @property
    def study(self) -> str:
        return generate_uid(entropy_srcs=["wardline scanner", self.number, self.injected_at.isoformat(), self.seed])

    @property
    def scanned_at(self) -> datetime:
        return self.injected_at + self.waited


def pet_ct(visit: Visit, ct: Volume, pet_suv: Volume, *, missing: Iterable[int] = ()) -> Iterator[Dataset]:
    """The CT series, then the PET series with activity in Bq/ml; `missing` are places of CT slices the scanner never sends."""
    gone = set(missing)
    for place in range(ct.grid.shape[0]):
        if place not in gone:
            yield _ct(visit, ct, place)
    for place in range(pet_suv.grid.shape[0]):
        yield _pet(visit, pet_suv, place)


def as_file(image: Dataset) -> bytes:
    """The bytes of a DICOM file."""
    content = BytesIO()
    image.save_as(content, enforce_file_format=True)
    return content.getvalue()


def send(images: Iterable[Dataset], host: str, port: int, *, called: str = "WARDLINE", calling: str = TITLE) -> int:
    """Store them over one association; returns how many were taken. Raises `Fault` when the door refuses the scanner or an image."""
    from pynetdicom import AE

    entity = AE(ae_title=calling)
    for kind in (CTImageStorage, PositronEmissionTomographyImageStorage):
        entity.add_requested_context(kind, ExplicitVRLittleEndian)
    association = entity.associate(host, port, ae_title=called)
    if not association.is_established:
        raise Fault(f"{called} at {host}:{port} does not accept the scanner {calling}")
    count = 0
    try:
        for image in images:
            status = association.send_c_store(image)
            if "Status" not in status or status.Status not in (0x0000, 0xB000, 0xB006, 0xB007):
                raise Fault(f"{called} did not take image {count + 1}: status {status.get('Status', 'none')}")
            count += 1
    finally:
        association.release()
    return count


def _ct(visit: Visit, ct: Volume, place: int) -> Dataset:
    image = _image(visit, ct, place, CTImageStorage, "CT", 2, "Low-dose CT")
    image.KVP, image.RescaleType, image.RescaleSlope, image.RescaleIntercept = 120, "HU", 1, -1024
    image.ImageType, image.WindowCenter, image.WindowWidth = ["ORIGINAL", "PRIMARY", "AXIAL"], 40, 400
    return _with_pixels(visit, image, np.clip(np.asarray(ct.array[place]) + 1024, 0, 32_000))


def _pet(visit: Visit, pet_suv: Volume, place: int) -> Dataset:
    image = _image(visit, pet_suv, place, PositronEmissionTomographyImageStorage, "PT", 3, "PET, attenuation corrected")
    left = math.exp(-math.log(2.0) / FLUORINE_SECONDS * visit.waited.total_seconds())
    activity = np.maximum(np.asarray(pet_suv.array[place], np.float64), 0) * visit.dose_bq * left / (visit.weight_kg * 1000.0)
    slope = float(f"{max(activity.max(), 1.0) / 32_000:.9g}")
    image.Units, image.DecayCorrection, image.CorrectedImage = "BQML", "START", ["NORM", "DTIM", "ATTN", "SCAT", "DECY", "RAN"]
    image.ImageType, image.SeriesType = ["ORIGINAL", "PRIMARY"], ["WHOLE BODY", "IMAGE"]
    image.RescaleSlope, image.RescaleIntercept = slope, 0
    image.FrameReferenceTime, image.ActualFrameDuration = 0, 120_000
    image.ReconstructionMethod, image.AttenuationCorrectionMethod, image.ScatterCorrectionMethod = "OSEM 3i24s", "CT-derived mu-map", "Model based"
    image.NumberOfSlices = pet_suv.grid.shape[0]
    image.PatientWeight, image.PatientSize = visit.weight_kg, visit.height_m
    drug = Dataset()
    drug.Radiopharmaceutical, drug.RadionuclideTotalDose, drug.RadionuclideHalfLife = "FDG", visit.dose_bq, FLUORINE_SECONDS
    drug.RadiopharmaceuticalStartTime = f"{visit.injected_at:%H%M%S}"
    drug.RadiopharmaceuticalStartDateTime = f"{visit.injected_at:%Y%m%d%H%M%S}"
    image.RadiopharmaceuticalInformationSequence = [drug]
    return _with_pixels(visit, image, activity / slope)


def _image(visit: Visit, volume: Volume, place: int, kind: str, modality: str, number: int, words: str) -> Dataset:
    image, grid, at = Dataset(), volume.grid, visit.scanned_at
    series = generate_uid(entropy_srcs=[visit.study, modality])
    image.SOPClassUID, image.SOPInstanceUID = kind, generate_uid(entropy_srcs=[series, str(place)])
    image.StudyInstanceUID, image.SeriesInstanceUID = visit.study, series
    image.FrameOfReferenceUID = generate_uid(entropy_srcs=[visit.study, "frame"])
    image.PatientID, image.IssuerOfPatientID, image.PatientName = visit.number, visit.issuer, f"{visit.family}^{visit.given}"
    image.PatientBirthDate, image.PatientSex, image.AccessionNumber = visit.born, visit.sex, visit.accession
    image.SpecificCharacterSet = "ISO_IR 192"
    image.StudyDescription, image.SeriesDescription, image.SeriesNumber, image.Modality = visit.description, words, number, modality
    image.Manufacturer, image.ManufacturerModelName, image.StationName = "Wardline simulator", "Phantom 1", TITLE
    image.BodyPartExamined, image.PatientPosition = "CHEST", "HFS"
    for name in ("Study", "Series", "Acquisition"):
        setattr(image, f"{name}Date", f"{at:%Y%m%d}")
        setattr(image, f"{name}Time", f"{at:%H%M%S}")
    image.InstanceNumber = place + 1
    image.ImagePositionPatient = [round(each, 4) for each in grid.position((float(place), 0.0, 0.0))]
    image.ImageOrientationPatient = [*grid.directions[2], *grid.directions[1]]
    image.PixelSpacing, image.SliceThickness = [grid.spacing[1], grid.spacing[2]], grid.spacing[0]
    return image


def _with_pixels(visit: Visit, image: Dataset, numbers: Any) -> Dataset:
    stored = np.round(numbers).astype("<i2")
    (image.Rows, image.Columns), image.SamplesPerPixel, image.PhotometricInterpretation = stored.shape, 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 1
    image.PixelData = stored.tobytes()
    for keyword, value in visit.tags.items():
        setattr(image, keyword, value)
    for keyword in visit.zeroed:
        if keyword in image:
            setattr(image, keyword, 0)
    for keyword in visit.without:
        if keyword in image:
            delattr(image, keyword)
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID, image.file_meta.MediaStorageSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return image
