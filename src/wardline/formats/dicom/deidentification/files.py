"""A DICOM file in, the same picture without the person out."""

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Final

from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.errors import InvalidDicomError
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, ImplicitVRLittleEndian

from wardline.core.deidentification import Known, Replacement
from wardline.core.errors import Refused
from wardline.formats.dicom.deidentification.dataset import Rules, cleaned, declare, known_of
from wardline.formats.dicom.deidentification.options import Option, checked
from wardline.formats.dicom.deidentification.pixels import Rectangle, pixels_cleaned

_IMPLEMENTATION: Final = UID("2.25.302043790172249692526321623266752743501")
"""PS3.7 D.3.3.2; from a random UUID, as PS3.5 B.2 permits."""


def deidentified(
    raw: bytes, of: Callable[[str, Known], Replacement], options: frozenset[Option] = frozenset(), blanked: Sequence[Rectangle] = ()
) -> bytes:
    """The file under the basic profile with these options. Raises `Refused` for what is no DICOM or cannot be made safe here."""
    checked(options)
    data = _read(raw)
    rules = Rules(of(str(data.get("PatientID") or ""), known_of(data)), options)
    clean = cleaned(data, rules)
    pixels_cleaned(data, clean, options, blanked)
    declare(clean, options)
    return _file(data, clean)


def _read(raw: bytes) -> FileDataset:
    try:
        data = dcmread(BytesIO(raw))
        data.decode()  # every value read now, so that what is damaged is refused before anything is written
    except InvalidDicomError:
        raise Refused("this is no DICOM file: it lacks the prefix DICM after its preamble", code="dicom") from None
    except Exception as error:  # pydicom raises whatever a damaged file runs into
        raise Refused(f"this DICOM file cannot be read whole: {type(error).__name__}", code="dicom") from None
    if "SOPClassUID" not in data or "SOPInstanceUID" not in data:
        raise Refused("this DICOM file says neither what it is nor which one (SOP Class and Instance UID)", code="dicom")
    return data


def _file(data: FileDataset, clean: Dataset) -> bytes:
    """With a new header and an empty preamble, in the transfer syntax it came in."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = data.file_meta.get("TransferSyntaxUID", ImplicitVRLittleEndian)
    meta.ImplementationClassUID = _IMPLEMENTATION
    clean.file_meta = meta
    written = BytesIO()
    dcmwrite(written, clean, enforce_file_format=True)
    return written.getvalue()
