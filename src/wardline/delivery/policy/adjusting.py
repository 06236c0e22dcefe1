"""The numbers of a policy that people try first, as sliders, and a policy with some of them changed."""

import hashlib
from collections.abc import Iterator, Mapping
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
    # AL-5: what is high pages for every new episode, so a quiet time of none is not offered there for change. Elsewhere none can become some.
    if rule.get("refractory_minutes") or ("refractory_minutes" in rule and severity != "high"):
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
    """The policy's text with sliders at other values; every other word of it stays. A threshold takes its clearing limit along."""
    allowed = {slider.path: slider for slider in sliders(policy)}
    root = yaml.compose(policy.text, Loader=yaml.SafeLoader)
    numbers: dict[str, float] = {}
    for path, value in changes.items():
        slider = allowed.get(path)
        if slider is None:
            raise Refused(f"{path!r} is not a number of this policy that can be tried", where=path)
        if isinstance(value, bool) or not slider.low <= value <= slider.high:
            raise Refused(f"{slider.label.lower()}: {value:g} is not between {slider.low:g} and {slider.high:g}", where=path)
        numbers[path] = value
        cleared = path.removesuffix("raise.at_least") + "clear.below"
        if slider.kind == "threshold" and (below := _scalar(root, cleared)) is not None:
            numbers[cleared] = float(below.value) + value - slider.value
    words = {path: f"{number:g}" for path, number in numbers.items()}
    if changes:
        # Named after what it says: the same numbers of the same policy make the same version, however often they were moved.
        mark = hashlib.sha256(repr(sorted(changes.items())).encode() + policy.text.encode()).hexdigest()[:6]
        words["version"] = f'"{policy.version.partition("+")[0]}+{mark}"'
    return _rewritten(policy.text, [(_scalar(root, path), word) for path, word in words.items()])


def _rewritten(text: str, words: list[tuple[yaml.ScalarNode | None, str]]) -> str:
    """The text with these scalars replaced, from the end so that places stay true. Comments and sources beside the numbers stay."""
    found = [(node.start_mark.index, node.end_mark.index, word) for node, word in words if node is not None]
    for start, end, word in sorted(found, reverse=True):
        text = text[:start] + word + text[end:]
    return text


def _scalar(root: yaml.Node | None, path: str) -> yaml.ScalarNode | None:
    """The value at "rules.news2-high.raise.at_least": entries of a list are found by their id or their place."""
    node = root
    for name in path.split("."):
        node = next((value for key, value in _entries(node) if key == name), None)
    return node if isinstance(node, yaml.ScalarNode) else None


def _entries(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield str(place), value
            yield from ((each.value, value) for key, each in _entries(value) if key == "id" and isinstance(each, yaml.ScalarNode))


def _document(policy: Policy) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(policy.text)
    return document
