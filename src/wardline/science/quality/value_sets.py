"""Value sets: which codes count as "an opioid" or "an inpatient stay", as the site has loaded them.

The sets of the published measures belong to their owners and need a licence, so none is shipped: a hospital puts the ones it has into
its site folder. A member is a code of a system; a member without a code is a word, and every code of that system counts whose name contains it
(for drugs that a hospital knows by its own codes).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from wardline.core.codings import system_of
from wardline.core.errors import Refused

_WORD: Final = re.compile(r"[a-z0-9]+")


class ValueSet(NamedTuple):
    """A published value set: its object identifier, and its title for people."""

    oid: str
    title: str


@dataclass(frozen=True, slots=True)
class Members:
    """The codes of one set by system, and the words of names that count as well."""

    codes: frozenset[tuple[str, str]]
    words: tuple[tuple[str, str], ...] = ()

    def includes(self, coding: Mapping[str, Any]) -> bool:
        system, code = system_of(str(coding.get("system", ""))), str(coding.get("code", ""))
        if (system, code) in self.codes:
            return True
        name = _words(str(coding.get("display", "")))
        return any(system == of and word in name for of, word in self.words)


class ValueSets(dict[str, Members]):
    """Members by object identifier."""

    def includes(self, value_set: ValueSet, concept: Any) -> bool:
        """Whether a FHIR CodeableConcept or Coding is a member of the set."""
        return any(self[value_set.oid].includes(coding) for coding in _codings(concept))

    def without(self, needed: Iterable[ValueSet]) -> str:
        """Why a measure that needs these sets cannot be answered here; "" where it can."""
        lacking = [f"{each.title} ({each.oid})" for each in needed if each.oid not in self]
        return f"the site has not loaded {', '.join(lacking)}" if lacking else ""


def _codings(concept: Any) -> list[Mapping[str, Any]]:
    if not isinstance(concept, Mapping):
        return []
    listed = concept.get("coding", [concept])
    return [coding for coding in listed if isinstance(coding, Mapping)] if isinstance(listed, list) else []


def read_value_sets(content: Any) -> ValueSets:
    """Value sets by object identifier, each a list of members: [system, code], or [system, "", word of the name]. Raises `Refused`."""
    if not isinstance(content, Mapping):
        raise Refused("value sets are an object: object identifier -> list of members", code="value-set")
    return ValueSets({str(oid): _members(str(oid), members) for oid, members in content.items()})


def _members(oid: str, members: Any) -> Members:
    if not isinstance(members, list) or not members:
        raise Refused(f"the value set {oid} is a list of members, at least one", code="value-set", where=oid)
    codes, words = set(), []
    for member in members:
        if not isinstance(member, list | tuple) or len(member) not in (2, 3) or not all(isinstance(part, str) for part in member):
            raise Refused(f'a member of the value set {oid} is [system, code] or [system, "", word]', code="value-set", where=oid)
        system, code, word = (*member, "")[:3]
        if not code and not word:
            raise Refused(f"a member of the value set {oid} has neither a code nor a word", code="value-set", where=oid)
        if code:
            codes.add((system_of(system), code))
        else:
            words.append((system_of(system), _words(word)))
    return Members(frozenset(codes), tuple(words))


def _words(name: str) -> str:
    """A name in whole words: "morphine" is not part of "apomorphine"."""
    return f" {' '.join(_WORD.findall(name.lower()))} "
