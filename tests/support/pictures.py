"""A small DICOM picture of somebody who does not exist."""

import io
from typing import Final

import numpy as np
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

CT: Final = "1.2.840.10008.5.1.4.1.1.2"
SECONDARY: Final = "1.2.840.10008.5.1.4.1.1.7"
ULTRASOUND: Final = "1.2.840.10008.5.1.4.1.1.6.1"
"""SOP classes, PS3.4 B.5."""


def picture(kind: str = CT, **values: object) -> FileDataset:
    """A small picture of Ngozi Okafor."""
    data = FileDataset("", {}, preamble=b"OKAFOR" + bytes(122))
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID, data.file_meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, kind
    data.file_meta.SourceApplicationEntityTitle = "OKAFORPC"
    data.SOPClassUID, data.SOPInstanceUID, data.file_meta.MediaStorageSOPInstanceUID = kind, "1.2.3.4", "1.2.3.4"
    data.StudyInstanceUID, data.SeriesInstanceUID, data.Modality = "1.2.3", "1.2.3.1", "CT"
    data.PatientName, data.PatientID, data.PatientBirthDate, data.PatientSex, data.PatientAge = "Okafor^Ngozi", "40123456", "19310303", "F", "093Y"
    data.StudyDate, data.SeriesDate, data.StudyTime, data.AccessionNumber = "20240301", "20240227", "101500", "ACC7781"
    data.StudyDescription, data.InstitutionName, data.StationName = "CT abdomen of Mrs Okafor", "St Mary", "CT7"
    data.Rows, data.Columns, data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 16, 12, 11, 0
    data.SamplesPerPixel, data.PhotometricInterpretation, data.WindowCenter, data.RescaleSlope = 1, "MONOCHROME2", 40, 1
    data.PixelData = np.arange(64, dtype=np.uint16).tobytes()
    for name, value in values.items():
        setattr(data, name, value)
    return data


def bytes_of(data: FileDataset) -> bytes:
    written = io.BytesIO()
    data.save_as(written)
    return written.getvalue()
