"""FHIR resources as the house keeps and finds them: where each version stands in the log, and what it can be found by."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

from wardline.core.events import EventId

ABOUT_NOBODY: Final = "fhir/"
"""Beginning of the record of a resource that is about no patient: "fhir/Organization/17"."""
SOURCE: Final = "fhir"
"""Source of events that came in as FHIR resources."""

# --- what a resource can be found by ------------------------------------------------------------------------------------------


class Token(NamedTuple):
    """A code or identifier with its system, as FHIR's token search compares it. `text` is what people read."""

    name: str
    system: str
    code: str
    text: str = ""


class Text(NamedTuple):
    """Words; a URI with its exact letters."""

    name: str
    text: str


class Span(NamedTuple):
    """A stretch of time in microseconds since 1970, both ends included: a day is as long as it is."""

    name: str
    low: int
    high: int


class Amount(NamedTuple):
    """A number, or a range of them, with its unit."""

    name: str
    low: float
    high: float
    system: str = ""
    code: str = ""
    unit: str = ""


class Link(NamedTuple):
    """A reference: "Patient/17", or an address elsewhere."""

    name: str
    target: str


Entry: TypeAlias = Token | Text | Span | Amount | Link
Kind: TypeAlias = Literal["token", "string", "date", "quantity", "number", "reference", "uri"]


class Stored(NamedTuple):
    """The newest version of a resource, without its text. `labels` and `facts` say how sensitive it is (see security.labels)."""

    number: int
    type: str
    id: str
    version: int
    event: EventId
    about: str
    updated_at: datetime
    labels: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """(kind, key) under which people can label what it says."""
    others: tuple[str, ...] = ()
    """Records of other patients that it names as well."""


class Version(NamedTuple):
    """One version of a resource in its history."""

    type: str
    id: str
    version: int
    event: EventId
    about: str
    updated_at: datetime
    deleted: bool = False


# --- asking ---------------------------------------------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """One value that is asked for; which fields count depends on the kind of the parameter."""

    text: str = ""
    system: str | None = None
    """None: any system; "": expressly none."""
    low: float = 0
    high: float = 0
    prefix: str = "eq"
    unit: str = ""


class Criterion(NamedTuple):
    """One condition: the parameter has any of these values. Several conditions hold together."""

    name: str
    kind: Kind
    values: tuple[Wanted, ...] = ()
    modifier: str = ""
    """"", "not", "missing", "present", "exact", "contains", "text", "below", "type"."""


class Search(Protocol):
    """Finds resources by what is in them. Made from the log and nothing else, so it can be thrown away at any time."""

    def put(self, stored: Stored, entries: Iterable[Entry]) -> None:
        """A new resource, or a new version of one."""
        ...

    def remove(self, version: Version) -> None:
        """A version that says that the resource is deleted."""
        ...

    def find(self, type: str, criteria: Sequence[Criterion] = ()) -> list[Stored]:
        """All that meet every condition, in the order in which they first came."""
        ...

    def get(self, type: str, id: str) -> Stored | None: ...

    def of(self, records: Iterable[str]) -> list[Stored]:
        """Everything that stands about these records."""
        ...

    def links(self, numbers: Iterable[int], names: Iterable[str] | None = None) -> list[Link]:
        """Where these resources point, by these parameters or by all."""
        ...

    def keys(self, numbers: Iterable[int], name: str, kind: Kind, *, highest: bool) -> dict[int, str | float]:
        """What each of them is sorted by; those without a value are left out."""
        ...

    def versions(self, type: str = "", id: str = "") -> list[Version]:
        """History, the newest first: of one resource, of a type, or of everything."""
        ...

    def forget(self, records: Iterable[str]) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None: ...


NUMBERLESS: Final = 0
"""Of a resource that is not in the index: made on the spot from a timeline."""
