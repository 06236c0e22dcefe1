"""Finding capabilities: a walk through packages, the cases beside each file, and a digest of its source.

Besides our own, packages named by the entry-point group `wardline.capabilities` are walked, so that a hospital can bring its
own. A faulty plug-in is refused alone: it is listed as not running, with the reason, and the rest starts.
"""

import hashlib
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import yaml

from wardline.core.capability import ATTRIBUTE, Capability
from wardline.core.errors import WardlineError
from wardline.core.ports import Models
from wardline.formats.assessment import assess

GROUP: Final = "wardline.capabilities"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A thousand cases are read at every start; libyaml takes a tenth of the time, where it is there."""
_ID: Final = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True, slots=True)
class Case:
    """A reference case: inputs, and what the source says the answer is."""

    name: str
    given: dict[str, Any]
    expect: dict[str, Any]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every capability that runs, its cases, and what was refused and why."""

    capabilities: tuple[Capability, ...]
    cases: dict[str, tuple[Case, ...]]
    refused: dict[str, str]
    sources: dict[str, Path]

    @property
    def reads(self) -> dict[str, frozenset[str]]:
        """Which concepts each capability looks at."""
        return {capability.id: capability.concepts for capability in self.capabilities}

    def get(self, id: str) -> Capability | None:
        return next((capability for capability in self.capabilities if capability.id == id), None)


def discover() -> Catalogue:
    """Walk every package of the entry-point group."""
    found: dict[str, Capability] = {}
    cases: dict[str, tuple[Case, ...]] = {}
    refused: dict[str, str] = {}
    sources: dict[str, Path] = {}
    for package in _packages(refused):
        for module in _modules(package, refused):
            try:
                for capability, path in _capabilities(module):
                    if capability.id in found:
                        raise ValueError(f"the id {capability.id} is already taken by {sources[capability.id].name}")
                    cases[capability.id] = _cases(path, capability)
                    found[capability.id] = capability
                    sources[capability.id] = path
            except Exception as error:  # a plug-in's fault is its own: refuse it, start the rest
                refused[module.__name__] = _reason(error)
    for id, reason in _unmet(found):
        refused[id] = reason
        del found[id]
    return Catalogue(tuple(found[id] for id in sorted(found)), cases, refused, sources)


def _packages(refused: dict[str, str]) -> Iterator[ModuleType]:
    names = {"wardline.capabilities": "wardline"} | {entry.value: entry.name for entry in metadata.entry_points(group=GROUP)}
    for name in sorted(names):
        try:
            yield importlib.import_module(name)
        except Exception as error:  # as above
            refused[name] = _reason(error)


def _modules(package: ModuleType, refused: dict[str, str]) -> Iterator[ModuleType]:
    yield package
    for info in pkgutil.walk_packages(getattr(package, "__path__", ()), package.__name__ + "."):
        try:
            yield importlib.import_module(info.name)
        except Exception as error:  # as above
            refused[info.name] = _reason(error)


def _capabilities(module: ModuleType) -> Iterator[tuple[Capability, Path]]:
    for thing in vars(module).values():
        declared = getattr(thing, ATTRIBUTE, None)
        if isinstance(declared, Capability) and thing.__module__ == module.__name__:
            if not _ID.match(declared.id):
                raise ValueError(f"the id {declared.id!r} must be lower case letters, digits and underscores")
            path = Path(str(module.__file__))
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            yield replace(declared, digest=digest), path


def _cases(path: Path, capability: Capability) -> tuple[Case, ...]:
    file = path.with_name(f"{capability.id}.cases.yaml")
    if not file.exists():
        raise FileNotFoundError(f"{file.name} is missing: a capability without reference cases does not run")
    content = yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - one of the two safe ones
    cases = tuple(Case(str(each["name"]), each["given"], each["expect"], str(each.get("source", ""))) for each in content["cases"])
    if not cases:
        raise ValueError(f"{file.name} holds no cases")
    return cases


def _unmet(found: dict[str, Capability]) -> list[tuple[str, str]]:
    """Capabilities that need the finding of one that is not there, or that run by themselves on one that waits to be asked."""
    return [
        (capability.id, f"it needs the finding {need.name!r}, and no such capability runs")
        for capability in found.values()
        for _, need in capability.needs
        if need.kind == "finding" and (need.name not in found or (capability.live and not found[need.name].live))
    ]


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, WardlineError | ValueError | FileNotFoundError) else f"{type(error).__name__}: {error}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one case gave. `difference` is empty when it passed."""

    capability: str
    case: Case
    difference: str


def verify(catalogue: Catalogue, *, about_studies: bool = True, models: Models | None = None) -> Iterator[Verdict]:
    """Run every case of every capability on this machine, with the house's models; those about studies only where that is asked for."""
    for capability in catalogue.capabilities:
        for case in catalogue.cases[capability.id] if about_studies or capability.about != "study" else ():
            yield Verdict(capability.id, case, difference(case.expect, assess(capability, case.given, models)))


def difference(expected: Any, got: Any, where: str = "") -> str:
    """The first place where `got` lacks something of `expected`, in words; "" when everything expected is there.

    In an answer with several outcomes, `expect` may list `answers` as an object by key. A number that machines work out a little differently,
    as a network's, is expected as `{near: 540, within: 5}`.
    """
    if isinstance(expected, dict) and set(expected) == {"near", "within"}:
        is_number = isinstance(got, int | float) and not isinstance(got, bool)
        is_near = is_number and abs(got - expected["near"]) <= expected["within"]
        return "" if is_near else f"{where} is {got!r}, expected {expected['near']!r} within {expected['within']!r}"
    if isinstance(expected, dict):
        if where.endswith("answers") and isinstance(got, list):
            got = {each.get("key", ""): each for each in got}
        if not isinstance(got, dict):
            return f"{where or 'answer'} is {got!r}, expected {expected!r}"
        for key, value in expected.items():
            if key not in got and value is not None:
                return f"{where}{'.' if where else ''}{key} is missing, expected {value!r}"
            found = difference(value, got.get(key), f"{where}{'.' if where else ''}{key}")
            if found:
                return found
        return ""
    if isinstance(expected, float) and isinstance(got, int | float) and not isinstance(got, bool):
        return "" if abs(got - expected) <= 1e-9 + 1e-9 * abs(expected) else f"{where} is {got!r}, expected {expected!r}"
    return "" if expected == got else f"{where} is {got!r}, expected {expected!r}"
