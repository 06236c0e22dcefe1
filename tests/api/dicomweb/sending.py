"""Ada's images, and how to send them over the web."""

from collections.abc import Iterable, Sequence

import httpx2
from pydicom import Dataset

from api.house import OpenHouse
from support.messages import Patient
from support.scans import file_of, series

STUDY, SERIES = "1.2.3.4", "1.2.3.4.1"
OTHER_STUDY = "1.2.3.5"
ROOT = "/dicom-web"
BOUNDARY = "a-boundary"
DICOM_JSON = {"accept": "application/dicom+json"}


def ct(patient: Patient, slices: int = 4, *, study: str = STUDY, series: str = SERIES) -> list[Dataset]:
    """A small CT of somebody."""
    found = _series(slices, study, series)
    for each in found:
        each.PatientID, each.IssuerOfPatientID = patient.number, patient.assigner
        each.PatientName = f"{patient.family}^{patient.given}"
        each.PatientBirthDate, each.PatientSex = patient.born.replace("-", ""), patient.sex
    return found


def _series(slices: int, study: str, uid: str) -> list[Dataset]:
    return series(slices, study=study, series=uid)


def message(files: Iterable[bytes], type: str = "application/dicom") -> tuple[dict[str, str], bytes]:
    """Headers and body of a multipart message."""
    parts = b"".join(b"--" + BOUNDARY.encode() + b"\r\nContent-Type: " + type.encode() + b"\r\n\r\n" + file + b"\r\n" for file in files)
    headers = {"content-type": f'multipart/related; type="{type}"; boundary={BOUNDARY}', **DICOM_JSON}
    return headers, parts + b"--" + BOUNDARY.encode() + b"--\r\n"


def stow(house: OpenHouse, datasets: Sequence[Dataset], *, study: str = "", role: str = "radiologist") -> httpx2.Response:
    headers, body = message(file_of(each) for each in datasets)
    return house.as_(role).request("POST", f"{ROOT}/studies{'/' if study else ''}{study}", body, headers=headers)


def filed(house: OpenHouse) -> None:
    """What came is filed under its patient."""
    while house.do(house.running.imaging.filing.file_some):
        pass


def parts_in(response: httpx2.Response) -> list[tuple[str, bytes]]:
    """Content type and content of each part."""
    boundary = response.headers["content-type"].partition("boundary=")[2].strip('"').encode()
    *parts, end = response.content.split(b"\r\n--" + boundary)[1:]
    assert end == b"--\r\n"
    found = []
    for part in parts:
        head, _, content = part.partition(b"\r\n\r\n")
        found.append((head.decode().partition("Content-Type: ")[2].partition("\r\n")[0], content))
    return found
