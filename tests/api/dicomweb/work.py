"""Workitems as an orchestrator sends them, written by hand as PS3.18 shows them."""

from typing import Any

import httpx2

from api.dicomweb.sending import ROOT, STUDY
from api.house import OpenHouse
from support.messages import ADA, Patient

WORKITEMS = f"{ROOT}/workitems"
JSON = {"content-type": "application/dicom+json", "accept": "application/dicom+json"}
LOCK, OTHER_LOCK = "2.25.4711", "2.25.4712"
PUSH = "1.2.840.10008.5.1.4.34.6.1"


def value(vr: str, *values: Any) -> dict[str, Any]:
    return {"vr": vr, "Value": list(values)} if values else {"vr": vr}


def code(value_: str, scheme: str, meaning: str) -> dict[str, Any]:
    return {"00080100": value("SH", value_), "00080102": value("SH", scheme), "00080104": value("LO", meaning)}


def step(patient: Patient = ADA, study: str = STUDY, *, asks: tuple[str, str] = ("SEGLUNGS", "99SITE"), **changes: Any) -> dict[str, Any]:
    """Segment the lungs of this study: the least that PS3.4 Table CC.2.5-3 asks for, and whose it is. Changes by tag, as "t00741200"."""
    said = {
        "00741000": value("CS", "SCHEDULED"), "00741200": value("CS", "MEDIUM"), "00741204": value("LO", "Segment lungs"),
        "00404005": value("DT", "20260301080000"), "00404041": value("CS", "READY"),
        "00404018": value("SQ", code(*asks, "Segment lungs")),
        "00100010": value("PN", {"Alphabetic": f"{patient.family}^{patient.given}"}), "00100020": value("LO", patient.number),
        "00100021": value("LO", patient.assigner), "00100030": value("DA", patient.born.replace("-", "")), "00100040": value("CS", patient.sex),
    }  # fmt: skip
    if study:
        said["00404021"] = value("SQ", {"0020000D": value("UI", study)})
    return {**said, **{tag[1:]: each for tag, each in changes.items()}}


def ask(
    house: OpenHouse, method: str, path: str, content: Any = None, *, role: str = "radiologist", headers: dict[str, str] | None = None, **query: Any
) -> httpx2.Response:
    return house.as_(role).request(method, f"{WORKITEMS}{path}", content, query=query, headers=headers or JSON)


def made(house: OpenHouse, uid: str, **changes: Any) -> str:
    """A workitem with this UID."""
    response = ask(house, "POST", f"?{uid}", [step(**changes)])
    assert response.status_code == 201, response.text
    return uid


def to(house: OpenHouse, uid: str, state: str, lock: str = LOCK, *, role: str = "radiologist") -> httpx2.Response:
    said = {"00741000": value("CS", state)} | ({"00081195": value("UI", lock)} if lock else {})
    return ask(house, "PUT", f"/{uid}/state", said, role=role)


def state_of(house: OpenHouse, uid: str) -> str:
    (found,) = ask(house, "GET", f"/{uid}").json()
    said: str = found["00741000"]["Value"][0]
    return said


def warned(response: httpx2.Response) -> str:
    """The words after "299 <service>: "."""
    said = response.headers.get("warning", "")
    assert not said or said.startswith(f"299 http://ward{ROOT}: ")
    return said.partition(f"299 http://ward{ROOT}: ")[2]


def performed() -> dict[str, Any]:
    """What a performer must have said before it is COMPLETED."""
    done = {
        "00404028": value("SQ", code("GPU1", "99SITE", "Segmenter")), "00404050": value("DT", "20260830120100"),
        "00404051": value("DT", "20260830120200"), "00404019": value("SQ", code("SEGLUNGS", "99SITE", "Segment lungs")), "00404033": value("SQ"),
    }  # fmt: skip
    return {"00741216": value("SQ", done)}
