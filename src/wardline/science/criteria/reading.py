"""Criteria as a site writes them (YAML or JSON) turned into terms, with a sentence for every mistake.

    all:
      - has: heart_failure
      - measured: ejection_fraction
        at_most: 40
      - not: {takes: beta_blocker}

docs/clinical/writing-a-guideline.md lists every word.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from wardline.core.concepts import BY_ID
from wardline.core.diseases import BY_ID as DISEASES
from wardline.core.diseases import Disease
from wardline.core.errors import Refused
from wardline.science.criteria.logic import All, AnyOf, Not, Term
from wardline.science.criteria.terms import Aged, Asked, Found, Group, Has, Measured, OfSex, Takes
from wardline.science.medication.classes import CLASSES, members
from wardline.science.medication.recognising import BY_NAME

T = TypeVar("T")
FRESH_HOURS: Final = 48.0
"""How old a value may be where the criterion does not say: ours."""
_LIMITS: Final = ("below", "above", "at_least", "at_most")


def term(said: Any, where: str) -> Term:
    """The criterion a mapping states. Raises `Refused`, naming the place."""
    if not isinstance(said, Mapping):
        raise Refused(f"{where} is a criterion such as {{has: heart_failure}}", where=where)
    word = next((name for name in _WORDS if name in said), None)
    if word is None:
        raise Refused(f"{where} begins with none of the words {', '.join(_WORDS)}", where=where)
    read, allowed = _WORDS[word]
    unknown = sorted(set(map(str, said)) - {word, *allowed})
    if unknown:
        also = f"only {', '.join(allowed)} can stand beside {word!r}" if allowed else f"nothing can stand beside {word!r}"
        raise Refused(f"{where}: {unknown[0]!r} does not belong there; {also}", where=where)
    return read(said, where)


def disease(said: Any, where: str) -> Disease:
    """A disease of the house by its id, or one by codes: {name: Sepsis, icd10: [A40, A41]}."""
    if isinstance(said, str):
        return _known(said, DISEASES, "disease", where)
    if not isinstance(said, Mapping) or not isinstance(said.get("name"), str) or not set(said) <= {"name", "icd10", "snomed", "icd9"}:
        raise Refused(f"{where} is the id of a disease, or {{name: ..., icd10: [...], snomed: [...], icd9: [...]}}", where=where)
    codes = {system: _codes(said.get(system, []), f"{where}.{system}") for system in ("icd10", "snomed", "icd9")}
    if not any(codes.values()):
        raise Refused(f"{where} needs at least one code: icd10, snomed or icd9", where=where)
    bare = {system: tuple(code.replace(".", "").upper() for code in listed) for system, listed in codes.items()}
    name = said["name"]
    return Disease(name.lower().replace(" ", "_"), name, bare["icd10"], bare["snomed"], bare["icd9"])


def number(said: Any, where: str) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or said != said:
        raise Refused(f"{where} is a number", where=where)
    return float(said)


def text(said: Any, where: str) -> str:
    if not isinstance(said, str) or not said.strip():
        raise Refused(f"{where} is a text that is not empty", where=where)
    return said.strip()


def _codes(said: Any, where: str) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(code, str) and code.strip() for code in said):
        raise Refused(f"{where} is a list of codes, each a text in quotes", where=where)
    return tuple(code.strip() for code in said)


def _known(name: Any, among: Mapping[str, T], what: str, where: str) -> T:
    if isinstance(name, str) and name in among:
        return among[name]
    near = difflib.get_close_matches(str(name), among, n=3)
    raise Refused(f"{where}: there is no {what} {str(name)!r}{'; did you mean ' + ' or '.join(near) if near else ''}", where=where)


def _listed(said: Any) -> Iterable[Any]:
    return said if isinstance(said, list) else (said,)


def _has(said: Mapping[str, Any], where: str) -> Term:
    days = {name: int(number(said[name], f"{where}.{name}")) for name in ("within_days", "over_days") if name in said}
    return Has(tuple(disease(each, f"{where}.has") for each in _listed(said["has"])), days.get("within_days"), days.get("over_days"))


def _takes(said: Mapping[str, Any], where: str) -> Term:
    above = number(said["above_mg"], f"{where}.above_mg") if "above_mg" in said else None
    days = int(number(said["days"], f"{where}.days")) if "days" in said else None
    return Takes(_group(list(_listed(said["takes"])), f"{where}.takes"), above, days)


def _group(names: list[Any], where: str) -> Group:
    substances: list[str] = []
    titles = []
    for name in names:
        if isinstance(name, str) and name in CLASSES:
            substances += sorted(members(name))
            titles.append(CLASSES[name].name)
        else:
            substances.append(_known(name, BY_NAME, "substance or class of drugs", where).name)
            titles.append(str(name))
    codes = tuple(dict.fromkeys(code for name in substances for code in BY_NAME[name].atc))
    if not codes:
        raise Refused(f"{where}: {', '.join(titles)} has no ATC code here and would never be found", where=where)
    return Group(" or ".join(titles), codes)


def _measured(said: Mapping[str, Any], where: str) -> Term:
    concept = _known(said["measured"], BY_ID, "measurable thing", f"{where}.measured")
    limits = {"within_hours": FRESH_HOURS}
    limits |= {name: number(said[name], f"{where}.{name}") for name in (*_LIMITS, "within_hours") if name in said}
    return Measured(concept, **limits)


def _found(said: Mapping[str, Any], where: str) -> Term:
    limits = {name: number(said[name], f"{where}.{name}") for name in ("at_least", "below") if name in said}
    words = said.get("among", [])
    if not isinstance(words, list) or bool(words) is bool(limits):
        raise Refused(f"{where} says at_least, below, or among: [a list of words] beside finding", where=where)
    among = tuple(text(word, f"{where}.among") for word in words)
    return Found(text(said["finding"], f"{where}.finding"), limits.get("at_least"), limits.get("below"), among)


def _aged(said: Mapping[str, Any], where: str) -> Term:
    limits = said["age"]
    if not isinstance(limits, Mapping) or not limits or not set(limits) <= {"at_least", "at_most"}:
        raise Refused(f"{where}.age is {{at_least: 18}}, {{at_most: 85}} or both", where=where)
    return Aged(**{name: int(number(value, f"{where}.age.{name}")) for name, value in limits.items()})


def _of_sex(said: Mapping[str, Any], where: str) -> Term:
    if said["sex"] not in ("F", "M"):
        raise Refused(f"{where}.sex is F or M", where=where)
    return OfSex(said["sex"])


def _asked(said: Mapping[str, Any], where: str) -> Term:
    question = text(said["asked"], f"{where}.asked")
    return Asked(text(said.get("key", question), f"{where}.key"), question)


def _all(said: Mapping[str, Any], where: str) -> Term:
    return All(_parts(said["all"], f"{where}.all"))


def _any(said: Mapping[str, Any], where: str) -> Term:
    return AnyOf(_parts(said["any"], f"{where}.any"), int(number(said.get("count", 1), f"{where}.count")))


def _not(said: Mapping[str, Any], where: str) -> Term:
    return Not(term(said["not"], f"{where}.not"))


def _parts(said: Any, where: str) -> tuple[Term, ...]:
    if not isinstance(said, list) or not said:
        raise Refused(f"{where} is a list of criteria", where=where)
    return tuple(term(each, f"{where}[{place}]") for place, each in enumerate(said))


_WORDS: Final[dict[str, tuple[Callable[[Mapping[str, Any], str], Term], tuple[str, ...]]]] = {
    "all": (_all, ()), "any": (_any, ("count",)), "not": (_not, ()), "has": (_has, ("within_days", "over_days")),
    "takes": (_takes, ("above_mg", "days")), "measured": (_measured, (*_LIMITS, "within_hours")), "finding": (_found, ("at_least", "below", "among")),
    "age": (_aged, ()), "sex": (_of_sex, ()), "asked": (_asked, ("key",)),
}  # fmt: skip
"""Word -> how it is read, and which words may stand beside it."""
