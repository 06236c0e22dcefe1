"""Headers and files of a small CT series, as a scanner would send them: for tests of what is made from images."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian

from wardline.core.imaging import AXIAL, Grid, Vector
from wardline.formats.dicom.uids import uid_of

STUDY = uid_of("test", "study")
SERIES = uid_of("test", "series")
FRAME = uid_of("test", "frame of reference")
ORIGIN: Vector = (-20.0, -30.0, 100.0)
SPACING: Vector = (2.5, 0.8, 0.7)


def grid(slices: int = 4, rows: int = 6, columns: int = 5) -> Grid:
    """Where the voxels of `series` lie: the lowest slice first."""
    return Grid((slices, rows, columns), SPACING, ORIGIN, AXIAL)


def series(slices: int = 4, rows: int = 6, columns: int = 5, *, study: str = STUDY, series: str = SERIES, number: str = "P-1") -> list[Dataset]:
    """CT images with pixels, the lowest first."""
    return [_image(place, rows, columns, study, series, number) for place in range(slices)]


def enhanced(order: Sequence[int] = (0, 1, 2, 3)) -> Dataset:
    """The same images as frames of one, in this order (Enhanced CT, PS3.3 A.38)."""
    images = series(len(order))
    made = images[0]
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = uid_of(SERIES, "enhanced")
    made.NumberOfFrames = len(order)
    shared = Dataset()
    shared.PlaneOrientationSequence = [_item(ImageOrientationPatient=images[0].ImageOrientationPatient)]
    shared.PixelMeasuresSequence = [_item(PixelSpacing=images[0].PixelSpacing, SliceThickness=images[0].SliceThickness)]
    made.SharedFunctionalGroupsSequence = [shared]
    made.PerFrameFunctionalGroupsSequence = [_item(PlanePositionSequence=[_item(ImagePositionPatient=list(_position(place)))]) for place in order]
    made.PixelData = b"".join(series(len(order))[place].PixelData for place in order)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness"):
        del made[keyword]
    return made


def _item(**elements: object) -> Dataset:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item


def _position(place: int) -> Vector:
    return ORIGIN[0], ORIGIN[1], ORIGIN[2] + place * SPACING[0]


def file_of(dataset: Dataset) -> bytes:
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _image(place: int, rows: int, columns: int, study: str, series: str, number: str) -> Dataset:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.SpecificCharacterSet = "ISO_IR 100"
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = CTImageStorage
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = uid_of(series, "image", str(place))
    image.PatientID, image.PatientName, image.PatientBirthDate, image.PatientSex = number, "Müster^Zoë", "19550303", "F"
    image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = study, series, FRAME
    image.StudyDate, image.StudyTime, image.StudyID, image.AccessionNumber = "20260901", "101500", "S1", "A-77"
    image.StudyDescription, image.ReferringPhysicianName = "Thorax", ""
    image.Modality, image.Manufacturer, image.SeriesNumber, image.InstanceNumber = "CT", "Maker", 2, place + 1
    image.ImagePositionPatient = list(_position(place))
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.PixelSpacing, image.SliceThickness = [SPACING[1], SPACING[2]], SPACING[0]
    image.Rows, image.Columns, image.SamplesPerPixel, image.PhotometricInterpretation = rows, columns, 1, "MONOCHROME2"
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 16, 16, 15, 1
    image.RescaleSlope, image.RescaleIntercept = 1, -1024
    image.PixelData = np.full((rows, columns), place, np.int16).tobytes()
    return image
