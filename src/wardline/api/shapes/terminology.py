"""What can be measured, and under which codes."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class Concept(TypedDict):
    id: str
    name: str
    unit: Annotated[str, Field(description="UCUM; values are kept in it. Empty for answers that are codes.")]
    loinc: Annotated[list[str], Field(description="First the code that is sent, then those also accepted.")]
    mdc: Annotated[list[str], Field(description="IEEE 11073 reference identifiers, as devices send them.")]
    answers: Annotated[list[str], Field(description="For answers that are codes: what they can mean.")]
    plausible: Annotated[tuple[float, float] | None, Field(description="Values outside are shown and never scored.")]


@with_config(CLOSED)
class Concepts(TypedDict):
    concepts: list[Concept]
    notice: Annotated[str, Field(description="LOINC's notice.")]
