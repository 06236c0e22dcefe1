"""Laboratory results of a request: by concept and in its unit, and what the laboratory capabilities of the house say about them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from wardline.api.services import Services
from wardline.core.assessment import Assessor
from wardline.core.concepts import BY_ID, Concept
from wardline.core.errors import Refused
from wardline.formats.assessment import ALWAYS, assess

LABORATORY: Final = frozenset({"laboratory", "kidney", "liver"})
ANSWERED: Final = ("finding", "at_least", "several")
_BY_LOINC: Final = {code: concept for concept in BY_ID.values() for code in concept.loinc}
_ALWAYS_ASKED: Final = ("age_years", "sex")


class LabResult(BaseModel):
    """One result. `test` is a concept of GET /api/v1/terminology or a LOINC code."""

    model_config = ConfigDict(extra="forbid")

    test: str = Field(examples=["sodium", "2951-2"])
    value: float
    unit: str = Field("", description="UCUM; left out: the unit the concept is kept in.", examples=["mmol/L"])


def values_of(results: Iterable[LabResult]) -> dict[str, float]:
    """By concept, in the concept's unit. Raises `Refused` for a test or unit there is not."""
    values = {}
    for result in results:
        concept: Concept | None = BY_ID.get(result.test) or _BY_LOINC.get(result.test)
        if concept is None or concept.is_coded:
            raise Refused(f"{result.test!r} is no measured concept here, by its id or LOINC code", where="lab_results")
        conversion = concept.conversion(result.unit or concept.unit)
        if conversion is None:
            raise Refused(f"{concept.id} cannot be in {result.unit!r}; it is kept in {concept.unit}", where="lab_results")
        values[concept.id] = conversion(result.value)
    return values


def interpretations(values: Mapping[str, Any], house: Services) -> list[dict[str, Any]]:
    """Every laboratory capability that these results answer."""
    found = []
    for assessor in house.engine.assessments.askable.values():
        capability = assessor.capability
        if capability.group not in LABORATORY:
            continue
        question = _question(assessor, values)
        answer = assess(capability, question) if set(question) - set(_ALWAYS_ASKED) else {"outcome": "unknown"}
        if answer["outcome"] in ANSWERED:
            found.append({"capability": capability.id, "title": capability.title, "standing": capability.standing, "answer": answer})
    return found


def _question(assessor: Assessor, values: Mapping[str, Any]) -> dict[str, Any]:
    """The results as inputs of one capability: by the concept each input reads, not by its name."""
    question: dict[str, Any] = {name: values[name] for name in ALWAYS if name in values}
    for name, need in assessor.capability.needs:
        there = [concept.id for concept in need.concepts if concept.id in values]
        if need.kind == "latest" and there and not need.concepts[0].is_coded and there[0] == need.concepts[0].id:
            question[name] = values[there[0]]
        elif need.kind == "readings" and there:
            question[name] = {id: values[id] for id in there}
        elif need.kind == "age" and "age_years" in values:
            question[name] = values["age_years"]
        elif need.kind == "sex" and "sex" in values:
            question[name] = values["sex"]
    return question
