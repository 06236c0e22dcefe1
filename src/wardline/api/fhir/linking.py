"""What comes along with a search: resources that matches point at (_include), and those that point at them (_revinclude)."""

from collections.abc import Iterable
from typing import Final

from wardline.api.fhir.finding import Finding
from wardline.api.fhir.seeing import Hit
from wardline.core.errors import Refused
from wardline.core.resources import Criterion, Wanted
from wardline.formats.fhir.search.asking import Asked
from wardline.formats.fhir.search.indexing import tail_of
from wardline.formats.fhir.search.parameters import known_types, parameters_of

MOST: Final = 5_000
MOST_LINKS: Final = 30
STEPS: Final = 3
"""How often `:iterate` is followed."""


def included(finding: Finding, page: list[Hit], pairs: Iterable[tuple[str, str]]) -> list[Hit]:
    """Each once, and none that is a match itself. Raises `Refused` for a link that there is not."""
    found = {hit.reference: hit for hit in page}
    wanted = list(dict.fromkeys((name, value) for name, value in pairs if name.startswith(("_include", "_revinclude"))))
    if len(wanted) > MOST_LINKS:
        raise Refused(f"a search includes {MOST_LINKS} kinds of links at most", code="too-costly", where="_include")
    newest = list(page)
    for step in range(STEPS):
        fresh: dict[str, Hit] = {}
        for name, value in wanted:
            if step and not name.endswith(":iterate"):
                continue
            for hit in _followed(finding, newest if step else page, name, value):
                if hit.reference not in found and hit.reference not in fresh:
                    fresh[hit.reference] = hit
        if not fresh or len(found) > MOST:
            break
        found |= fresh
        newest = list(fresh.values())
    return list(found.values())[len(page) :]


def _followed(finding: Finding, hits: list[Hit], name: str, value: str) -> Iterable[Hit]:
    source, _, rest = value.partition(":")
    parameter, _, target = rest.partition(":")
    if not hits:
        return ()
    if name.startswith("_include"):
        mine = [hit for hit in hits if hit.type == source or source == "*"]
        return _pointed_at(finding, mine, _names(source, parameter, name), target)
    return _pointing(finding, hits, source, _names(source, parameter, name))


def _names(source: str, parameter: str, name: str) -> tuple[str, ...] | None:
    """The links by their names in the index; None for all of them."""
    if source == "*" or parameter == "*":
        return None
    known = parameters_of(source).get(parameter)
    if known is None or known.kind != "reference":
        shown = f"{source}:{parameter}"[:80]
        raise Refused(f"{name}={shown} is no link that is known here; write Type:parameter", code="value", where=name)
    return (f"{source}.{parameter}",)


def _pointed_at(finding: Finding, hits: list[Hit], names: tuple[str, ...] | None, target: str) -> Iterable[Hit]:
    for link in finding.links(hits, names):
        reference = tail_of(link.target)
        if (not target or reference.startswith(f"{target}/")) and (hit := finding.known(reference)) is not None:
            yield hit


def _pointing(finding: Finding, hits: list[Hit], source: str, names: tuple[str, ...] | None) -> Iterable[Hit]:
    values = tuple(Wanted(hit.reference) for hit in hits)
    for type in known_types() if source == "*" else (source,):
        listed = [name.partition(".")[2] for name in names] if names is not None else [
            each.name for each in parameters_of(type).values() if each.kind == "reference"
        ]  # fmt: skip
        for name in listed:
            yield from finding.find(Asked(type, (Criterion(name, "reference", values),)))
