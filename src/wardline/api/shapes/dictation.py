"""Dictation: what was said, as a draft."""

from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED


@with_config(CLOSED)
class Ready(TypedDict):
    ready: bool
    reason: Annotated[str, Field(description="Why there is no dictation here, and what to do; empty when there is.")]
    language: str


@with_config(CLOSED)
class Passage(TypedDict):
    begins: Annotated[float, Field(description="Seconds.")]
    ends: Annotated[float, Field(description="Seconds.")]
    text: str
    doubtful: Annotated[bool, Field(description="The model is itself unsure of this passage: listen again.")]


@with_config(CLOSED)
class Dictated(TypedDict):
    text: Annotated[str, Field(description="Always a draft: read it before it goes into a report.")]
    segments: list[Passage]
    draft: bool
