"""Why somebody may or may not do something, and the policies that say so."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf, RecordKey


@with_config(CLOSED)
class Policy(TypedDict):
    id: str
    says: str
    because: str
    effect: Literal["permit", "forbid"]
    file: str
    line: int
    text: Annotated[str, Field(description="The policy in Cedar, as it is in force.")]
    is_ours: Annotated[bool, Field(description="False for a policy of the site's own.")]


@with_config(CLOSED)
class Action(TypedDict):
    name: str
    words: str
    policies: Annotated[list[str], Field(description="Those that name it.")]


@with_config(CLOSED)
class Policies(TypedDict):
    policies: list[Policy]
    actions: list[Action]


@with_config(CLOSED)
class Explained(TypedDict):
    as_of: AsOf
    allowed: bool
    reason: Annotated[str, Field(description="What the person is told who is refused.")]
    remedy: str
    purpose: str
    who: str
    action: str
    about: Annotated[str, Field(description="The record, the unit, or empty.")]
    policies: Annotated[list[Policy], Field(description="Those that decided; none where nothing permits it.")]
    facts: list[str]


@with_config(CLOSED)
class Refusal(TypedDict):
    at: datetime
    who: Annotated[str, Field(description="Account; empty for nobody signed in.")]
    login: str
    name: str
    action: Annotated[str, Field(description="What the door asks for; empty where too little was kept to ask again.")]
    door: str
    patient: RecordKey
    number: str
    said: str


@with_config(CLOSED)
class Refusals(TypedDict):
    as_of: AsOf
    items: list[Refusal]
