"""The numbers of a policy that people try first, as sliders, and a policy with some of them changed."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import yaml

from wardline.core.errors import Refused
from wardline.delivery.policy.terms import Policy


class Slider(NamedTuple):
    """One number of the policy. `path` finds it in the document: "rules.news2-high.raise.at_least"."""

    path: str
    label: str
    detail: str
    severity: str
    kind: str
    """"threshold", "minutes" or "readings"."""
    value: float
    low: float
    high: float
    step: float
    unit: str = ""


LONGEST_ACRONYM: Final = 5
_REACH: Final = 4
"""How far a threshold can be moved either way: far enough to see the effect, not so far that the rule means something else."""


def sliders(policy: Policy) -> list[Slider]:
    """In the order of the document."""
    document = _document(policy)
    found = [slider for rule in document.get("rules", ()) for slider in _of_rule(rule)]
    for place, step in enumerate(document.get("escalation", {}).get("steps", ())):
        path, tell = f"escalation.steps.{place}.after_minutes", ", ".join(step["tell"]).replace("_", " ")
        found.append(_minutes(path, "Not seen, goes on after", f"To {tell}", "high", step["after_minutes"], (5, 60, 5)))
    for rule in document.get("overdue", ()):
        path, what = f"overdue.{rule['id']}.grace_minutes", str(rule["what"]).capitalize()
        found.append(_minutes(path, f"{what} overdue by", _told(rule), rule["severity"], rule["grace_minutes"], (0, 240, 15)))
    bundle = document["bundle_minutes"]
    found.append(_minutes("bundle_minutes", "Findings that make one page", "Within this time of each other", "none", bundle, (0, 30, 1)))
    return found


def _of_rule(rule: dict[str, Any]) -> list[Slider]:
    path, severity, band = f"rules.{rule['id']}", rule["severity"], rule.get("band", rule["id"])
    found = []
    limit = rule["raise"].get("at_least")
    if limit is not None:
        name = rule["capability"].upper() if len(rule["capability"]) <= LONGEST_ACRONYM else rule["capability"].replace("_", " ")
        low, high = max(1, limit - _REACH), limit + _REACH
        found.append(Slider(f"{path}.raise.at_least", f"{name} from", _told(rule), severity, "threshold", limit, low, high, 1))
    if rule.get("refractory_minutes"):
        found.append(_minutes(f"{path}.refractory_minutes", "Same again, quiet for", band, severity, rule["refractory_minutes"], (0, 240, 10)))
    readings = rule.get("clear", {}).get("readings")
    if readings is not None:
        found.append(Slider(f"{path}.clear.readings", "Better readings before it clears", band, severity, "readings", readings, 1, 5, 1))
    return found


def _minutes(path: str, label: str, detail: str, severity: str, value: float, reach: tuple[float, float, float]) -> Slider:
    return Slider(path, label, detail, severity, "minutes", value, *reach, "min")


def _told(rule: dict[str, Any]) -> str:
    who = " and ".join(rule.get("tell", ())).replace("_", " ")
    return f"Pages the {who}" if rule.get("tier") == "page" else f"On the board for the {who}, never a page"


def adjusted(policy: Policy, changes: Mapping[str, float | bool]) -> str:
    """The policy's document with sliders at other values. A threshold takes its clearing limit along."""
    document = _document(policy)
    allowed = {slider.path: slider for slider in sliders(policy)}
    for path, value in changes.items():
        slider = allowed.get(path)
        if slider is None:
            raise Refused(f"{path!r} is not a number of this policy that can be tried", where=path)
        if isinstance(value, bool) or not slider.low <= value <= slider.high:
            raise Refused(f"{slider.label.lower()}: {value:g} is not between {slider.low:g} and {slider.high:g}", where=path)
        whole = int(value) if value == int(value) else value
        _set(document, path.split("."), whole)
        if slider.kind == "threshold":
            rule = _find(document["rules"], path.split(".")[1])
            if "below" in rule.get("clear", {}):
                rule["clear"]["below"] += whole - slider.value
    if changes:
        mark = hashlib.sha256(repr(sorted(changes.items())).encode()).hexdigest()[:6]
        document["version"] = f"{policy.version}+{mark}"
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=140)


def _document(policy: Policy) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(policy.text)
    return document


def _set(within: Any, path: list[str], value: float) -> None:
    for name in path[:-1]:
        within = (
            within[int(name)] if isinstance(within, list) and name.isdigit() else _find(within, name) if isinstance(within, list) else within[name]
        )
    within[path[-1]] = value


def _find(rules: list[dict[str, Any]], id: str) -> dict[str, Any]:
    return next(rule for rule in rules if rule["id"] == id)
