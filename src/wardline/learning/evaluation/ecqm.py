"""Quality measures against the test patients of CMS: does each population come out as their authors expect?

A case is one made-up patient with the counts her record must give. Which cases' codes were looked at while the stand-in value sets were
written is decided by a hash of the case's name, so that the others say how the measure does on codes nobody looked at.
"""

import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from wardline.core.assessment import answer
from wardline.core.capability import Capability
from wardline.core.findings import Finding, Unknown
from wardline.formats.assessment import gathered
from wardline.learning.evaluation.ecqm_value_sets import STAND_INS

FOLDER: Final = "clinical/ecqm_qicore_2024"
MEASURES: Final = {
    "safe_use_of_opioids": "CMS506FHIRSafeUseofOpioids",
    "hospital_wide_readmission": "CMSFHIR529HybridHospitalWideReadmission",
    "severe_hypoglycaemia": "CMS816HHHypoFHIR",
    "opioid_adverse_events": "CMS819HHORAEFHIR",
    "cesarean_birth": "CMS334FHIRPCCesareanBirth",
    "ct_dose_inpatient": "CMS1074AlaraCTIQRFHIR",
    "ct_dose_outpatient": "CMS1206ALARACTOQRFHIR",
}
"""Capability -> archive of its test cases."""


class Case(NamedTuple):
    """A test patient: her resources, the period, and the expected count of each population."""

    measure: str
    id: str
    resources: list[Any]
    period: str
    expected: Mapping[str, int]
    about: str

    @property
    def was_looked_at(self) -> bool:
        return int(hashlib.sha256(f"{self.measure}/{self.id}".encode()).hexdigest(), 16) % 2 == 0

    @property
    def codes(self) -> frozenset[tuple[str, str]]:
        return frozenset(_codes(self.resources))


class Compared(NamedTuple):
    """What came out for a case."""

    case: Case
    got: Mapping[str, int]
    has_new_codes: bool
    """Whether its record carries a code that no case that was looked at carries."""

    @property
    def agrees(self) -> bool:
        return all(self.got.get(population, 0) == count for population, count in self.case.expected.items())

    @property
    def difference(self) -> str:
        return ", ".join(
            f"{population} {self.got.get(population, 0)}, expected {count}"
            for population, count in self.case.expected.items()
            if self.got.get(population, 0) != count
        )


def cases_of(reference: Path, measure: str) -> list[Case]:
    """Every case of a measure, by name."""
    grouped: dict[str, list[Any]] = {}
    with tarfile.open(reference / FOLDER / f"{measure}.tar.gz") as archive:
        for member in archive.getmembers():
            parts = Path(member.name).parts
            content = archive.extractfile(member) if member.isfile() and member.name.endswith(".json") else None
            if content is not None and len(parts) == 3:
                grouped.setdefault(parts[1], []).append(json.load(content))
    return [_case(measure, id, listed) for id, listed in sorted(grouped.items())]


def _case(measure: str, id: str, listed: list[Any]) -> Case:
    report = next(each for each in listed if each["resourceType"] == "MeasureReport")
    expected: dict[str, int] = {}
    for group in report.get("group", ()):
        for population in group.get("population", ()):
            expected[population["code"]["coding"][0]["code"]] = int(population.get("count", 0))
    about = next((each.get("valueMarkdown", "") for each in report.get("extension", ()) if "testCaseDescription" in each.get("url", "")), "")
    period = f"{report['period']['start'][:10]}/{report['period']['end'][:10]}"
    return Case(measure, id, [each for each in listed if each is not report], period, expected, about)


def compared(capability: Capability, cases: list[Case]) -> list[Compared]:
    seen = frozenset(code for case in cases if case.was_looked_at for code in case.codes)
    return [Compared(case, _counts(capability, case), not case.was_looked_at and bool(case.codes - seen)) for case in cases]


def _counts(capability: Capability, case: Case) -> dict[str, int]:
    """Members of each population; a case that cannot be answered has none, which is what an empty report says."""
    question: dict[str, Any] = {"period": case.period, "resources": case.resources}
    if any(name == "value_sets" for name, _ in capability.needs):
        question["value_sets"] = STAND_INS
    outcomes = answer(capability, gathered(capability, question))
    counts: dict[str, int] = {}
    for each in outcomes:
        match each:
            case Finding():
                counts[each.key] = int(each.value or 0)
            case Unknown(reason=reason) if reason:
                raise ValueError(f"{capability.id}: {reason}")
    return counts


def _codes(part: Any) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        if isinstance(part.get("code"), str) and isinstance(part.get("system"), str):
            yield part["system"], part["code"]
        for key, value in part.items():
            if key not in ("meta", "text"):
                yield from _codes(value)
    elif isinstance(part, list):
        for value in part:
            yield from _codes(value)
