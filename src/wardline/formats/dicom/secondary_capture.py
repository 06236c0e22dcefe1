"""A picture of a result, for archives and screens that show nothing else: a DICOM secondary capture (PS3.3 A.8.1), never to be measured on."""

from datetime import datetime
from typing import Any

import highdicom as hd
import numpy as np
from pydicom import Dataset
from pydicom.valuerep import DA, TM

from wardline.core.errors import Refused
from wardline.formats.dicom.derived import CONTENT_SERIES, UNNAMED, check_sources, complete, local, refusing, stamp, written


@refusing
def secondary_capture(pixels: Any, source: Dataset, *, at: datetime, description: str) -> bytes:
    """A DICOM file. `pixels` is uint8, [rows, columns] grey or [rows, columns, 3] in red, green, blue; `source` is the header it shows."""
    check_sources([source], one_series=True)
    picture = np.ascontiguousarray(pixels)
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] != 3) or picture.size == 0:
        raise Refused("a picture is uint8 with rows and columns, grey or in red, green and blue", code="no-picture")
    (head,) = complete([source])
    made = hd.sc.SCImage(
        pixel_array=picture, photometric_interpretation="MONOCHROME2" if picture.ndim == 2 else "RGB", bits_allocated=8,
        coordinate_system="PATIENT", patient_orientation=("L", "P"), study_instance_uid=str(head.StudyInstanceUID), series_instance_uid=UNNAMED,
        series_number=CONTENT_SERIES["OT"], sop_instance_uid=UNNAMED, instance_number=1, patient_id=head.PatientID, patient_name=head.PatientName,
        patient_birth_date=head.PatientBirthDate, patient_sex=head.PatientSex, accession_number=head.AccessionNumber, study_id=head.StudyID,
        study_date=head.StudyDate or None, study_time=head.StudyTime or None, referring_physician_name=head.ReferringPhysicianName, **stamp(),
    )  # fmt: skip
    when = local(at, head)
    made.DateOfSecondaryCapture, made.TimeOfSecondaryCapture = DA(when.date()), TM(when.strftime("%H%M%S"))
    made["PatientOrientation"].value = ""  # a picture may show anything from any side, so it claims none; the library asks for one
    made.ImageType = ["DERIVED", "SECONDARY"]
    made.SeriesDescription = description[:64]
    made.BurnedInAnnotation = "YES"  # drawings and numbers may be in it: whoever removes names must look at it
    made.SourceImageSequence = [_reference(head)]
    return written(made, head, at)


def _reference(source: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = source.SOPClassUID
    item.ReferencedSOPInstanceUID = source.SOPInstanceUID
    return item
