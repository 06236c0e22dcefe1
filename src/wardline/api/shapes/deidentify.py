"""A text, a message or a table looked at for what identifies people."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED

Format = Literal["text", "hl7v2", "fhir"]


@with_config(CLOSED)
class FoundIdentifier(TypedDict):
    kind: Annotated[str, Field(description="One of the 18 of the Safe Harbor list.", examples=["name"])]
    start: Annotated[int, Field(description="First character in the text as it was sent.")]
    end: int
    new_start: Annotated[int, Field(description="First character of what stands there in the new text.")]
    new_end: int


@with_config(CLOSED)
class Deidentified(TypedDict):
    profile: str
    notice: Annotated[str, Field(description="What whoever receives the data must be told.")]
    text: NotRequired[Annotated[str, Field(description="The new text, or the new HL7 v2 message.")]]
    found: NotRequired[Annotated[list[FoundIdentifier], Field(description="Of a text: what was found, in order.")]]
    resource: NotRequired[Annotated[dict[str, Any], Field(description="The new FHIR resource.")]]
    dropped: NotRequired[Annotated[dict[str, int], Field(description="How many resources of which kind were left out of a Bundle whole.")]]


@with_config(CLOSED)
class SensitiveColumn(TypedDict):
    column: str
    distinct: Annotated[int, Field(description="Fewest different values in any group (distinct l-diversity).")]
    entropy: Annotated[float, Field(description="Smallest exponential of the entropy in any group (entropy l-diversity).")]
    closeness: Annotated[float, Field(description="Largest earth mover's distance of a group from the whole, 0 to 1 (t-closeness).")]


@with_config(CLOSED)
class AttackRisk(TypedDict):
    highest: Annotated[float, Field(description="Chance to name the person most at risk.")]
    average: float


@with_config(CLOSED)
class SuggestedStep(TypedDict):
    column: str
    words: Annotated[str, Field(description="How coarse it becomes.")]
    breaking: Annotated[int, Field(description="Records still in too small a group afterwards.")]


@with_config(CLOSED)
class DisclosureRisk(TypedDict):
    records: int
    groups: int
    wanted: Annotated[int, Field(description="The k asked for.")]
    smallest: Annotated[int, Field(description="The k the table has.")]
    alone: Annotated[int, Field(description="Records that share their features with nobody.")]
    breaking: Annotated[list[int], Field(description="Places, from 0, of records in groups smaller than wanted.")]
    sensitive: list[SensitiveColumn]
    prosecutor: Annotated[AttackRisk, Field(description="From somebody who knows that the person is in the table.")]
    journalist: Annotated[AttackRisk, Field(description="From somebody who does not.")]
    marketer: Annotated[float, Field(description="Expected share named by somebody who tries everybody.")]
    against: Annotated[int, Field(description="People in the register that was sent; 0 where the table itself stood for it.")]
    suggestions: list[SuggestedStep]
