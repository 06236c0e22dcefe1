"""What every DICOM object that we make from a study has in common: whose it is, who made it, when, and numbers that follow from its content.

The same result written twice is the same object, byte for byte and number for number: an archive that has it already knows it again.
Its numbers (PS3.5 B.2: "2.25." and a UUID as a decimal) are a digest of everything else in it.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import wraps
from io import BytesIO
from typing import Any, Final, ParamSpec, TypeVar

from highdicom.sr import CodedConcept, DeviceObserverIdentifyingAttributes, ObserverContext, PersonObserverIdentifyingAttributes
from pydicom import Dataset, dcmread
from pydicom.dataset import FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID

from wardline import __version__
from wardline.core.codings import Coding
from wardline.core.errors import Refused
from wardline.formats.dicom.uids import uid_of

Given = ParamSpec("Given")
Made = TypeVar("Made")

MAKER: Final = "Wardline"
SERIAL: Final = "software"
"""Device Serial Number must be there (PS3.3 C.7.5.2), and a program has none."""
UNNAMED: Final = "2.25.0"
"""Stands for the numbers of an object until its content is known."""
SCHEMES: Final = {"snomed": "SCT", "loinc": "LN", "dcm": "DCM", "ucum": "UCUM", "radlex": "RADLEX", "ncit": "NCIt", "icd10": "I10", "fma": "FMA"}
"""Our names of code systems and DICOM's (PS3.16 table 8-1)."""
_NAMES: Final = {scheme: name for name, scheme in SCHEMES.items()}
CONTENT_SERIES: Final = {"SEG": 9001, "SR": 9002, "OT": 9003, "KO": 9004, "PM": 9005}
"""Series numbers far above a scanner's own, one for each modality of what we make."""
UTF8: Final = "ISO_IR 192"
MAY_BE_EMPTY: Final = (
    "PatientName", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID", "AccessionNumber", "ReferringPhysicianName",
)  # fmt: skip
MOMENTS: Final = (("ContributingEquipmentSequence", "ContributionDateTime"), ("VerifyingObserverSequence", "VerificationDateTime"))
"""Where the library writes the moment at which it ran."""
NEEDED: Final = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")


def tracking_uid(series: str, name: str) -> str:
    """Of a lesion or structure that is followed, where nobody has given it one: by the series it was found on and what it is called there."""
    return uid_of("tracking", series, name)


def observer(author: str, made_by: str = "") -> tuple[ObserverContext | None, ObserverContext | None]:
    """Who observed, as structured documents say it (TID 1002): a person, the program, or both."""
    device = ObserverContext(
        observer_type=CodedConcept("121007", "DCM", "Device"),
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=uid_of("device", MAKER, made_by, __version__), name=made_by or MAKER, manufacturer_name=MAKER, model_name=MAKER
        ),
    )
    if not author:
        return None, device
    person = ObserverContext(
        observer_type=CodedConcept("121006", "DCM", "Person"), observer_identifying_attributes=PersonObserverIdentifyingAttributes(name=author)
    )
    return person, device if made_by else None


def opened(file: "bytes | Dataset") -> Dataset:
    """Raises `Refused` for bytes that are no DICOM file."""
    if isinstance(file, Dataset):
        return file
    try:
        return dcmread(BytesIO(file))
    except (InvalidDicomError, EOFError, ValueError) as error:
        raise Refused("this is no readable DICOM file; export it again from the system that made it", code="no-dicom") from error


def check_sources(sources: Sequence[Dataset], *, one_series: bool) -> None:
    """Raises `Refused` unless they are images of one study (and series) that say whose they are."""
    if not sources:
        raise Refused("an object that is made from images needs their headers, and none were given", code="no-source")
    for source in sources:
        for keyword in NEEDED:
            if not source.get(keyword):
                raise Refused(
                    f"an image it would be made from has no {keyword}; nothing is written about an unknown patient", code="no-source", where=keyword
                )
    for keyword in ("PatientID", "StudyInstanceUID", *(("SeriesInstanceUID", "FrameOfReferenceUID") if one_series else ())):
        if len({str(source.get(keyword, "")) for source in sources}) > 1:
            raise Refused(
                f"the images it would be made from differ in {keyword}; results are written for one of them at a time",
                code="mixed-sources",
                where=keyword,
            )


def scheme_of(coding: Coding) -> str:
    """Raises `Refused` for a code system that DICOM has no name for here."""
    try:
        return SCHEMES[coding.system]
    except KeyError:
        raise Refused(f"codes of {coding.system!r} cannot be written into DICOM; use one of {', '.join(SCHEMES)}", code="code-system") from None


def coding_in(item: Dataset) -> Coding:
    """A code as it stands in a file, by our name of its system."""
    scheme = str(item.get("CodingSchemeDesignator", ""))
    return Coding(code_in(item), _NAMES.get(scheme, scheme.lower()))


def code_in(item: Dataset) -> str:
    """PS3.3 table 8.8-1: a code of more than 16 characters stands in an element of its own."""
    return str(item.get("CodeValue") or item.get("LongCodeValue") or item.get("URNCodeValue") or "")


def local(at: datetime, source: Dataset) -> datetime:
    """The moment on the clock of the source: by the offset it states, else as given (the house's zone is the scanner's)."""
    offset = str(source.get("TimezoneOffsetFromUTC", "") or "").strip()
    if not offset:
        return at
    sign = -1 if offset.startswith("-") else 1
    return at.astimezone(timezone(sign * timedelta(hours=int(offset[-4:-2]), minutes=int(offset[-2:]))))


def written(made: Dataset, source: Dataset, at: datetime) -> bytes:
    """The file: its times, its numbers by its content, and what of the study its maker has not copied."""
    when = local(at, source)
    for kind in ("InstanceCreation", "Content", "Series"):
        setattr(made, f"{kind}Date", when.strftime("%Y%m%d"))
        setattr(made, f"{kind}Time", when.strftime("%H%M%S"))
    for sequence, keyword in MOMENTS:
        for item in made.get(sequence, ()):
            if keyword in item:
                setattr(item, keyword, when.strftime("%Y%m%d%H%M%S"))
    for keyword in ("TimezoneOffsetFromUTC", "StudyDescription", "IssuerOfPatientID", "InstitutionName"):
        if source.get(keyword):
            made[keyword] = source[keyword]
    _forget_chance(made)
    content = hashlib.sha256(_encoded(made)).hexdigest()
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = UID(uid_of("instance", content))
    made.SeriesInstanceUID = uid_of("series", content)
    _name_dimensions(made, uid_of("dimensions", content))
    return _encoded(made)


@contextmanager
def damage_refused() -> Iterator[None]:
    """Around reading somebody's file."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:  # pydicom and highdicom raise what they like on damaged files: whatever it is, the file is refused
        raise Refused(f"the file is damaged or contradicts itself ({type(error).__name__}); export it again", code="damaged") from error


@contextmanager
def _reasons() -> Iterator[None]:
    """What a library says of sources it cannot use, as a sentence of ours."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The string .* is unlikely to represent the intended person name", UserWarning)
            yield  # names are the scanner's, copied as they are
    except AttributeError as error:
        missing = str(error).rpartition("'")[0].rpartition("'")[2] or str(error)
        raise Refused(
            f"an image it would be made from has no {missing}; without it no result can be written", code="no-source", where=missing
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(f"no DICOM object can be made of this: {error}", code="not-encodable") from error


def refusing(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """A writer whose library's complaints reach the caller as `Refused`."""

    @wraps(make)
    def safely(*given: Given.args, **named: Given.kwargs) -> Made:
        with _reasons():
            return make(*given, **named)

    return safely


def stamp() -> dict[str, Any]:
    """Who made it and how its text is written, as every writer says it."""
    return {
        "manufacturer": MAKER, "manufacturer_model_name": MAKER, "software_versions": __version__, "device_serial_number": SERIAL,
        "specific_character_set": UTF8,
    }  # fmt: skip


def complete(sources: Sequence[Dataset]) -> list[Dataset]:
    """The same, the first with what every image must name, be it empty (PS3.3 C.7.1.1, C.7.2.1: type 2): objects are headed from it."""
    first = Dataset()
    first.update(sources[0])
    for keyword in MAY_BE_EMPTY:
        if keyword not in first:
            setattr(first, keyword, "")
    return [first, *sources[1:]]


def _forget_chance(made: Dataset) -> None:
    """Take out what libraries fill in anew each time: numbers of the moment stand for nothing."""
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = UID(UNNAMED)
    made.SeriesInstanceUID = UNNAMED
    _name_dimensions(made, UNNAMED)


def _name_dimensions(made: Dataset, uid: str) -> None:
    for item in (*made.get("DimensionOrganizationSequence", ()), *made.get("DimensionIndexSequence", ())):
        item.DimensionOrganizationUID = uid


def _encoded(made: Dataset) -> bytes:
    buffer = BytesIO()
    made.file_meta.ImplementationVersionName = "WARDLINE"
    FileDataset.save_as(made, buffer, enforce_file_format=True)
    return buffer.getvalue()
