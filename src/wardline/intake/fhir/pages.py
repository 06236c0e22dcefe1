"""A server's patients one after the other by search, page by page: for servers without bulk export, or with rules of their own.

Some answer a search for results only with a category, ten at a time, and none about everybody. So each patient is asked for by type;
where that is declined, by category; and what the answers point at (drugs, people, places) is fetched by its id, once.
"""

from collections.abc import AsyncIterator, Container, Iterable
from typing import Final
from urllib.parse import quote, urlencode

from wardline.formats.fhir.resources import ID, Resource, references_in
from wardline.intake.fhir.asking import Asking, Declined
from wardline.intake.fhir.parts import Part, Told, key_of

TYPES: Final = (
    "AllergyIntolerance", "CarePlan", "Condition", "DiagnosticReport", "DocumentReference", "Encounter", "Immunization", "MedicationAdministration",
    "MedicationRequest", "MedicationStatement", "Observation", "Procedure", "ServiceRequest",
)  # fmt: skip
"""What is asked of each patient, unless the site names types; of these, what the server says that it has."""
POINTED_AT: Final = frozenset({"Medication", "Practitioner", "PractitionerRole", "Organization", "Location"})
_TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
CATEGORIES: Final = {
    "Observation": [
        f"{_TERMINOLOGY}/observation-category|{code}"
        for code in ("vital-signs", "laboratory", "social-history", "survey", "imaging", "procedure", "exam", "therapy", "activity")
    ],
    "Condition": [f"{_TERMINOLOGY}/condition-category|{code}" for code in ("problem-list-item", "encounter-diagnosis")],
    "DiagnosticReport": [f"{_TERMINOLOGY}/v2-0074|{code}" for code in ("LAB", "RAD", "MB", "HM", "CH", "PAT")],
    "DocumentReference": ["http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category|clinical-note"],
}  # fmt: skip
"""HL7 code systems observation-category, condition-category, v2-0074; US Core for documents."""
DECLINING: Final = frozenset({"400", "403", "404", "422", "501"})
MOST_PAGES: Final = 10_000


class PagedSearch:
    """A `Source`. `patients`: ids there; without them everybody the server lists."""

    def __init__(
        self, asking: Asking, *, types: Iterable[str] = (), patients: Iterable[str] = (), since: str = "", count: int = 100,
        told: Told = lambda words: None,
    ) -> None:  # fmt: skip
        self.asking = asking
        self.name = asking.client.base
        self.types, self.patients = tuple(types), tuple(patients)
        self.since, self.count, self.until = since, count, ""
        self.failures: list[tuple[str, str]] = []
        self._told = told
        self._fetched: set[str] = set()

    async def parts(self, done: Container[str]) -> AsyncIterator[Part]:
        types, number = await self._types(), 0
        async for patient in self._everybody():
            number += 1
            key = key_of("Patient", str(patient.get("id", "")))
            if key not in done:
                self._told(f"patient {number}")
                yield Part(key, tuple(await self._record(patient, types)))

    async def _types(self) -> tuple[str, ...]:
        """Those that were named, else those of the usual ones that the server says it has."""
        if self.types:
            return tuple(type for type in self.types if type != "Patient")
        rest = (await self.asking.resource("metadata")).get("rest") or ()
        there = {str(each.get("type")) for part in rest if isinstance(part, dict) for each in part.get("resource") or () if isinstance(each, dict)}
        return tuple(type for type in TYPES if type in there)

    async def _everybody(self) -> AsyncIterator[Resource]:
        if self.patients:
            for id in self.patients:
                try:
                    yield await self.asking.resource(f"Patient/{quote(id, safe='')}")
                except Declined as declined:
                    self.failures.append(("Patient", str(declined)))
            return
        async for patient in self._pages(f"Patient?{urlencode({'_count': self.count})}"):
            if patient.get("resourceType") == "Patient":
                yield patient

    async def _record(self, patient: Resource, types: Iterable[str]) -> list[Resource]:
        found = {f"Patient/{patient.get('id')}": patient}
        for type in types:
            async for each in self._of(str(patient.get("id")), type):
                found.setdefault(f"{each.get('resourceType')}/{each.get('id')}", each)
        for reference in sorted({each for resource in found.values() for each in self._pointing_at(resource)} - found.keys() - self._fetched):
            self._fetched.add(reference)
            try:
                found[reference] = await self.asking.resource(reference)
            except Declined as declined:
                self.failures.append((reference.partition("/")[0], str(declined)))
        return list(found.values())

    async def _of(self, id: str, type: str) -> AsyncIterator[Resource]:
        """Of one type; where that is declined, category by category."""
        query = {"patient": id, "_count": str(self.count), **({"_lastUpdated": f"ge{self.since}"} if self.since else {})}
        try:
            async for each in self._pages(f"{type}?{urlencode(query)}"):
                yield each
            return
        except Declined as declined:
            if declined.code not in DECLINING or type not in CATEGORIES:
                self.failures.append((type, str(declined)))
                return
        for category in CATEGORIES[type]:
            try:
                async for each in self._pages(f"{type}?{urlencode({**query, 'category': category})}"):
                    yield each
            except Declined as declined:
                self.failures.append((type, f"{declined} (category {category.rpartition('|')[2]})"))

    async def _pages(self, path: str) -> AsyncIterator[Resource]:
        """Every entry of every page. What a server remarks beside them is no resource of a patient."""
        for _ in range(MOST_PAGES):
            bundle = await self.asking.resource(path)
            for entry in bundle.get("entry") or ():
                resource = entry.get("resource") if isinstance(entry, dict) else None
                if isinstance(resource, dict) and resource.get("resourceType") != "OperationOutcome":
                    yield resource
            links = [each for each in bundle.get("link") or () if isinstance(each, dict)]
            following = next((str(each.get("url")) for each in links if each.get("relation") == "next"), "")
            if not following:
                return
            path = following
        raise Declined(f"more than {MOST_PAGES} pages, which is no answer any more", code="pages")

    def _pointing_at(self, resource: Resource) -> Iterable[str]:
        for reference in references_in(resource):
            type, _, id = reference.removeprefix(f"{self.name}/").partition("/")
            if type in POINTED_AT and ID.fullmatch(id):
                yield f"{type}/{id}"
