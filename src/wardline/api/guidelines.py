"""Guideline cards and protocols: reading them, and how they read for one patient."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Body, Response

from wardline.api import sight
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.encoding import json_response
from wardline.api.patients import AsOf, seen
from wardline.api.services import Services
from wardline.api.shapes import guidelines as shapes
from wardline.core.errors import NotFound, Refused
from wardline.core.findings import AtLeast, Evidence, Finding
from wardline.science.criteria.facts import Facts
from wardline.science.criteria.of_timeline import asked_in, facts_of, found_in, measured_in
from wardline.science.guidelines.applying import Applied, applied, cards_for, fitting
from wardline.science.guidelines.card import Guideline, Step

doors = Doors("guidelines")


@doors.get("/api/v1/clinical/guidelines", who="system.read", answers=shapes.Guidelines)
async def guidelines(house: House) -> Response:
    """The guideline cards of this house, the site's own among them."""
    return json_response({"guidelines": [_summary(card) for card in house.guidelines.values()]})


@doors.get("/api/v1/clinical/guidelines/{condition}", who="system.read", answers=shapes.Guideline)
async def guideline(condition: str, house: House) -> Response:
    """A card by its id or by an ICD-10 code of its disease: criteria, steps, drugs, monitoring, follow-up, sources, grades."""
    return json_response(_card(found(condition, house)))


@doors.get("/api/v1/recommendations/protocols", who="system.read", answers=shapes.Guidelines)
async def protocols(house: House) -> Response:
    """The conditions that have a protocol."""
    return json_response({"guidelines": [_summary(card) for card in house.guidelines.values()]})


@doors.get("/api/v1/recommendations/protocols/{condition}", who="system.read", answers=shapes.Guideline)
async def protocol(condition: str, house: House) -> Response:
    """The same card as a protocol: its steps in the order of their times, those without a time at the end."""
    card = found(condition, house)
    return json_response(_card(card._replace(steps=in_time(card.steps))))


@doors.get("/api/v1/patients/{id}/guidelines", who="patient.chart", about="id", answers=shapes.ForPatient)
async def for_patient(id: str, seen_by: SeenBy, house: House, as_of: AsOf = None) -> Response:
    """The cards that are about this patient, and those that may be, with what is met and what is missing."""
    shown, moment = await seen(id, as_of, seen_by, house, "guidelines opened")
    cards = tuple(house.guidelines.values())
    fit = fitting(cards, facts(shown, moment, cards, {}, house))
    return json_response({
        "patient": shown.timeline.about, "as_of": moment, "restricted": shown.known, "guidelines": [_fitting(each) for each in fit],
    })  # fmt: skip


@doors.post("/api/v1/patients/{id}/guidelines/{condition}", who="patient.chart", about="id", answers=shapes.Applied)
async def apply(
    id: str,
    condition: str,
    seen_by: SeenBy,
    house: House,
    judged: Annotated[dict[str, bool] | None, Body(examples=[{"infection_suspected": True}])] = None,
    as_of: AsOf = None,
) -> Response:
    """One card for this patient: each step due, done, to avoid or open, and why. The body answers questions no record answers."""
    card = found(condition, house)
    shown, moment = await seen(id, as_of, seen_by, house, "guideline opened")
    questions = asked_in(card.terms)
    unknown = sorted(set(judged or {}) - set(questions))
    if unknown:
        raise Refused(f"{unknown[0]!r} is no question of this card; it asks {', '.join(questions) or 'nothing'}", where="judged")
    result = applied(card, facts(shown, moment, (card,), judged or {}, house))
    return json_response({
        "patient": shown.timeline.about, "as_of": moment, "restricted": shown.known, "guideline": _card(card),
        "met": result.met, "criteria": _criteria(result),
        "steps": [
            {"id": each.step.id, "state": each.state, "why": each.why, "because": _lines(each.because), "missing": list(each.missing)}
            for each in result.steps
        ],
        "questions": [{"key": key, "question": words, "answer": (judged or {}).get(key)} for key, words in questions.items()],
    })  # fmt: skip


def found(condition: str, house: Services) -> Guideline:
    """The card of an id or an ICD-10 code. Raises `NotFound`."""
    by_code = cards_for(house.guidelines.values(), condition)
    card = house.guidelines.get(condition) or (by_code[0] if by_code else None)
    if card is None:
        raise NotFound(f"there is no guideline of this name here; there are {', '.join(house.guidelines)}")
    return card


def in_time(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.minutes if step.minutes is not None else float("inf")))


def facts(shown: sight.Seen, moment: datetime, cards: Iterable[Guideline], judged: Mapping[str, bool], house: Services) -> Facts:
    """What the cards ask for, as far as the person may see it."""
    terms = [term for card in cards for term in card.terms]
    exact: dict[str, float | str] = {}
    least: dict[str, float] = {}
    for id in sorted(found_in(terms)):
        match answer_of(id, shown, moment, house):
            case Finding(value=float() | int() | str() as value):
                exact[id] = value
            case AtLeast(Finding(value=float() | int() as value)):
                least[id] = value
    return facts_of(shown.timeline, moment, measured_in(terms), exact, least, judged)


def answer_of(capability: str, shown: sight.Seen, moment: datetime, house: Services) -> Any:
    """The first answer of a capability about this patient; None where it does not run here."""
    assessor = house.engine.assessments.askable.get(capability)
    if assessor is None or shown.hides_question(capability, ""):
        return None
    return assessor.assess(shown.timeline, moment, house.engine.assessments.site)[0].outcome


def _summary(card: Guideline) -> dict[str, Any]:
    return {
        "id": card.id, "title": card.title, "question": card.question, "population": card.population, "standing": card.standing,
        "origin": card.origin, "steps": len(card.steps), "bodies": [f"{source.body} {source.year}" for source in card.sources],
    }  # fmt: skip


def _card(card: Guideline) -> dict[str, Any]:
    said = ("id", "title", "question", "population", "version", "standing", "origin", "owner", "caution")
    return {
        **{name: getattr(card, name) for name in said},
        "codes": list(card.disease.icd10),
        "criteria": [{"name": name, "text": term.text} for name, term in card.criteria],
        "steps": [_step(step) for step in card.steps],
        "monitoring": [each._asdict() for each in card.monitoring],
        "follow_up": [each._asdict() for each in card.follow_up],
        "sources": [each._asdict() for each in card.sources],
    }


def _step(step: Step) -> dict[str, Any]:
    plain = ("id", "do", "why", "within", "minutes", "source", "strength", "evidence")
    terms = {name: term.text if (term := getattr(step, name)) is not None else "" for name in ("when", "unless", "done")}
    return {**{name: getattr(step, name) for name in plain}, **terms, "medicines": [each._asdict() for each in step.medicines]}


def _fitting(result: Applied) -> dict[str, Any]:
    card = result.guideline
    return {
        "id": card.id, "title": card.title, "standing": card.standing, "met": result.met, "criteria": _criteria(result),
        "missing": list(result.missing), "due": sum(1 for each in result.steps if each.state == "due"),
    }  # fmt: skip


def _criteria(result: Applied) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "text": each.text, "met": verdict.met, "because": _lines(verdict.because), "missing": list(verdict.missing)}
        for each in result.criteria
        for verdict in (each.verdict,)
    ]


def _lines(because: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [{"input": line.input, "value": line.value, "band": line.band} for line in because]
