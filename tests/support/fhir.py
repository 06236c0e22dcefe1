"""A FHIR client of a few lines, and resources to send: written after http://hl7.org/fhir/R4/http.html, knowing nothing of the house."""

import json
from typing import Any
from urllib.parse import urlencode

MRN = "https://hospital.example/numbers"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"


class Answered:
    """What came back."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.text: str = response.text
        self.json: Any = (
            json.loads(response.content) if response.content and response.headers.get("content-type", "").endswith(("/json", "+json")) else None
        )

    @property
    def ids(self) -> list[str]:
        """Of the matches of a search."""
        return [entry["resource"]["id"] for entry in self.json.get("entry", ()) if entry.get("search", {}).get("mode") == "match"]

    @property
    def included(self) -> list[str]:
        return [
            f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
            for entry in self.json.get("entry", ())
            if entry.get("search", {}).get("mode") == "include"
        ]

    @property
    def words(self) -> str:
        """What an OperationOutcome says."""
        assert self.json["resourceType"] == "OperationOutcome", self.text
        return "; ".join(issue["diagnostics"] for issue in self.json["issue"])

    def link(self, relation: str) -> str | None:
        return next((each["url"] for each in self.json.get("link", ()) if each["relation"] == relation), None)


class Client:
    """Somebody at the FHIR door of a house."""

    def __init__(self, house: Any, role: str = "doctor", *, units: tuple[str, ...] = ()) -> None:
        self.house = house
        if not units:
            self.visitor = house.as_(role)
            return
        login = f"{role} of {' '.join(units)}"
        if house.do(house.wardline.identities.user_named, login) is None:
            house.user(login, role, units=units)
        self.visitor = house.sign_in(login)

    def ask(self, method: str, path: str, content: Any = None, **headers: str) -> Answered:
        sent = {"content-type": "application/fhir+json", **{name.replace("_", "-"): value for name, value in headers.items()}}
        body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        return Answered(self.visitor.request(method, f"/fhir/{path}" if path else "/fhir", body, headers=sent))

    def get(self, path: str, **headers: str) -> Answered:
        return self.ask("GET", path, **headers)

    def search(self, type: str, *pairs: tuple[str, str], **query: str) -> Answered:
        return self.get(f"{type}?{urlencode([*query.items(), *pairs])}")

    def create(self, resource: dict[str, Any], **headers: str) -> Answered:
        return self.ask("POST", resource["resourceType"], resource, **headers)

    def put(self, resource: dict[str, Any], **headers: str) -> Answered:
        return self.ask("PUT", f"{resource['resourceType']}/{resource['id']}", resource, **headers)

    def transaction(self, *entries: dict[str, Any], type: str = "transaction") -> Answered:
        return self.ask("POST", "", {"resourceType": "Bundle", "type": type, "entry": list(entries)})


def entry(method: str, url: str, resource: dict[str, Any] | None = None, full_url: str = "", **request: str) -> dict[str, Any]:
    said: dict[str, Any] = {"request": {"method": method, "url": url, **request}}
    if resource is not None:
        said["resource"] = resource
    return {"fullUrl": full_url, **said} if full_url else said


def patient(id: str = "", family: str = "Moss", given: str = "Ada", number: str = "", **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"resourceType": "Patient", "name": [{"family": family, "given": [given]}], "gender": "female", "birthDate": "1955-03-03"}
    if id:
        said["id"] = id
    if number:
        said["identifier"] = [{"system": MRN, "value": number}]
    return {**said, **more}


def observation(
    patient: str, code: str = "2823-3", value: float = 4.1, unit: str = "mmol/L", at: str = "2026-03-01T08:00:00Z", **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "status": "final", "code": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": patient if "/" in patient or ":" in patient else f"Patient/{patient}"}, "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}, **more,
    }  # fmt: skip


def condition(patient: str, code: str, system: str = "http://snomed.info/sct", text: str = "", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition", "subject": {"reference": f"Patient/{patient}"},
        "code": {"coding": [{"system": system, "code": code}], "text": text},
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}, **more,
    }  # fmt: skip
