"""A question as JSON and its answer as JSON: what `wardline assess`, the API's assess door and the reference cases all read and write.

    {"respiratory_rate": 22, "temperature": 38.3}  ->  {"outcome": "at_least", "value": 3, "missing": [...], ...}

Null and absent mean missing. A key that is no input, a value of the wrong type and a value outside plausible limits are
refused: a typing error must not look like a missing input.
"""

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, get_args, get_origin

from wardline.core.assessment import Gathered, answer, population_of
from wardline.core.capability import About, Capability, Need, Reading
from wardline.core.concepts import BY_ID, Concept
from wardline.core.errors import Refused
from wardline.core.events import Found
from wardline.core.findings import AtLeast, Draft, Evidence, Finding, NotValid, Outcome, Unknown
from wardline.core.ports import Models
from wardline.core.quantities import COMPARATORS
from wardline.formats.course import resources, stated, time_of
from wardline.formats.models import brought, model, models
from wardline.formats.volumes import drawing, result, stacks, volume

ALWAYS: Final = ("age_years", "pregnant", "as_of")
_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)


def assess(capability: Capability, question: Any, models: Models | None = None) -> dict[str, Any]:
    """One question, one answer. Bad input is answered too: `{"outcome": "refused", "reason": ...}`.

    `models` are those of the house, for a capability that needs one and a question that describes none.
    """
    try:
        return _assess(capability, question, models)
    except Refused as refused:
        return {"outcome": "refused", "reason": str(refused)}


def _assess(capability: Capability, question: Any, models: Models | None) -> dict[str, Any]:
    need_known(capability, question)
    refusal, population = population_of(capability, *person_said(question))
    if refusal is not None:
        return answer_json((refusal,), population)
    return answer_json(answer(capability, gathered(capability, question, models)), population)


def person_said(question: Mapping[str, Any]) -> tuple[int | None, bool | None]:
    """Age and pregnancy, where the question says them. Raises `Refused`."""
    return _age(question.get("age_years")), _flag("pregnant", question.get("pregnant"))


def need_known(capability: Capability, question: Any) -> None:
    """Raise `Refused` for a question that is none, or says what this capability does not ask."""
    if not isinstance(question, Mapping):
        raise Refused("one JSON object of inputs is expected")
    known = {*(name for name, _ in capability.needs), *ALWAYS}
    unknown = sorted(str(key) for key in question if key not in known)
    if unknown:
        raise Refused(f"{unknown[0]!r} is not an input of {capability.id}; its inputs are {', '.join(name for name, _ in capability.needs)}")


def completed(capability: Capability, from_chart: Gathered, question: Mapping[str, Any]) -> Gathered:
    """What the record gave, with what somebody says on top of it: theirs goes before the record's. Raises `Refused`."""
    said = gathered(capability, question)
    values = {name: said.values[name] if question.get(name) is not None else value for name, value in from_chart.values.items()}
    missing = tuple(name for name in from_chart.missing if question.get(name) is None or values[name] is None)
    events = {name: event for name, event in from_chart.events.items() if question.get(name) is None}
    return Gathered(values, events, missing, from_chart.valid_until)


def gathered(capability: Capability, question: Mapping[str, Any], house: Models | None = None) -> Gathered:
    """The inputs of a question, checked. Raises `Refused`."""
    values: dict[str, Any] = {}
    missing: list[str] = []
    types = dict(capability.types)
    for name, need in capability.needs:
        given = question.get(name)
        value = _value(name, need, types[name], given, capability.about) if given is not None else brought(need, house)
        if value is None:
            value = need.default
            if value is None and need.required:
                missing.append(name)
        values[name] = value
    return Gathered(values, {}, tuple(missing), None)


# --- the answer ---------------------------------------------------------------------------------------------------------------


def answer_json(outcomes: tuple[Outcome, ...], population: str = "") -> dict[str, Any]:
    """One outcome as it is, several as `{"outcome": "several", "answers": [...]}`."""
    if not outcomes:
        return {"outcome": "unknown", "reason": "nothing was given that this question is about"}
    if len(outcomes) == 1:
        return outcome_json(outcomes[0], population)
    return {"outcome": "several", "answers": [outcome_json(outcome, population) for outcome in outcomes]}


def outcome_json(outcome: Outcome, population: str = "") -> dict[str, Any]:
    match outcome:
        case Finding():
            answered = {"outcome": "finding", **_finding(outcome), "summary": outcome.summary}
        case AtLeast(finding, missing, at_most):
            answered = {
                "outcome": "at_least",
                **_finding(finding),
                "summary": outcome.summary,
                "missing": list(missing),
                "at_most": at_most,
            }
        case Unknown(missing, reason, key):
            answered = {"outcome": "unknown", "key": key, "missing": list(missing), "reason": reason}
        case NotValid(reason, key):
            answered = {"outcome": "not_valid", "key": key, "reason": reason}
        case Draft(text, because, key):
            answered = {"outcome": "draft", "key": key, "summary": text, "because": [_line(line) for line in because]}
    if population:
        answered["population"] = population
    return {key: value for key, value in answered.items() if value not in (None, "", [])}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key, "value": finding.value, "unit": finding.unit, "severity": finding.severity.word,
        "because": [_line(line) for line in finding.because],
        "suggestions": [
            {"text": item.text, **({"within_minutes": item.within.total_seconds() / 60} if item.within else {})} for item in finding.suggestions
        ],
    }  # fmt: skip


def _line(line: Evidence) -> dict[str, Any]:
    shown = {"input": line.input, "value": line.value, "points": line.points, "band": line.band}
    return {key: value for key, value in shown.items() if value is not None and value != ""}


# --- the question -------------------------------------------------------------------------------------------------------------


def _value(name: str, need: Need, type_: Any, given: Any, about: About) -> Any:
    match need.kind:
        case "latest":
            return _latest(name, need, type_, given)
        case "series":
            plain = tuple(reading for reading in _readings(name, need.concepts[0], given) if not reading.comparator)
            return plain if plain and len(plain) >= need.at_least else None
        case "readings":
            return _by_concept(name, need, given)
        case "age":
            return _age(given)
        case "born":
            return _birth_date(name, given)
        case "sex":
            if given not in ("F", "M"):
                raise Refused(f'{name} is "F" or "M"')
            return given
        case "site":
            return need.convert(given) if need.convert is not None else given
        case "given":
            return _given(name, type_, given)
        case "finding":
            return _answered(name, need, given) if about != "study" else result(name, need.name, given)
        case "earlier":
            return result(name, need.name, given)
        case "volume":
            return volume(name, given, need.modalities[0] if need.modalities else "")
        case "stacks":
            return stacks(name, given)
        case "drawn":
            return drawing(name, given)
        case "model":
            return model(name, need.name, given)
        case "models":
            return models(name, given)
        case "has":
            return _flag(name, given)
        case "moment":
            return time_of(name, given)
        case "resources":
            return resources(name, need.types, given)
        case _:
            return stated(name, need.kind, given)


def _latest(name: str, need: Need, type_: Any, given: Any) -> Any:
    concept = need.concepts[0]
    if type_ is bool:
        return _flag(name, given)
    if concept.is_coded:
        return _coded(name, need, concept, given)
    value = _number(name, concept, given)
    return need.convert(value, concept) if need.convert is not None else value


def _given(name: str, type_: Any, given: Any) -> Any:
    options = choices(type_)
    if options:
        return _one_of(name, options, given)
    if type_ is bool:
        return _flag(name, given)
    return _number(name, None, given) if type_ is float else given


def choices(type_: Any) -> tuple[Any, ...]:
    """What an input that names its answers (`Literal["none", "moderate"]`) may be; nothing for any other."""
    return get_args(type_) if get_origin(type_) is Literal else ()


def _one_of(name: str, options: tuple[Any, ...], given: Any) -> Any:
    """A judgement with named answers; 2 and "2" mean the same."""
    for option in options:
        if not isinstance(given, bool) and given in (option, str(option)):
            return option
    raise Refused(f"{name} is one of {', '.join(str(option) for option in options)}")


def _answered(name: str, need: Need, given: Any) -> Found | None:
    """Another capability's answer: as `assess` gives it, or its bare value. One that knows nothing is missing."""
    told = given if isinstance(given, Mapping) else {"outcome": "finding", "value": given}
    value, outcome = told.get("value"), told.get("outcome", "finding")
    if outcome in ("unknown", "not_valid"):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str) or outcome not in ("finding", "at_least"):
        raise Refused(f'{name} is the answer of {need.name}, such as {{"outcome": "finding", "value": 1}}, or its value alone')
    return Found(need.name, "", "", str(outcome), value=value)


def _coded(name: str, need: Need, concept: Concept, given: Any) -> Any:
    """A coded answer in the concept's own terms, or as the function receives it: "2", 2 and "scale 2" mean the same."""
    meanings = list(dict.fromkeys(meaning for _, meaning in concept.codes))
    allowed = {meaning: need.convert(meaning, concept) if need.convert is not None else meaning for meaning in meanings}
    if not isinstance(given, bool):
        for meaning, value in allowed.items():
            if given in (value, meaning) or (isinstance(given, str) and concept.meaning(given) == meaning):
                return value
    raise Refused(f"{name} is one of {', '.join(str(value) for value in allowed.values())}")


def _number(name: str, concept: Concept | None, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise Refused(f"{name} must be a number")
    if concept is not None and not concept.is_plausible(given):
        low, high = concept.plausible or (0, 0)
        raise Refused(f"{name} {given:g} {concept.unit} is implausible; expected {low:g} to {high:g}")
    return float(given)


def _readings(name: str, concept: Concept, given: Any) -> tuple[Reading, ...]:
    """A list of `{"at": TIME, "value": NUMBER}`; "hours" (on any scale) instead of "at" for made-up examples; a number alone is one reading."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        given = [{"hours": 0, "value": given}]
    if not isinstance(given, list):
        raise Refused(f'{name} is a list of {{"at": "2026-11-21T04:00:00Z", "value": 1.2}}')
    return tuple(sorted((_reading(name, concept, each) for each in given), key=lambda reading: reading.at))


def _reading(name: str, concept: Concept, given: Any) -> Reading:
    if not isinstance(given, Mapping) or "value" not in given or not ({"at", "hours"} & set(given)):
        raise Refused(f'each entry of {name} has "value" and either "at" (a time) or "hours"')
    if "hours" in given:
        at = _SOME_DAY + timedelta(hours=_number(f"{name}.hours", None, given["hours"]))
    else:
        at = time_of(f"{name}.at", given["at"])
    comparator, value = _bounded(name, given["value"])
    return Reading(at, _number(name, concept, value), comparator)


def _by_concept(name: str, need: Need, given: Any) -> dict[str, tuple[Reading, ...]]:
    """{"potassium": 7.1} or {"potassium": [{"at": ..., "value": ...}, ...]}"""
    if not isinstance(given, Mapping):
        raise Refused(f'{name} is an object such as {{"potassium": 7.1}}')
    allowed = {concept.id for concept in need.concepts}
    found: dict[str, tuple[Reading, ...]] = {}
    for key, value in given.items():
        if key not in allowed:
            raise Refused(f"{key!r} is not read by {name}; it reads {', '.join(sorted(allowed))}")
        if value is None:
            continue
        concept = BY_ID[key]
        if isinstance(value, list):
            found[key] = _readings(key, concept, value)[-need.last :]
        else:
            comparator, number = _bounded(key, value)
            found[key] = (Reading(_SOME_DAY, _number(key, concept, number), comparator),)
    return found


def _bounded(name: str, given: Any) -> tuple[str, Any]:
    """ "<0.02" as a comparator and a number; a plain number as it is."""
    if isinstance(given, str):
        for comparator in COMPARATORS:
            if given.startswith(comparator):
                try:
                    return comparator, float(given[len(comparator) :])
                except ValueError:
                    break
        raise Refused(f"{name} must be a number")
    return "", given


def _birth_date(name: str, given: Any) -> date:
    try:
        return given if type(given) is date else date.fromisoformat(given)
    except (TypeError, ValueError):
        raise Refused(f"{name} is a day such as 2024-11-21") from None


def _flag(name: str, given: Any) -> bool | None:
    if given is None or isinstance(given, bool):
        return given
    raise Refused(f"{name} is true or false")


def _age(given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 130:
        raise Refused("age_years is a number from 0 to 130")
    return int(given)
