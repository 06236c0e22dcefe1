"""The structured rules of STOPP/START as their file carries them, and what they say of a made-up patient.

An interpreter of the file of its own, so that the criteria written in this house can be held against it. Only what the file's rules in
ICD-10, ATC and LOINC use is read; the same rules in ICPC and ICD-9, and those about drugs stopped long ago, are counted and left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias, cast
from xml.etree.ElementTree import Element, parse

Kind: TypeAlias = Literal["medicine", "episode", "measurement"]
OTHER_TERMINOLOGIES: Final = ("icpc1nl", "icpc2", "icd9")
_DAYS: Final = {"D": 1, "W": 7, "M": 30, "Y": 365}


class Pattern(NamedTuple):
    """A code, or the beginning of codes."""

    text: str
    is_prefix: bool

    def matches(self, code: str) -> bool:
        return code.startswith(self.text) if self.is_prefix else code == self.text


class Limit(NamedTuple):
    """A comparison with a number: "<" 30."""

    operator: str
    number: float

    def allows(self, value: float) -> bool:
        match self.operator:
            case "<":
                return value < self.number
            case ">":
                return value > self.number
            case _:
                return value == self.number


@dataclass(frozen=True, slots=True)
class Part:
    """An element of a rule's condition: a drug, a disease or a measurement, present or not."""

    kind: Kind
    is_absent: bool
    wanted: tuple[Pattern, ...]
    refused: tuple[Pattern, ...] = ()
    dose: Limit | None = None
    days: Limit | None = None
    result: Limit | None = None
    text: str = ""
    """The result where it is a word ("Male")."""


class Rule(NamedTuple):
    """One rule: any of its versions fires it. `left_out` counts versions in other terminologies or about former drugs."""

    id: str
    versions: tuple[tuple[Part, ...], ...]
    left_out: int


class Item(NamedTuple):
    """A drug or a disease of a made-up patient: how much a day, for how long."""

    code: str
    daily: float | None = None
    days: float = 100.0


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A patient to ask about."""

    drugs: tuple[Item, ...] = ()
    episodes: tuple[Item, ...] = ()
    measured: Mapping[str, float | str] = field(default_factory=dict)


def rules(file: Path) -> Iterator[Rule]:
    """The rules of the file, in its order."""
    for element in parse(file).getroot().findall("rule"):  # noqa: S314 - a reference data set the evaluator chose, never something received
        versions = [version for version in element.findall("iteration") if _is_read(version)]
        left_out = len(element.findall("iteration")) - len(versions)
        read = tuple(tuple(_part(part) for condition in version.findall("condition") for part in condition) for version in versions)
        yield Rule(str(element.get("id")), read, left_out)


def fires(rule: Rule, patient: MadeUp) -> bool:
    return any(all(holds(part, patient) for part in version) for version in rule.versions)


def holds(part: Part, patient: MadeUp) -> bool:
    match part.kind:
        case "medicine":
            return _found(part, patient.drugs) is not part.is_absent
        case "episode":
            return _found(part, patient.episodes) is not part.is_absent
        case _:
            value = patient.measured.get(part.wanted[0].text)
            if isinstance(value, str) or value is None:
                return value is not None and value == part.text
            return part.result is None or part.result.allows(value)


def _found(part: Part, items: tuple[Item, ...]) -> bool:
    return any(
        any(pattern.matches(item.code) for pattern in part.wanted)
        and not any(pattern.matches(item.code) for pattern in part.refused)
        and (part.dose is None or (item.daily is not None and part.dose.allows(item.daily)))
        and (part.days is None or part.days.allows(item.days))
        for item in items
    )


def _is_read(version: Element) -> bool:
    names = {terminology.get("name") for terminology in version.iter("terminology")}
    return not names & set(OTHER_TERMINOLOGIES) and version.find(".//status") is None


def _part(element: Element) -> Part:
    wanted: list[Pattern] = []
    refused: list[Pattern] = []
    for group in element.findall("terminology/values"):
        patterns = [Pattern((value.text or "").strip().replace(".", ""), value.get("regex") == "true") for value in group.findall("value")]
        (refused if group.get("operator") == "!=" else wanted).extend(patterns)
    kind = cast(Kind, element.tag)
    is_absent = element.get("negative") == "true"
    if not wanted:  # "a drug other than these" alone is said of the whole list: none of these
        wanted, refused, is_absent = refused, [], True
    dose, days, result = (_limit(element.find(name)) for name in ("dose", "duration", "result"))
    text = "".join(element.find("result").itertext()).strip() if element.find("result") is not None else ""  # type: ignore[union-attr]
    return Part(kind, is_absent, tuple(wanted), tuple(refused), dose, days, result, text)


def _limit(element: Element | None) -> Limit | None:
    """In mg a day, in days, or in the measurement's own unit. None where nothing is said, or a word."""
    if element is None:
        return None
    values = element.find("values")
    text = "".join(values.itertext()).strip() if values is not None else ""
    if values is None or not text.replace(".", "").lstrip("-").isdigit():
        return None
    factor = 1000.0 if element.get("unit") == "G" else 1.0
    if element.tag == "duration":
        factor = _DAYS[str(element.get("interval"))]
    return Limit(str(values.get("operator")), float(text) * factor)
