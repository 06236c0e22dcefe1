"""What CDS Hooks services answer, as its specification 2.0 names things."""

from typing import Any, Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class ServiceLine(TypedDict):
    id: str
    hook: str
    title: str
    description: str
    prefetch: dict[str, str]
    usageRequirements: NotRequired[str]


@with_config(CLOSED)
class Discovery(TypedDict):
    services: list[ServiceLine]


@with_config(CLOSED)
class Coding(TypedDict):
    code: str
    system: NotRequired[str]
    display: NotRequired[str]


@with_config(CLOSED)
class Source(TypedDict):
    label: str
    url: NotRequired[str]
    topic: NotRequired[Coding]


@with_config(CLOSED)
class Action(TypedDict):
    type: Literal["create", "update", "delete"]
    description: str
    resource: NotRequired[dict[str, Any]]
    resourceId: NotRequired[str]


@with_config(CLOSED)
class Suggestion(TypedDict):
    label: str
    uuid: str
    isRecommended: NotRequired[bool]
    actions: list[Action]


@with_config(CLOSED)
class Link(TypedDict):
    label: str
    url: str
    type: Literal["absolute", "smart"]


@with_config(CLOSED)
class Card(TypedDict):
    """Fewer than 140 characters in `summary`; `detail` is GitHub-flavoured Markdown."""

    uuid: str
    summary: str
    detail: NotRequired[str]
    indicator: Literal["info", "warning", "critical"]
    source: Source
    suggestions: NotRequired[list[Suggestion]]
    selectionBehavior: NotRequired[Literal["at-most-one", "any"]]
    overrideReasons: NotRequired[list[Coding]]
    links: NotRequired[list[Link]]


@with_config(CLOSED)
class Cards(TypedDict):
    """No system actions: nothing is changed in an EHR without a person's act."""

    cards: list[Card]


@with_config(CLOSED)
class Taken(TypedDict):
    """Nothing: the feedback has been kept."""
