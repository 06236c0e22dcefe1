"""The FHIR door over real sockets: durable transactions and reads a second, beside only decoding the same JSON, and beside fhir.resources."""

import asyncio
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from bench.results import Bar, paired_ratio, percentile
from bench.screens import _request, _signed_in
from bench.servers import Served, wardline

SECONDS = 5
WRITERS = 64
READERS = 16
UNLIMITED = '{"requests_per_minute": 10000000, "patients_per_hour": 10000000}'
"""One client asks as many as a whole hospital would."""


def run() -> list[Bar]:
    rates = asyncio.run(_rates())
    body = _transaction("p", 0)
    resource = json.dumps(_observation("p", 0)).encode()
    ratio, models, plain = paired_ratio(_models(resource), lambda: msgspec.json.encode(msgspec.json.decode(resource)), (20, 2_000), repeats=9)
    detail = {**rates, "bytes": len(body), "json_only_per_second": 1 / plain, "fhir_resources_per_second": 1 / models, "times_slower": ratio}
    waits = _disk()
    return [
        Bar(
            "one fsync of this disk p50, ms: under every durable answer there are two",
            percentile(waits, 0.5),
            unit="ms",
            detail={"fsync_p99_ms": percentile(waits, 0.99)},
        ),
        Bar("durable FHIR transactions of one resource a second, over HTTP", rates["transactions_per_second"], 3_000, True, detail, "/s"),
        Bar("durable FHIR transactions of twenty resources: resources a second", rates["resources_per_second"], unit="/s", detail=rates),
        Bar("processor time of one transaction of one resource, microseconds", rates["transaction_cpu_us"], unit="us", detail=rates),
        Bar("processor time of one read, microseconds", rates["read_cpu_us"], unit="us", detail=rates),
        Bar("FHIR read p99 among 16 readers, ms", rates["read_p99_ms"], 5, False, rates, "ms"),
        Bar("FHIR read p99 of one reader, ms", rates["lone_read_p99_ms"], 5, False, rates, "ms"),
        Bar("FHIR read, against the patient's page under the same sign-in and audit trail (p50)", _ratio(rates), 1.2, False, rates),
        Bar("FHIR search by patient and code p99 of one reader, ms", rates["search_p99_ms"], unit="ms", detail=rates),
        Bar("fhir.resources against decoding and encoding the same JSON alone, times slower", ratio, detail=detail),
    ]


def _ratio(rates: dict[str, float]) -> float:
    """Both wait for the disk that holds the audit trail, so this says what is the door's own."""
    return rates["lone_read_p50_ms"] / rates["patient_page_p50_ms"]


def _disk() -> list[float]:
    """Milliseconds of each fsync after 4 kB: what no durable answer can be faster than."""
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(300):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def _cpu(server: Served) -> float:
    """Seconds of processor time that the clinical process has used (proc(5): utime and stime), which a busy machine changes less than rates."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _models(resource: bytes) -> Any:
    from fhir.resources.R4B.observation import Observation

    return lambda: Observation.model_validate_json(resource).model_dump_json()


async def _rates() -> dict[str, float]:
    with wardline(WARDLINE_EDGE=UNLIMITED) as server:
        token = await _signed_in(server.http, server.setup)
        made = json.loads(await _request(server.http, "POST", "/fhir/Patient", token, json.dumps({"resourceType": "Patient"}).encode()))
        patient = made["id"]
        first = json.loads(await _request(server.http, "POST", "/fhir/Observation", token, json.dumps(_observation(patient, 0)).encode()))
        before = _cpu(server)
        writes = await _asked(server.http, token, WRITERS, "POST", "/fhir", lambda number: _transaction(patient, number))
        writing = (_cpu(server) - before) / len(writes)
        many = await _asked(server.http, token, 8, "POST", "/fhir", lambda number: _transaction(patient, number, 20))
        before = _cpu(server)
        reads = await _asked(server.http, token, READERS, "GET", f"/fhir/Observation/{first['id']}", lambda number: b"")
        reading = (_cpu(server) - before) / len(reads)
        lone = await _asked(server.http, token, 1, "GET", f"/fhir/Observation/{first['id']}", lambda number: b"")
        beside = await _asked(server.http, token, 1, "GET", f"/api/v1/patients/{patient}", lambda number: b"")
        path = f"/fhir/Observation?patient={patient}&code=2823-3&_count=10&_total=none"
        other = json.loads(await _request(server.http, "POST", "/fhir/Patient", token, json.dumps({"resourceType": "Patient"}).encode()))
        for number in range(20):
            await _request(server.http, "POST", "/fhir/Observation", token, json.dumps(_observation(other["id"], number)).encode())
        search = await _asked(server.http, token, 1, "GET", path.replace(patient, other["id"]), lambda number: b"")
    return {
        "transactions_per_second": len(writes) / SECONDS, "transaction_cpu_us": writing * 1e6, "read_cpu_us": reading * 1e6,
        "transaction_p50_ms": percentile(writes, 0.5), "transaction_p99_ms": percentile(writes, 0.99),
        "resources_per_second": 20 * len(many) / SECONDS, "reads_per_second": len(reads) / SECONDS, "read_p99_ms": percentile(reads, 0.99),
        "lone_read_p50_ms": percentile(lone, 0.5),
        "patient_page_p50_ms": percentile(beside, 0.5),
        "lone_read_p99_ms": percentile(lone, 0.99),
        "search_p50_ms": percentile(search, 0.5),
        "search_p99_ms": percentile(search, 0.99),
    }  # fmt: skip


async def _asked(port: int, token: str, connections: int, method: str, path: str, body: Any) -> list[float]:
    """Milliseconds of each answer, from so many connections that each ask again as soon as they were answered."""
    taken: list[float] = []
    until, numbers = time.perf_counter() + SECONDS, iter(range(10**9))

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            content = body(next(numbers))
            words = (
                f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", "Content-Type: application/fhir+json",
                f"Content-Length: {len(content)}",
            )  # fmt: skip
            began = time.perf_counter()
            writer.write("\r\n".join(words).encode() + b"\r\n\r\n" + content)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head[:200]
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            taken.append((time.perf_counter() - began) * 1000)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(connections)))
    return taken


def _observation(patient: str, number: int) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "status": "final", "subject": {"reference": f"Patient/{patient}"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "effectiveDateTime": f"2020-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        "valueQuantity": {"value": 4.1, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    }  # fmt: skip


def _transaction(patient: str, number: int, entries: int = 1) -> bytes:
    listed = [
        {"resource": _observation(patient, number * entries + place), "request": {"method": "POST", "url": "Observation"}} for place in range(entries)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": listed}).encode()
