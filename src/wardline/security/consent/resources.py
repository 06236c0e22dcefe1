"""How sensitive a FHIR resource is: by its own codes and words, and by everything that it states as facts of a patient."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeAlias

from wardline.core.errors import Refused
from wardline.core.events import Event, Kept, Value
from wardline.formats.fhir.facts import facts_of
from wardline.formats.fhir.resources import plainly
from wardline.security.labels.facts import fact_of
from wardline.security.labels.table import Labels

Resolver: TypeAlias = Callable[[str], Mapping[str, Any] | None]
_WHENEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Labels do not depend on when something was said."""


class Sensitivity(NamedTuple):
    """`facts`: what people can label it by, the resource itself first."""

    labels: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


def sensitivity_of(kept: Kept, labels: Labels, resolve: Resolver, stated: Iterable[Value] | None = None) -> Sensitivity:
    """One resource. A drug that it only refers to counts as if it stood in it. `stated`: its facts, where they have been read already."""
    if kept.resource == "Patient" or not kept.body:
        return Sensitivity()
    whole = Event(kept, "", _WHENEVER, _WHENEVER)
    said, facts = set(labels.of(whole)), {(kept.resource, kept.id): None}
    for value in _stated(kept, resolve) if stated is None else stated:
        event = Event(value, "", _WHENEVER, _WHENEVER)
        fact = fact_of(event)
        if fact is not None:
            said |= labels.of(event)
            facts[fact.kind, fact.key] = None
    return Sensitivity(tuple(sorted(said)), tuple(facts))


def _stated(kept: Kept, resolve: Resolver) -> list[Value]:
    """What cannot be read as facts states none; its own codes and words count all the same."""
    try:
        return [each.value for each in facts_of(plainly(kept.body), about="", stated_at=_WHENEVER, resolve=resolve)]
    except Refused:
        return []


def nothing(reference: str) -> None:
    """A resolver for resources that are looked at alone."""
    return
