"""A site's own presentations, as it writes them or as `wardline knowledge learn` counts them from its cases.

presentations:
  chest_pain:
    title: Chest pain
    weight: 0.7
    conditions:
      embolism: {name: Pulmonary embolism, code: I26.9, share: 0.02, urgency: emergency}
    questions:
      - id: d_dimer
        ask: D-dimer of 500 ng/mL or more
        kind: test
        elsewhere: [0.6, 0.4]
        figures: {embolism: {chances: [0.95, 0.05], source: our laboratory 2025}}
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from wardline.core.errors import Refused
from wardline.science.diagnosis.presentations import OTHER, YES_NO, Condition, Figure, Kind, Presentation, Question, Urgency

_URGENCIES: Final[dict[str, Urgency]] = {each: each for each in get_args(Urgency)}
_KINDS: Final[dict[str, Kind]] = {each: each for each in get_args(Kind)}
_LEAST_REST: Final = 0.001


def presentations_of(content: Any) -> tuple[Presentation, ...]:
    """Read the table. Raises `Refused`, naming the place."""
    listed = _mapping(content, "presentations").get("presentations")
    return tuple(_presentation(str(id), said) for id, said in _mapping(listed, "presentations").items())


def written(presentations: Sequence[Presentation]) -> dict[str, Any]:
    """The same the other way: plain values to be kept as YAML."""
    return {"presentations": {each.id: _plain(each) for each in presentations}}


def _presentation(id: str, said: Any) -> Presentation:
    fields = _mapping(said, id)
    conditions = tuple(_condition(str(name), each, id) for name, each in _mapping(fields.get("conditions"), f"{id}.conditions").items())
    shares = sum(condition.share for condition in conditions)
    if shares > 1 - _LEAST_REST:
        raise Refused(f"{id}: the shares add up to {shares:g}; something must be left for what is not listed", where=id)
    listed = fields.get("questions")
    if not isinstance(listed, list) or not listed:
        raise Refused(f"{id}: questions is a list with at least one question", where=id)
    questions = tuple(_question(each, {condition.id for condition in conditions}, f"{id}.questions[{place}]") for place, each in enumerate(listed))
    if len({question.id for question in questions}) < len(questions):
        raise Refused(f"{id}: a question is there twice", where=id)
    words = tuple(str(word) for word in fields.get("words") or ()) if isinstance(fields.get("words"), list | None) else ()
    weight = _number(fields.get("weight", 1.0), f"{id}.weight")
    return Presentation(id, _text(fields, "title", id), conditions, questions, words, weight, str(fields.get("source", "")))


def _condition(id: str, said: Any, where: str) -> Condition:
    fields, here = _mapping(said, f"{where}.{id}"), f"{where}.{id}"
    urgency = _URGENCIES.get(str(fields.get("urgency", "routine")))
    if id == OTHER or urgency is None:
        raise Refused(f"{here}: the urgency is one of {', '.join(_URGENCIES)}, and no condition is called {OTHER}", where=here)
    return Condition(id, _text(fields, "name", here), str(fields.get("code", "")), _number(fields.get("share"), f"{here}.share"), urgency)


def _question(said: Any, conditions: set[str], where: str) -> Question:
    fields = _mapping(said, where)
    kind = _KINDS.get(str(fields.get("kind", "symptom")))
    answers = fields.get("answers", list(YES_NO))
    if kind is None:
        raise Refused(f"{where}: the kind is one of {', '.join(_KINDS)}", where=where)
    if not isinstance(answers, list) or len(answers) < 2 or not all(isinstance(each, str) for each in answers):
        raise Refused(f'{where}: answers is a list of at least two words in quotes, such as ["yes", "no"]', where=where)
    figures = {}
    for condition, figure in _mapping(fields.get("figures") or {}, f"{where}.figures").items():
        if condition not in conditions:
            raise Refused(f"{where}: there is no condition {condition!r}", where=where)
        told = _mapping(figure, f"{where}.{condition}")
        figures[condition] = Figure(_chances(told.get("chances"), len(answers), f"{where}.{condition}"), str(told.get("source", "")))
    elsewhere = _chances(fields.get("elsewhere"), len(answers), f"{where}.elsewhere")
    return Question(
        _text(fields, "id", where), _text(fields, "ask", where), kind, elsewhere, figures, tuple(answers), ddxplus=str(fields.get("ddxplus", ""))
    )


def _chances(said: Any, count: int, where: str) -> tuple[float, ...]:
    if not isinstance(said, list) or len(said) != count:
        raise Refused(f"{where}: {count} chances are needed, one for each answer", where=where)
    chances = tuple(_number(each, where) for each in said)
    if abs(sum(chances) - 1) > 0.01:
        raise Refused(f"{where}: the chances add up to {sum(chances):g}, not to 1", where=where)
    return chances


def _mapping(said: Any, where: str) -> Mapping[Any, Any]:
    if not isinstance(said, Mapping):
        raise Refused(f"{where} is a table of names and values", where=where)
    return said


def _text(fields: Mapping[Any, Any], name: str, where: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Refused(f"{where} does not say its {name}", where=where)
    return value


def _number(said: Any, where: str) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said) or not 0 <= said <= 1:
        raise Refused(f"{where} is a number from 0 to 1", where=where)
    return float(said)


def _plain(presentation: Presentation) -> dict[str, Any]:
    return {
        "title": presentation.title, "weight": presentation.weight, "source": presentation.source, "words": list(presentation.words),
        "conditions": {
            each.id: {"name": each.name, "code": each.code, "share": round(each.share, 6), "urgency": each.urgency}
            for each in presentation.conditions
        },
        "questions": [
            {
                "id": each.id, "ask": each.ask, "kind": each.kind, "answers": list(each.answers), "ddxplus": each.ddxplus,
                "elsewhere": _rounded(each.elsewhere),
                "figures": {id: {"chances": _rounded(figure.chances), "source": figure.source} for id, figure in each.figures.items()},
            }
            for each in presentation.questions
        ],
    }  # fmt: skip


def _rounded(chances: tuple[float, ...]) -> list[float]:
    return [round(chance, 6) for chance in chances]
