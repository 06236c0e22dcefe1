"""`wardline evaluate fhir`: everything in the Synthea bundles and the US Core examples through the FHIR door and back, held equal."""

import asyncio
import bz2
import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from wardline.api.fhir.changing import made_to_happen
from wardline.api.services import Services
from wardline.app.bootstrap import open_wardline
from wardline.app.serving import Running
from wardline.app.settings import Settings
from wardline.core.errors import WardlineError
from wardline.core.people import Person
from wardline.formats.fhir.bundles import Request, requests_of
from wardline.formats.fhir.resources import Resource, patient_of, read, rewritten, written

PERSON = Person("evaluation", "Evaluation", frozenset({"doctor"}))
SYNTHEA, US_CORE = Path("clinical/synthea_r4"), Path("clinical/us_core/us_core_examples_dev.tar.gz")


class Outcome(NamedTuple):
    """What became of one data set."""

    name: str
    sent: int
    equal: int
    different: int
    refused: Counter[str]
    seconds: float


def run(reference: Path, out: Path) -> str:
    """Write the page and say what came out."""
    with tempfile.TemporaryDirectory() as folder:
        outcomes = asyncio.run(_measured(reference, Path(folder)))
    (out / "fhir.md").write_text(_page(outcomes), encoding="utf-8")
    return "; ".join(f"{each.name}: {each.equal} of {each.sent} resources read back equal, {sum(each.refused.values())} refused" for each in outcomes)


async def _measured(reference: Path, folder: Path) -> list[Outcome]:
    wardline = open_wardline(Settings(data=folder / "data", second_factor=()))
    services = Running(wardline).services
    wardline.engine.start()
    try:
        return [await synthea(bundles(reference / SYNTHEA), services), await us_core(reference / US_CORE, services)]
    finally:
        wardline.close()


def bundles(folder: Path) -> list[Path]:
    """Places and people first, because patients refer to them."""
    return sorted(folder.glob("*.json.bz2"), key=lambda file: ("Information" not in file.name, file.name))


async def synthea(files: list[Path], services: Services) -> Outcome:
    """Bundles as they are, each in one step."""
    sent, equal, different, refused, seconds = 0, 0, 0, Counter[str](), 0.0
    for file in files:
        requests = requests_of(read(bz2.decompress(file.read_bytes())))
        sent += len(requests)
        began = perf_counter()
        places = await _told(requests, services, refused)
        seconds += perf_counter() - began
        names = {each.full_url: places[each.place] for each in requests if each.full_url and each.place in places}
        for each in requests:
            if each.place in places:
                is_equal = _is_equal(each.resource, places[each.place], names, services)
                equal, different = equal + is_equal, different + (not is_equal)
    return Outcome("Synthea", sent, equal, different, refused, seconds)


async def _told(requests: list[Request], services: Services, refused: Counter[str]) -> dict[int, str]:
    try:
        done = await made_to_happen(PERSON, services, requests)
    except WardlineError as error:
        refused[str(error)] += len(requests)
        return {}
    return {each.place: f"{each.type}/{each.id}" for each in done}


async def us_core(archive: Path, services: Services) -> Outcome:
    """Examples one by one under their own ids, patients first; those that are referred to and not in the set are made with their id alone."""
    examples = list(_examples(archive))
    there = {each["id"] for each in examples if each["resourceType"] == "Patient"}
    for id in sorted({patient_of(each) for each in examples} - there - {""}):
        await made_to_happen(PERSON, services, [Request(0, "PUT", "Patient", id, {"resourceType": "Patient", "id": id})])
    resources = sorted(examples, key=lambda each: each["resourceType"] != "Patient")
    equal, different, refused = 0, 0, Counter[str]()
    began = perf_counter()
    for resource in resources:
        request = Request(0, "PUT", resource["resourceType"], resource["id"], resource)
        try:
            await made_to_happen(PERSON, services, [request])
        except WardlineError as error:
            refused[f"{resource['resourceType']}: {error}"] += 1
            continue
        is_equal = _is_equal(resource, f"{resource['resourceType']}/{resource['id']}", {}, services)
        equal, different = equal + is_equal, different + (not is_equal)
    return Outcome("US Core", len(resources), equal, different, refused, perf_counter() - began)


def _examples(archive: Path) -> Iterator[Resource]:
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            content = files.extractfile(member) if member.isfile() and member.name.endswith(".json") else None
            if content is not None and "resourceType" in (resource := json.loads(content.read())) and "id" in resource:
                yield read(written(resource))


def _is_equal(sent: Any, place: str, names: dict[str, str], services: Services) -> bool:
    """The same but for id, version and time, and references as they were rewritten."""
    type, _, id = place.partition("/")
    register = services.fhir.register
    stored = register.search.get(type, id)
    if stored is None:
        return False
    kept = read(register.kept(stored.event).body.encode())
    given = rewritten(sent, lambda name, text: names.get(text, text))
    return _bare(kept) == _bare(_as_resolved(given, kept))


def _as_resolved(given: Any, kept: Any) -> Any:
    """Conditional references ("Practitioner?identifier=...") count as equal to what they were resolved to."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return {
            name: kept.get(name) if name == "reference" and isinstance(value, str) and "?" in value and isinstance(kept.get(name), str)
            else _as_resolved(value, kept.get(name))
            for name, value in given.items()
        }  # fmt: skip
    if isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        return [_as_resolved(one, other) for one, other in zip(given, kept, strict=True)]
    return given


def _bare(resource: Resource) -> Resource:
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in ("versionId", "lastUpdated")}
    return {name: value for name, value in resource.items() if name not in ("id", "meta")} | ({"meta": meta} if meta else {})


def _page(outcomes: list[Outcome]) -> str:
    rows = [
        f"| {each.name} | {each.sent:,} | {each.equal:,} | {each.different:,} | {sum(each.refused.values()):,} | {each.sent / each.seconds:,.0f} |"
        for each in outcomes
    ]
    refused = [f"- {each.name}, {count:,}: {words}" for each in outcomes for words, count in each.refused.most_common(20)]
    return f"""# FHIR resources in and out

Made by `wardline evaluate fhir` on {datetime.now(UTC).date()}. Every resource of the data sets is written through the FHIR door (Synthea's
bundles as they are, the US Core examples one by one) and read back. Equal means: every element and every digit, but for the id, the
version and its time, which this server gives, and references inside a bundle, which get the ids that were given. Patients that the US
Core examples refer to and do not hold are made beforehand, with nothing but their id.

| data set | resources sent | read back equal | read back different | refused | resources a second |
|---|---|---|---|---|---|
{chr(10).join(rows)}

## Refused, and why

{chr(10).join(refused) or "None."}
"""
