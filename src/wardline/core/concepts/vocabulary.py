"""Finding a concept by its id, its LOINC code, a device's reference identifier, or a local name."""

import difflib
from typing import Final

from wardline.core.concepts import (
    chemistry,
    coagulation,
    drug_levels,
    ecg,
    examinations,
    fluids,
    gas,
    haematology,
    metabolic,
    nursing,
    oxygen,
    special,
    urine,
    vitals,
)
from wardline.core.concepts.concept import Concept

ALL: Final[tuple[Concept, ...]] = (
    vitals.VITAL_SIGNS
    + oxygen.OXYGEN_GIVEN
    + gas.BLOOD_GAS
    + chemistry.CHEMISTRY
    + haematology.HAEMATOLOGY
    + coagulation.COAGULATION
    + fluids.FLUIDS
    + special.SPECIAL
    + drug_levels.DRUG_LEVELS
    + examinations.EXAMINATIONS
    + urine.URINE
    + ecg.ECG
    + metabolic.METABOLIC
    + nursing.NURSING
)
BY_ID: Final[dict[str, Concept]] = {concept.id: concept for concept in ALL}
BY_LOINC: Final[dict[str, Concept]] = {code: concept for concept in ALL for code in concept.loinc}
BY_MDC: Final[dict[str, Concept]] = {code: concept for concept in ALL for code in concept.mdc}
BY_SNOMED: Final[dict[str, Concept]] = {vitals.ACVPU_SNOMED: vitals.CONSCIOUSNESS}

_BY_ALIAS: Final[dict[str, Concept]] = {
    alias: concept for concept in ALL for alias in (*concept.aliases, concept.name.lower(), concept.id.replace("_", " "))
}
_WHERE_MEASURED: Final = frozenset({"bedside", "blood", "plasma", "serum"})
"""Words of a local name that leave its meaning as it is. Urine, for one, does not."""


def suggestion_for(local_name: str) -> Concept | None:
    """The concept a local code or text most likely means, for an administrator to confirm; never applied by itself."""
    words = local_name.strip().lower().replace("_", " ").split()
    folded = " ".join(word for word in words if word.strip(",()") not in _WHERE_MEASURED).strip(",") or " ".join(words)
    if folded in _BY_ALIAS:
        return _BY_ALIAS[folded]
    close = difflib.get_close_matches(folded, _BY_ALIAS, n=1, cutoff=0.85)
    return _BY_ALIAS[close[0]] if close else None


def local_code(code: str) -> str:
    """What identifies a sender's own code in an OBX-3: identifier and coding system. The words between them may vary."""
    identifier, _, named = code.partition("^")
    system = named.partition("^")[2].partition("^")[0]
    return f"{identifier}^{system}" if system else identifier


def search(text: str, limit: int = 20) -> list[Concept]:
    """Concepts by code, name or local name: what is meant exactly first, then what begins so, what contains it, what is spelt nearly so."""
    wanted = text.strip().lower().replace("_", " ")
    if not wanted:
        return []
    exact = [concept for concept in (BY_LOINC.get(text.strip()), BY_MDC.get(text.strip()), BY_SNOMED.get(text.strip())) if concept is not None]
    named = sorted(_BY_ALIAS, key=lambda alias: (alias != wanted, not alias.startswith(wanted), len(alias), alias))
    near = difflib.get_close_matches(wanted, _BY_ALIAS, n=limit, cutoff=0.8)
    found = (*exact, *(_BY_ALIAS[alias] for alias in named if wanted in alias), *(_BY_ALIAS[alias] for alias in near))
    return list(dict.fromkeys(found))[:limit]
