"""Images over the web: metadata, lists, frames and pictures of one series of 500 CT images, against Orthanc with its DICOMweb plugin in one run.

Both serve the same files, each request on a new connection, in turns. Of Wardline everything is asked under the full sign-in.
"""

import contextlib
import http.client
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from bench.dicom import ORTHANC, _free, _until_open, images
from bench.results import Bar
from bench.servers import wardline

PLUGIN: Final = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
STUDY: Final = "1.2.826.0.1.3680043.8.498.79"
IMAGES: Final = 500
TURNS: Final = 15
AIM_MS: Final = 20.0
RADIOLOGIST: Final = {"login": "rad", "name": "Bench Radiologist", "password": "three unrelated stones", "roles": ["radiologist"], "units": []}
AS_STORED: Final = "multipart/related; type=application/octet-stream; transfer-syntax=*"
HEADER: Final = {
    "SpecificCharacterSet": "ISO_IR 100", "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"], "InstanceCreationDate": "20260301",
    "InstanceCreationTime": "101612.345000", "SeriesDate": "20260301", "AcquisitionDate": "20260301", "ContentDate": "20260301",
    "SeriesTime": "101512.000000", "AcquisitionTime": "101530.250000", "ContentTime": "101530.250000", "AccessionNumber": "BENCH-1",
    "Manufacturer": "Bench Scanners", "InstitutionName": "Bench Hospital", "InstitutionAddress": "1 Bench Street", "StationName": "CT1",
    "ReferringPhysicianName": "Bench^Referrer", "SeriesDescription": "Thorax 1.0 B70f", "PhysiciansOfRecord": "Bench^Record",
    "PerformingPhysicianName": "Bench^Performer", "OperatorsName": "Bench^Operator", "ManufacturerModelName": "Bench 64",
    "PatientAge": "076Y", "PatientSize": "1.72", "PatientWeight": "81", "PatientComments": "none", "BodyPartExamined": "CHEST",
    "SliceThickness": "1", "KVP": "120", "DataCollectionDiameter": "500", "DeviceSerialNumber": "12345", "SoftwareVersions": "bench 1.0",
    "ProtocolName": "Thorax routine", "ReconstructionDiameter": "360", "DistanceSourceToDetector": "1040", "DistanceSourceToPatient": "570",
    "GantryDetectorTilt": "0", "TableHeight": "150", "RotationDirection": "CW", "ExposureTime": "500", "XRayTubeCurrent": "180", "Exposure": "90",
    "FilterType": "WEDGE_2", "GeneratorPower": "26", "FocalSpots": "1.2", "DateOfLastCalibration": "20260228", "TimeOfLastCalibration": "070000",
    "ConvolutionKernel": "B70f", "PatientPosition": "HFS", "StudyID": "1", "SeriesNumber": "3", "AcquisitionNumber": "2",
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0], "FrameOfReferenceUID": "1.2.826.0.1.3680043.8.498.79.9", "PositionReferenceIndicator": "SN",
    "SliceLocation": "1", "ImageComments": "bench", "WindowCenter": ["40", "-500"], "WindowWidth": ["400", "1500"], "RescaleIntercept": "-1024",
    "RescaleSlope": "1", "WindowCenterWidthExplanation": ["WINDOW1", "WINDOW2"], "RequestingPhysician": "Bench^Requester",
    "RequestedProcedureDescription": "CT thorax", "PerformedProcedureStepStartDate": "20260301", "PerformedProcedureStepStartTime": "101500",
    "PerformedProcedureStepID": "PPS1", "PerformedProcedureStepDescription": "CT thorax", "RequestedProcedureID": "RP1",
}  # fmt: skip
"""What a real CT says beside its geometry: an answer is as long as its headers are."""
Ask = Callable[[str, str, str], bytes]


def run() -> list[Bar]:
    folder = Path(tempfile.mkdtemp(prefix="wardline-bench-"))
    try:
        files = sorted(images(folder / "study", STUDY, IMAGES, 512, header=HEADER).glob("*.dcm"))
        with wardline() as server:
            ours = _ours(server.http, server.setup)
            for begin in range(0, IMAGES, 100):
                _stow(ours, files[begin : begin + 100])
            with _orthanc(folder / "orthanc", files) as theirs:
                return _bars(ours, theirs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bars(ours: Ask, theirs: Ask | None) -> list[Bar]:
    instances = json.loads(ours("GET", f"/dicom-web/studies/{STUDY}/instances", "application/dicom+json"))
    assert len(instances) == IMAGES, f"{len(instances)} of {IMAGES} images are there"
    series, instance = (instances[IMAGES // 2][tag]["Value"][0] for tag in ("0020000E", "00080018"))
    one = f"/dicom-web/studies/{STUDY}/series/{series}/instances/{instance}"
    cases = {
        "metadata of 500 images": (f"/dicom-web/studies/{STUDY}/series/{series}/metadata", "application/dicom+json"),
        "list of 500 images": (f"/dicom-web/studies/{STUDY}/series/{series}/instances", "application/dicom+json"),
        "one frame as stored": (f"{one}/frames/1", AS_STORED),
        "one frame as JPEG": (f"{one}/rendered", "image/jpeg"),
    }
    found = []
    for name, (path, accept) in cases.items():
        detail = _compared(ours, theirs, path, accept)
        if name == "metadata of 500 images":
            found.append(Bar(f"DICOMweb {name}, ms", detail["wardline_ms"], AIM_MS, False, detail, "ms"))
        if theirs is not None:
            found.append(Bar(f"DICOMweb {name}, times as fast as Orthanc", detail["orthanc_ms"] / detail["wardline_ms"], detail=detail))
    return found if theirs is not None else [*found, Bar("DICOMweb: Orthanc with its DICOMweb plugin is not installed", 0)]


def _compared(ours: Ask, theirs: Ask | None, path: str, accept: str) -> dict[str, float]:
    """Medians of turns that alternate."""
    waits: dict[str, list[float]] = {"wardline": [], "orthanc": []}
    sizes: dict[str, int] = {}
    for _ in range(TURNS + 2):
        for name, ask in (("wardline", ours), ("orthanc", theirs)):
            if ask is not None:
                begun = time.perf_counter()
                sizes[name] = len(ask("GET", path, accept))
                waits[name].append((time.perf_counter() - begun) * 1000)
    found = {f"{name}_ms": statistics.median(each[2:]) for name, each in waits.items() if each}
    return found | {f"{name}_bytes": size for name, size in sizes.items()}


# --- whom we ask ---


def _ours(port: int, setup: str) -> Ask:
    """As a radiologist: the images are nobody's whom we know, which is for them to look at."""
    admin = _json(port, "/api/v1/auth/setup", {"token": setup, "login": "bench", "name": "Bench", "password": "three unrelated words"})
    _json(port, "/api/v1/users", RADIOLOGIST, str(admin["access_token"]))
    signed = _json(port, "/api/v1/auth/login", {"login": "rad", "password": RADIOLOGIST["password"]})
    return _asker(port, {"Authorization": f"Bearer {signed['access_token']}"})


def _asker(port: int, headers: dict[str, str]) -> Ask:
    def ask(method: str, path: str, accept: str, body: bytes | None = None, **more: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request(method, path, body, {**headers, "Accept": accept, **more})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content

    return ask


def _json(port: int, path: str, content: dict[str, Any], token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    ask: Any = _asker(port, {**headers, "Content-Type": "application/json"})
    found: dict[str, Any] = json.loads(ask("POST", path, "application/json", json.dumps(content).encode()))
    return found


def _stow(ask: Any, files: list[Path]) -> None:
    parts = b"".join(b"--b\r\nContent-Type: application/dicom\r\n\r\n" + file.read_bytes() + b"\r\n" for file in files)
    more = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'}
    ask("POST", "/dicom-web/studies", "application/dicom+json", parts + b"--b--\r\n", **more)


@contextlib.contextmanager
def _orthanc(folder: Path, files: list[Path]) -> Iterator[Ask | None]:
    """With the same images; None where it is not installed."""
    if not (ORTHANC.exists() and PLUGIN.exists()):
        yield None
        return
    folder.mkdir()
    port = _free()
    settings = {
        "Name": "BENCH", "DicomServerEnabled": False, "HttpPort": port, "RemoteAccessAllowed": True, "AuthenticationEnabled": False,
        "StorageDirectory": str(folder), "IndexDirectory": str(folder), "Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(settings), encoding="utf-8")
    with subprocess.Popen([ORTHANC, folder / "orthanc.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            _until_open(port, process)
            ask: Any = _asker(port, {})
            for file in files:
                ask("POST", "/instances", "application/json", file.read_bytes())
            yield ask
        finally:
            process.kill()
