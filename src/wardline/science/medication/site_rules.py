"""The hospital's own medication rules: what it adds, what it changes and what it switches off, in `medication_rules.yaml`.

    version: "2026-11"
    signed_by: Dr A. Okafor, head pharmacist
    off: [warfarin-metronidazole]
    interactions:
      - {id: our-1, one: [vitamin_k_antagonist], other: [paracetamol], severity: low, effect: ..., management: ..., source: ...}
    rules:
      - {id: our-2, kind: kidney, drugs: [meropenem], when: {creatinine_clearance_below: 50}, severity: medium,
         effect: ..., management: ..., source: ...}

A rule with the id of one of ours takes its place. Signed rules count as verified: the hospital vouches for them; unsigned ones are silent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from wardline.core.concepts import BY_ID as CONCEPTS
from wardline.core.diseases import BY_ID as DISEASES
from wardline.core.errors import Refused
from wardline.core.findings import Severity
from wardline.science.medication.classes import CLASSES
from wardline.science.medication.conditions import When
from wardline.science.medication.drug_rule import DrugRule
from wardline.science.medication.interactions.rule import Interaction
from wardline.science.medication.problem import KINDS, Kind, Source
from wardline.science.medication.recognising import BY_NAME

TABLE: Final = "medication_rules"
_NUMBERS: Final = {
    "egfr_below": "egfr_below", "creatinine_clearance_below": "clearance_below", "creatinine_clearance_at_least": "clearance_at_least",
    "age_at_least": "age_at_least", "age_below": "age_below", "above": "above", "below": "below", "daily_above": "daily_above",
    "daily_below": "daily_below", "daily_per_kg_above": "daily_per_kg_above", "times_a_day_above": "often_above",
}  # fmt: skip
_WHEN: Final = frozenset({*_NUMBERS, "pregnant", "breastfeeding", "has", "result", "within_hours", "unit", "without", "route"})
_COMMON: Final = frozenset({"id", "severity", "effect", "management", "source", "mechanism", "nurse", "instead"})


@dataclass(frozen=True)
class SiteRules:
    version: str = ""
    off: frozenset[str] = frozenset()
    own_interactions: tuple[Interaction, ...] = ()
    own_rules: tuple[DrugRule, ...] = ()

    def interactions(self, ours: tuple[Interaction, ...]) -> tuple[Interaction, ...]:
        replaced = self.off | {rule.id for rule in self.own_interactions}
        return (*self.own_interactions, *(rule for rule in ours if rule.id not in replaced)) if replaced else ours

    def drug_rules(self, ours: tuple[DrugRule, ...]) -> tuple[DrugRule, ...]:
        replaced = self.off | {rule.id for rule in self.own_rules}
        return (*self.own_rules, *(rule for rule in ours if rule.id not in replaced)) if replaced else ours

    def of_kind(self, ours: tuple[DrugRule, ...], kind: Kind) -> tuple[DrugRule, ...]:
        """Those about one kind of problem: what one capability answers."""
        return tuple(rule for rule in self.drug_rules(ours) if rule.kind == kind)


NO_RULES: Final = SiteRules()


def site_rules(content: Any) -> SiteRules:
    """Read the site's table. Raises `Refused`."""
    if not isinstance(content, Mapping) or not isinstance(content.get("version"), str):
        raise _refused("needs a version, in quotation marks")
    _only(content, frozenset({"version", "signed_by", "off", "interactions", "rules"}), "the table")
    signed, version = content.get("signed_by"), content["version"]
    standing = f"{TABLE}, version {version}, " + (f"signed by {signed}" if signed else "not signed")
    interactions = tuple(_interaction(row, _source(row, standing, bool(signed))) for row in _rows(content, "interactions"))
    rules = tuple(_rule(row, _source(row, standing, bool(signed))) for row in _rows(content, "rules"))
    off = content.get("off") or []
    if not isinstance(off, list) or not all(isinstance(each, str) for each in off):
        raise _refused("off is a list of rule ids")
    return SiteRules(version, frozenset(off), interactions, rules)


def _interaction(row: Mapping[str, Any], source: Source) -> Interaction:
    _only(row, _COMMON | {"one", "other"}, f"interaction {row.get('id')}")
    return Interaction(
        _text(row, "id"), _drugs(row, "one"), _drugs(row, "other"), _severity(row), _text(row, "effect"), row.get("mechanism", ""),
        _text(row, "management"), source, row.get("nurse", ""), _drugs(row, "instead", required=False),
    )  # fmt: skip


def _rule(row: Mapping[str, Any], source: Source) -> DrugRule:
    _only(row, _COMMON | {"kind", "drugs", "when"}, f"rule {row.get('id')}")
    kind = next((each for each in KINDS if each == row.get("kind")), None)
    if kind is None:
        raise _refused(f"rule {row.get('id')}: kind is one of {', '.join(KINDS)}")
    return DrugRule(
        _text(row, "id"), kind, _drugs(row, "drugs"), _when(row), _severity(row), _text(row, "effect"), _text(row, "management"), source,
        row.get("mechanism", ""), row.get("nurse", ""), _drugs(row, "instead", required=False),
    )  # fmt: skip


def _when(row: Mapping[str, Any]) -> When:
    when = row.get("when")
    if not isinstance(when, Mapping) or not when:
        raise _refused(f"rule {row.get('id')}: when says what must be so of the patient")
    _only(when, _WHEN, f"when of rule {row.get('id')}")
    parts: dict[str, Any] = {_NUMBERS[name]: _number(row, name, when[name]) for name in _NUMBERS if name in when}
    parts |= {name: True for name in ("pregnant", "breastfeeding") if when.get(name) is True}
    parts |= {name: when[name] for name in ("unit", "route") if name in when}
    if "has" in when:
        parts["has"] = tuple(_known(DISEASES, each, "disease") for each in when["has"])
    if "result" in when:
        parts["result"] = _known(CONCEPTS, when["result"], "concept")
    if "within_hours" in when:
        parts["within"] = timedelta(hours=_number(row, "within_hours", when["within_hours"]))
    if "without" in when:
        parts["without"] = _drugs(when, "without")
    return When(**parts)


def _source(row: Mapping[str, Any], standing: str, is_signed: bool) -> Source:
    return Source(f"{_text(row, 'source')}; {standing}", "verified" if is_signed else "provisional")


def _drugs(row: Mapping[str, Any], name: str, *, required: bool = True) -> tuple[str, ...]:
    given = row.get(name, [])
    if not isinstance(given, list) or (required and not given):
        raise _refused(f"{name} of {row.get('id', 'when')} is a list of classes or substances")
    unknown = next((each for each in given if each not in CLASSES and each not in BY_NAME), None)
    if unknown is not None:
        raise _refused(f"{unknown!r} is no class and no substance known here; names are international nonproprietary names in lower case")
    return tuple(given)


def _severity(row: Mapping[str, Any]) -> Severity:
    word = row.get("severity")
    if word not in ("low", "medium", "high"):
        raise _refused(f"severity of {row.get('id')} is low, medium or high")
    return Severity[str(word).upper()]


def _text(row: Mapping[str, Any], name: str) -> str:
    if not isinstance(row.get(name), str) or not row[name]:
        raise _refused(f"{name} of {row.get('id', 'a rule')} is missing")
    return str(row[name])


def _number(row: Mapping[str, Any], name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(f"{name} of rule {row.get('id')} is a number")
    return value


def _known(known: Mapping[str, Any], id: Any, what: str) -> Any:
    if id not in known:
        raise _refused(f"{id!r} is no {what} known here")
    return known[id]


def _rows(content: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    rows = content.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _refused(f"{name} is a list of rules")
    return rows


def _only(row: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(str(name) for name in row if name not in known)
    if unknown:
        raise _refused(f"{unknown[0]!r} is not part of {where}; known are {', '.join(sorted(known))}")


def _refused(why: str) -> Refused:
    return Refused(f"{TABLE}: {why}", code="site-table", where=TABLE)
