"""How a FHIR search is written, and what it asks for: "patient=17&code=http://loinc.org|2823-3&date=ge2026&_sort=-date" as conditions.

What is not understood is refused by its name, because a condition that is left out silently gives too much; whoever prefers that says
`Prefer: handling=lenient` and is told what was left out.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from wardline.core.errors import Refused
from wardline.core.resources import Criterion, Wanted
from wardline.formats.fhir.search.indexing import target_of
from wardline.formats.fhir.search.parameters import TARGETS, Parameter, parameters_of
from wardline.formats.fhir.search.times import span_of

PREFIXES: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
CONTROLS: Final = frozenset({
    "_sort", "_count", "_include", "_revinclude", "_summary", "_elements", "_total", "_format", "_pretty", "_page", "_offset", "_include:iterate",
    "_revinclude:iterate", "_type", "_totalMethod",
})  # fmt: skip
MODIFIERS: Final[dict[str, tuple[str, ...]]] = {
    "token": ("not", "missing", "text", "in", "not-in", "of-type"), "string": ("exact", "contains", "missing"), "uri": ("below", "missing"),
    "date": ("missing",), "quantity": ("missing",), "number": ("missing",), "reference": ("missing",),
}  # fmt: skip
DEEPEST: Final = 4
"""Steps of a chain; deeper than that nobody asks for by hand."""
MOST_VALUES: Final = 1_000
MOST_CONDITIONS: Final = 50
LARGEST_EXPONENT: Final = 300
"""Of a number asked for: what is beyond that no measurement is."""
_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{1,63}")
_UNESCAPED_COMMA: Final = re.compile(r"(?<!\\),")
_UNESCAPED_BAR: Final = re.compile(r"(?<!\\)\|")
# http://hl7.org/fhir/R4/search.html#prefix: "approximately" is a tenth of the value, or of the time from now to then
_NEARLY: Final = 0.1


class Chain(NamedTuple):
    """The condition holds for what this reference points at."""

    name: str
    then: "tuple[tuple[str, Condition], ...]"
    """By the type it points at."""


class Has(NamedTuple):
    """Something of this type that points here by this parameter meets the condition."""

    type: str
    name: str
    then: "Condition"


class InSet(NamedTuple):
    """The code is, or is not, in a value set of this house."""

    name: str
    url: str
    wanted: bool


Condition = Criterion | Chain | Has | InSet


class Asked(NamedTuple):
    """One search of one type."""

    type: str
    conditions: tuple[Condition, ...] = ()
    left_out: tuple[str, ...] = ()
    """Parameters that were not understood, where whoever asked prefers to go on without them."""


class Grammar(NamedTuple):
    """What reading a query needs to know of the house."""

    base: str = ""
    zone: tzinfo = UTC
    now: int = 0
    """Microseconds since 1970."""
    lenient: bool = False

    def read(self, type: str, pairs: Iterable[tuple[str, str]]) -> Asked:
        """Raises `Refused` naming the parameter."""
        conditions: list[Condition] = []
        left_out: list[str] = []
        pairs = [(name, value) for name, value in pairs if name not in CONTROLS and value]
        if len(pairs) > MOST_CONDITIONS:
            raise Refused(f"a search has {MOST_CONDITIONS} conditions at most", code="too-costly")
        for name, value in pairs:
            try:
                conditions.append(self._condition(type, name, value, DEEPEST))
            except Refused as refusal:
                if not self.lenient or refusal.code != "unknown":
                    raise
                left_out.append(name)
        return Asked(type, tuple(conditions), tuple(left_out))

    def _condition(self, type: str, name: str, value: str, depth: int) -> Condition:
        if depth == 0:
            raise Refused(f"{name[:80]} is a chain of too many steps", code="value", where=name[:80])
        if name.startswith("_has:"):
            return self._has(name, value, depth)
        head, dot, rest = name.partition(".")
        plain, _, modifier = head.partition(":")
        parameter = parameters_of(type).get(plain)
        if parameter is None:
            raise _unknown(type, name)
        if dot:
            return self._chain(parameter, modifier, rest, value, depth)
        return self._criterion(parameter, modifier, value)

    def _has(self, name: str, value: str, depth: int) -> Condition:
        parts = name.split(":", 3)
        if len(parts) != 4 or not _TYPE.fullmatch(parts[1]):
            raise Refused(f"{name[:80]}: write _has:Type:reference:parameter", code="value", where="_has")
        _, type, reference, rest = parts
        known = parameters_of(type).get(reference)
        if known is None or known.kind != "reference":
            raise _unknown(type, reference)
        return Has(type, reference, self._condition(type, rest, value, depth - 1))

    def _chain(self, parameter: Parameter, type: str, rest: str, value: str, depth: int) -> Condition:
        if parameter.kind != "reference":
            raise Refused(f"{parameter.name} is no reference, so nothing can be asked beyond it", code="value", where=parameter.name)
        types = (type,) if type else TARGETS.get(parameter.name, ())
        if not types:
            raise Refused(f"say what {parameter.name} points at: {parameter.name}:Type.{rest[:40]}", code="value", where=parameter.name)
        found, refusal = [], None
        for each in types:
            try:
                found.append((each, self._condition(each, rest, value, depth - 1)))
            except Refused as error:
                refusal = error
        if not found:
            raise refusal or _unknown(parameter.name, rest)
        return Chain(parameter.name, tuple(found))

    def _criterion(self, parameter: Parameter, modifier: str, value: str) -> Condition:
        name, kind = parameter.name, parameter.kind
        if modifier == "missing":
            if value not in ("true", "false"):
                raise Refused(f"{name}:missing is true or false", code="value", where=name)
            return Criterion(name, kind, (), "missing" if value == "true" else "present")
        is_type = kind == "reference" and _TYPE.fullmatch(modifier) is not None
        if modifier and modifier not in MODIFIERS[kind] and not is_type:
            raise Refused(f"{name}:{modifier[:40]} is not supported here", code="not-supported", where=name)
        if modifier in ("in", "not-in"):
            return InSet(name, value, modifier == "in")
        values = _UNESCAPED_COMMA.split(value)
        if len(values) > MOST_VALUES:
            raise Refused(f"{name} asks for more than {MOST_VALUES} values at once", code="too-costly", where=name)
        wanted = tuple(each for part in values for each in self._wanted(parameter, modifier, part))
        return Criterion(name, kind, wanted, "" if is_type or modifier == "of-type" else modifier)

    def _wanted(self, parameter: Parameter, modifier: str, text: str) -> Iterator[Wanted]:
        match parameter.kind:
            case "token":
                yield _token(parameter.name, modifier, text)
            case "string" | "uri":
                yield Wanted(_plain(text))
            case "date":
                yield self._date(text)
            case "quantity" | "number":
                yield _quantity(parameter.name, text)
            case _:
                yield self._reference(modifier, _plain(text))

    def _date(self, text: str) -> Wanted:
        prefix, rest = _prefix(text)
        low, high = span_of(rest.replace(" ", "+"), self.zone)  # a plus sign that was not encoded arrives as a space
        if prefix == "ap":
            slack = int(abs(self.now - low) * _NEARLY)
            low, high = low - slack, high + slack
        return Wanted(low=low, high=high, prefix=prefix)

    def _reference(self, modifier: str, text: str) -> Wanted:
        target = target_of(text, self.base)
        if _TYPE.fullmatch(modifier) and "/" not in target:
            return Wanted(f"{modifier}/{target}")
        return Wanted(target, prefix="eq" if "/" in target or ":" in target else "any")


def _token(name: str, modifier: str, text: str) -> Wanted:
    if modifier == "text":
        return Wanted(_plain(text))
    parts = [_plain(part) for part in _UNESCAPED_BAR.split(text)]
    if modifier == "of-type":  # type system|type code|value: the value decides, within identifiers of that system's kind
        if len(parts) != 3:
            raise Refused(f"{name}:of-type is system|code|value", code="value", where=name)
        return Wanted(parts[2])
    if len(parts) > 2:
        raise Refused(f"{name} is a code, or system|code", code="value", where=name)
    return Wanted(parts[1], system=parts[0]) if len(parts) == 2 else Wanted(parts[0])


def _quantity(name: str, text: str) -> Wanted:
    number, *unit = [_plain(part) for part in _UNESCAPED_BAR.split(text)]
    prefix, number = _prefix(number)
    try:
        value = Decimal(number)
        if not value.is_finite() or abs(value.adjusted()) > LARGEST_EXPONENT:
            raise InvalidOperation
    except InvalidOperation:
        raise Refused(f"{name} is a number, or number|system|unit", code="value", where=name) from None
    # http://hl7.org/fhir/R4/search.html#number: 5.4 means 5.35 to 5.45
    half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1) if prefix in ("eq", "ne") else abs(value) * Decimal(str(_NEARLY))
    if prefix not in ("eq", "ne", "ap"):
        half = Decimal(0)
    system = unit[0] if len(unit) > 1 and unit[0] else None
    return Wanted(low=float(value - half), high=float(value + half), prefix=prefix, system=system, unit=unit[-1] if unit else "")


def _prefix(text: str) -> tuple[str, str]:
    return (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)


def _plain(text: str) -> str:
    """Without the backslashes before what would mean something."""
    return re.sub(r"\\([,|$\\])", r"\1", text)


def _unknown(type: str, name: str) -> Refused:
    return Refused(f"{type} cannot be searched by {name[:80]!r} here; see /fhir/metadata for what it can", code="unknown", where=name[:80])
