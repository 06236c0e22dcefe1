"""What a doctor waits for: CDS Hooks services over a real socket, under the full sign-in, against the same route answering nothing.

The patient is somebody else's, with everything in the prefetch: twelve running drugs, two drafts, sixty observations.
"""

import asyncio
import json
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bench.results import Bar
from bench.screens import _request, _signed_in
from bench.servers import wardline

WARM: Final = 20
CALLS: Final = 200
AIM_MS: Final = 100
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
DRUGS: Final = (
    ("11289", "warfarin"), ("29046", "lisinopril"), ("6809", "metformin"), ("36567", "simvastatin"), ("9997", "spironolactone"),
    ("161", "paracetamol"), ("1191", "aspirin"), ("7052", "morphine"), ("3407", "digoxin"), ("703", "amiodarone"), ("4603", "furosemide"),
    ("6918", "metoprolol"),
)  # fmt: skip
DRAFTS: Final = (("5640", "ibuprofen"), ("21212", "clarithromycin"))
VALUES: Final = (
    ("6301-6", 3.8, "{INR}"), ("2823-3", 5.6, "mmol/L"), ("2160-0", 1.9, "mg/dL"), ("2951-2", 131, "mmol/L"), ("8867-4", 112, "/min"),
    ("9279-1", 24, "/min"), ("59408-5", 92, "%"), ("8480-6", 98, "mm[Hg]"), ("8310-5", 38.6, "Cel"), ("718-7", 9.8, "g/dL"),
)  # fmt: skip


def run() -> list[Bar]:
    return asyncio.run(_run())


async def _run() -> list[Bar]:
    with wardline() as server:
        token = await _signed_in(server.http, server.setup)
        # The one account of a new house is an administrator's; who asks here must be somebody who may read charts.
        await _request(server.http, "POST", "/api/v1/users", token, json.dumps(DOCTOR).encode())
        signed = await _request(server.http, "POST", "/api/v1/auth/login", body=json.dumps({"login": "dr", "password": DOCTOR["password"]}).encode())
        doctor = str(json.loads(signed)["access_token"])
        listed = {each["id"]: each for each in json.loads(await _request(server.http, "GET", "/cds-services"))["services"]}
        bars = []
        for service, hook in (("order-safety", "order-sign"), ("patient-summary", "patient-view"), ("news2", "patient-view")):
            waits, cards = await _waits(server.http, doctor, service, _asked(hook, listed[service]["prefetch"]))
            detail = {"p50_ms": statistics.median(waits), "p95_ms": waits[int(0.95 * len(waits))], "max_ms": waits[-1], "cards": cards}
            bars.append(Bar(f"CDS Hooks {service} p95, warm, ms", detail["p95_ms"], AIM_MS, False, detail, "ms"))
    return bars


DOCTOR: Final = {"login": "dr", "name": "Bench Doctor", "password": "three unrelated stones", "roles": ["doctor"], "units": []}


async def _waits(http: int, token: str, service: str, asked: dict[str, Any]) -> tuple[list[float], int]:
    waits, cards = [], 0
    for number in range(WARM + CALLS):
        body = json.dumps(asked | {"hookInstance": f"{service}-{number}"}).encode()
        begun = time.perf_counter()
        answer = json.loads(await _request(http, "POST", f"/cds-services/{service}", token, body))
        waits.append((time.perf_counter() - begun) * 1000)
        cards = len(answer["cards"])
    return sorted(waits[WARM:]), cards


def _asked(hook: str, templates: dict[str, str]) -> dict[str, Any]:
    now = datetime.now(UTC)
    at = (now - timedelta(hours=1)).isoformat()
    observations = [_observation(code, value, unit, now - timedelta(hours=6 * turn, minutes=5)) for turn in range(6) for code, value, unit in VALUES]
    sent: dict[str, Any] = dict.fromkeys(templates)
    sent |= {
        "patient": {"resourceType": "Patient", "id": "p", "birthDate": "1950-01-01", "gender": "female"}, "observations": _bundle(observations),
        "medications": _bundle([_order(*drug, "active", at) for drug in DRUGS]),
    }  # fmt: skip
    drafts = _bundle([_order(*drug, "draft", at) for drug in DRAFTS])
    return {"hook": hook, "context": {"userId": "Practitioner/1", "patientId": "p", "draftOrders": drafts}, "prefetch": sent}


def _observation(code: str, value: float, unit: str, at: datetime) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"{code}-{at:%d%H}", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": "Patient/p"}, "effectiveDateTime": at.isoformat(), "valueQuantity": {"value": value, "code": unit},
    }  # fmt: skip


def _order(code: str, name: str, status: str, at: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest", "id": f"{status}-{code}", "status": status, "intent": "order", "authoredOn": at,
        "subject": {"reference": "Patient/p"}, "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": code}], "text": name},
    }  # fmt: skip


def _bundle(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]}
