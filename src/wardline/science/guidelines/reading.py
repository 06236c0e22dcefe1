"""A guideline as a site writes it (YAML) turned into a card, with a sentence for every mistake. The format: docs/clinical/writing-a-guideline.md."""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, cast

from wardline.core.capability import Standing
from wardline.core.errors import Refused
from wardline.science.criteria.logic import Term
from wardline.science.criteria.reading import disease, term, text
from wardline.science.guidelines.card import Guideline, Medicine, Source, Step, Watch
from wardline.science.medication.recognising import BY_NAME

REQUIRED: Final = ("title", "question", "population", "version", "standing", "condition", "sources", "criteria", "steps")
OPTIONAL: Final = ("monitoring", "follow_up", "caution", "owner")
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_TIME: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(min|h|d|wk|mo)")
_MINUTES: Final = {"min": 1.0, "h": 60.0, "d": 1440.0, "wk": 10080.0, "mo": 43200.0}
_STEP: Final = ("id", "do", "why", "source", "strength", "evidence", "within", "when", "unless", "done", "medicines")


def guideline(id: str, content: Any, origin: Literal["house", "site"] = "site") -> Guideline:
    """The card a file states. Raises `Refused` with the place and what to write there."""
    said = _mapping(content, "the file", REQUIRED, OPTIONAL)
    if _ID.fullmatch(id) is None:
        raise Refused(f"{id!r} is no id of a guideline: name the file in small letters, digits and underscores", where="id")
    sources = tuple(_source(each, f"sources[{place}]") for place, each in enumerate(_list(said["sources"], "sources")))
    known = {source.id for source in sources}
    steps = tuple(_step(each, f"steps[{place}]", known) for place, each in enumerate(_list(said["steps"], "steps")))
    _need_once([step.id for step in steps], "steps")
    if said["standing"] not in ("verified", "provisional"):
        raise Refused('standing is "verified" or "provisional"', where="standing")
    if said["standing"] == "verified" and not all(source.read for source in sources):
        raise Refused("a verified guideline rests on sources that were read: say read: true at each, or standing: provisional", where="standing")
    return Guideline(
        id, text(said["title"], "title"), text(said["question"], "question"), text(said["population"], "population"),
        text(said["version"], "version"), cast(Standing, said["standing"]), disease(said["condition"], "condition"), sources,
        _criteria(said["criteria"]), steps, _watches(said, "monitoring", known), _watches(said, "follow_up", known),
        said.get("caution", ""), said.get("owner", ""), origin,
    )  # fmt: skip


def minutes_of(said: str, where: str) -> float:
    """A time such as "1 h" or "30 min" in minutes."""
    found = _TIME.fullmatch(said.strip())
    if found is None:
        raise Refused(f'{where} is a time such as "30 min", "1 h", "2 d", "6 wk" or "3 mo"', where=where)
    return float(found[1]) * _MINUTES[found[2]]


def _criteria(said: Any) -> tuple[tuple[str, Term], ...]:
    found = []
    for place, each in enumerate(_list(said, "criteria")):
        where = f"criteria[{place}]"
        part = _mapping(each, where, ("name", "is"), ())
        found.append((text(part["name"], f"{where}.name"), term(part["is"], f"{where}.is")))
    return tuple(found)


def _source(said: Any, where: str) -> Source:
    part = _mapping(said, where, ("id", "body", "title", "year", "read"), ("reference",))
    if not isinstance(part["year"], int) or not 1900 <= part["year"] <= 2100:
        raise Refused(f"{where}.year is a year such as 2021", where=where)
    if not isinstance(part["read"], bool):
        raise Refused(f"{where}.read is true where the source's text was at hand, else false", where=where)
    id, body, title = (text(part[name], f"{where}.{name}") for name in ("id", "body", "title"))
    return Source(id, body, title, part["year"], part["read"], str(part.get("reference", "")))


def _step(said: Any, where: str, sources: set[str]) -> Step:
    part = _mapping(said, where, _STEP[:6], _STEP[6:])
    within = text(part["within"], f"{where}.within") if "within" in part else ""
    terms = {name: term(part[name], f"{where}.{name}") for name in ("when", "unless", "done") if name in part}
    medicines = tuple(_medicine(each, f"{where}.medicines[{place}]") for place, each in enumerate(_list(part.get("medicines", []), where)))
    id, do, why, source, strength, evidence = (text(part[name], f"{where}.{name}") for name in _STEP[:6])
    _need_source(source, sources, where)
    minutes = minutes_of(within, f"{where}.within") if within else None
    when, unless, done = (terms.get(name) for name in ("when", "unless", "done"))
    return Step(id, do, why, source, strength, evidence, within, minutes, when, unless, done, medicines)


def _medicine(said: Any, where: str) -> Medicine:
    part = _mapping(said, where, ("substance",), ("dose", "route", "note"))
    name = text(part["substance"], f"{where}.substance")
    if name not in BY_NAME:
        raise Refused(f"{where}: there is no substance {name!r} here; write its international nonproprietary name in small letters", where=where)
    return Medicine(name, *(str(part.get(each, "")) for each in ("dose", "route", "note")))


def _watches(said: Mapping[str, Any], name: str, sources: set[str]) -> tuple[Watch, ...]:
    found = []
    for place, each in enumerate(_list(said.get(name, []), name)):
        where = f"{name}[{place}]"
        part = _mapping(each, where, ("what", "often", "source"), ("why",))
        _need_source(part["source"], sources, where)
        found.append(Watch(text(part["what"], f"{where}.what"), text(part["often"], f"{where}.often"), part["source"], str(part.get("why", ""))))
    return tuple(found)


def _mapping(said: Any, where: str, required: tuple[str, ...], optional: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise Refused(f"{where} has the entries {', '.join(required)}", where=where)
    lacking = next((name for name in required if name not in said), None)
    if lacking is not None:
        raise Refused(f"{where} lacks {lacking!r}", where=where)
    unknown = sorted(set(map(str, said)) - {*required, *optional})
    if unknown:
        raise Refused(f"{where}: {unknown[0]!r} is not known there; there are {', '.join((*required, *optional))}", where=where)
    return said


def _list(said: Any, where: str) -> list[Any]:
    if not isinstance(said, list):
        raise Refused(f"{where} is a list", where=where)
    return said


def _need_source(id: Any, sources: set[str], where: str) -> None:
    if id not in sources:
        raise Refused(f"{where}: {id!r} is none of the sources; there are {', '.join(sorted(sources))}", where=where)


def _need_once(ids: list[str], where: str) -> None:
    twice = next((id for id in ids if ids.count(id) > 1), None)
    if twice is not None:
        raise Refused(f"{where}: {twice!r} is there twice", where=where)
