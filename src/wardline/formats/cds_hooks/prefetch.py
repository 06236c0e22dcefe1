"""What an EHR should send along with its question: FHIR searches worked out from what the capabilities of a service need."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from wardline.core.capability import Capability, Need
from wardline.core.concepts.vitals import DIASTOLIC_PRESSURE, MEAN_PRESSURE, SYSTOLIC_PRESSURE

PATIENT: Final = "patient"
OBSERVATIONS: Final = "observations"
WHOSE: Final = "{{context.patientId}}"
NEWEST: Final = 200
"""How many observations are asked for, the newest first: enough for the trends of a stay."""
PANELS: Final = {SYSTOLIC_PRESSURE: "85354-9", DIASTOLIC_PRESSURE: "85354-9", MEAN_PRESSURE: "85354-9"}
"""Blood pressure is one Observation with components; its own codes name the parts (FHIR R4 vital signs profile)."""
_SEARCHES: Final = {
    "has": ("conditions", f"Condition?patient={WHOSE}"),
    "conditions": ("conditions", f"Condition?patient={WHOSE}"),
    "medications": ("medications", f"MedicationRequest?patient={WHOSE}&status=active,on-hold&_include=MedicationRequest:medication"),
    "doses": ("doses", f"MedicationAdministration?patient={WHOSE}&_sort=-effective-time&_count={NEWEST}"),
    "allergies": ("allergies", f"AllergyIntolerance?patient={WHOSE}"),
    "procedures": ("procedures", f"Procedure?patient={WHOSE}"),
    "vaccinations": ("vaccinations", f"Immunization?patient={WHOSE}"),
}


def templates_of(capabilities: Iterable[Capability]) -> dict[str, str]:
    """Prefetch templates by key. The patient comes first: age and sex decide for whom most answers hold."""
    found = {PATIENT: f"Patient/{WHOSE}"}
    loinc: dict[str, None] = {}
    for capability in capabilities:
        for _, need in capability.needs:
            loinc |= dict.fromkeys(_codes(need))
            if need.kind in _SEARCHES:
                key, search = _SEARCHES[need.kind]
                found[key] = search
            for type in need.types:
                found.setdefault(type.lower(), f"{type}?patient={WHOSE}" if type != "Patient" else f"Patient/{WHOSE}")
    if loinc:
        codes = ",".join(f"http://loinc.org|{code}" for code in sorted(loinc))
        found[OBSERVATIONS] = f"Observation?patient={WHOSE}&code={codes}&_sort=-date&_count={NEWEST}"
    return found


def essential(capabilities: Iterable[Capability]) -> frozenset[str]:
    """Keys without which none of them can be answered, so that asking would be in vain."""
    needed = [{key for key in templates_of([each]) if _is_required(each, key)} for each in capabilities]
    return frozenset(set.intersection(*needed)) if needed else frozenset()


def _is_required(capability: Capability, key: str) -> bool:
    if capability.additive:
        return False
    needs = [need for _, need in capability.needs if need.required and need.default is None]
    return any((key == OBSERVATIONS and _codes(need)) or key == _SEARCHES.get(need.kind, ("",))[0] for need in needs)


def _codes(need: Need) -> list[str]:
    return [code for concept in need.concepts for code in (*concept.loinc, *([PANELS[concept]] if concept in PANELS else []))]


def filled(template: str, context: Mapping[str, Any]) -> str:
    """The search with the context's values in it."""
    text = template
    for name, value in context.items():
        if isinstance(value, str):
            text = text.replace(f"{{{{context.{name}}}}}", value.removeprefix("Patient/") if name == "patientId" else value)
    return text
