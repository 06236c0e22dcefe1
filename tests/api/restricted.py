"""A patient with sensitive facts in every place a fact can stand, each with a word that occurs nowhere else."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from api.house import ROUTES, OpenHouse, Route, Visitor
from support.clocks import MORNING
from support.messages import WELL, Obx, Patient, adt, msh, next_control, oru, vitals
from wardline.api.doors import OPEN
from wardline.formats.fhir import consent as fhir
from wardline.formats.hl7v2 import builder

EVE: Final = Patient("1003", "Eklund", "Eve", "19800101", "F")
CANARIES: Final = ("CANARYDIAGNOSIS", "CANARYRESULT", "CANARYNOTE", "CANARYDRUG", "CANARYORDER", "CANARYREASON", "7.13")
"""7.13: a potassium that pages, and that a person has labelled."""
POTASSIUM: Final = {"kind": "Observation", "key": "potassium", "labels": ["PRS"], "reason": "the patient asked"}
ROLES: Final = ("radiologist", "manager", "engineer", "auditor", "admin", "researcher", "privacy")
"""Who does not treat, or is not shown labelled facts where nobody has said anything."""
OWN_COPY: Final = "/api/v1/patients/{id}/export"
"""The patient's own copy of everything, handed out by a privacy officer: whole, or it would not be the patient's (GDPR art. 15)."""


def _minutes(count: float) -> datetime:
    return MORNING + timedelta(minutes=count)


def pharmacy(patient: Patient, *, at: datetime, order: str, code: str) -> bytes:
    lines = [msh("RDE^O11", at, next_control(), "PHARMACY"), patient.pid(), f"ORC|NW|{order}", f"RXE|1|{code}|1||tab"]
    return builder.message(lines)


def diagnosis(patient: Patient, *, at: datetime, code: str, text: str) -> bytes:
    lines = [
        msh("ADT^A08", at, next_control(), "ADT"),
        f"EVN|A08|{builder.timestamp(at)}",
        patient.pid(),
        "PV1|1|I|7A^^9",
        f"DG1|1||{code}^{text}^I10",
    ]
    return builder.message(lines)


def plant(house: OpenHouse) -> str:
    """Send everything; returns the record's key."""
    admission = adt("A01", EVE, at=MORNING, visit="V3", unit="7A", bed="9").rstrip(b"\r") + b"\rPV2|||^CANARYREASON hiv\r"
    house.send(
        admission, vitals(EVE, WELL, at=_minutes(5)), diagnosis(EVE, at=_minutes(6), code="B24", text="CANARYDIAGNOSIS"),
        oru(EVE, Obx("7917-8^HIV 1 Ab^LN", "CANARYRESULT", kind="ST"), at=_minutes(7)),
        oru(EVE, Obx("NOTE^Progress note^L", "Known hiv, CANARYNOTE", kind="TX"), at=_minutes(7.5)),
        oru(EVE, Obx("20447-9^HIV RNA^LN", None, status="I"), at=_minutes(8), order="CANARYORDER"),
        pharmacy(EVE, at=_minutes(9), order="RX1", code="J05AR13^CANARYDRUG^ATC"),
        oru(EVE, Obx("2823-3", 7.13), at=_minutes(11), order="K13"),
    )  # fmt: skip
    key = house.key(EVE)
    house.as_("nurse").post(f"/api/v1/patients/{key}/labels", POTASSIUM, 204)
    return key


def consent(about: str, *provisions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A FHIR Consent as another system would write it."""
    root = provisions[0] if len(provisions) == 1 else {"provision": list(provisions)}
    opted = {} if "type" in root else {"policyRule": fhir.concept(fhir.ACT_CODE, "OPTIN")}
    return {
        "resourceType": "Consent", "status": "active", "scope": fhir.concept(fhir.SCOPE, fhir.PRIVACY),
        "category": [fhir.concept(fhir.ACT_CODE, fhir.DISCLOSURE)], "patient": {"reference": f"Patient/{about}"}, **opted, "provision": root, **more,
    }  # fmt: skip


def deny(*labels: str, **more: Any) -> dict[str, Any]:
    return {"type": "deny", **({"securityLabel": [fhir.coding(fhir.ACT_CODE, each) for each in labels]} if labels else {}), **more}


def permit(**more: Any) -> dict[str, Any]:
    return {"type": "permit", **more}


def actor(reference: str) -> list[dict[str, Any]]:
    return [{"role": fhir.concept(fhir.PARTICIPATION, fhir.RECIPIENT), "reference": {"reference": reference}}]


def purpose(*codes: str) -> list[dict[str, str]]:
    return [fhir.coding(fhir.REASON, code) for code in codes]


GIVEN: Final[Mapping[str, str]] = {"unit": "7A", "name": "LAB", "version": "1", "contact": "nurse", "capability": "critical_values"}


def looks(about: str) -> Iterator[tuple[Route, str, dict[str, str]]]:
    """Every door that only looks, with the patient in its path and with every way of asking that says more."""
    for route in ROUTES:
        if route.method == "GET" and route.door.who != OPEN:
            names = {name: about if name == "id" else GIVEN.get(name, "x") for name in route.door.param_convertors}
            path = route.path.format(**names)
            yield route, path, {}
            asks = {each.alias for each in route.door.dependant.query_params}
            if "as_of" in asks:
                yield route, path, {"as_of": _minutes(60).isoformat()}
                yield route, path, {"as_of": _minutes(5.5).isoformat()}
            if "capability" in asks:
                yield route, path, {"capability": "critical_values"}


def without_times(text: str) -> str:
    """At some moments a time of day holds the digits of a value."""
    return re.sub(r"\d\d:\d\d(:\d\d(\.\d+)?)?", "", text)


def leaks(visitor: Visitor, about: str, *, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(door, canary) for every canary that any answer to this person holds."""
    found = []
    for route, path, query in looks(about):
        if route.path not in but:
            text = without_times(visitor.request("GET", path, query=query).text)
            found += [(f"{route.path} {query}", canary) for canary in CANARIES if canary in text]
    searched = without_times(visitor.request("POST", "/api/v1/patients/search", {"q": EVE.family}).text)
    return found + [("search", canary) for canary in CANARIES if canary in searched]
