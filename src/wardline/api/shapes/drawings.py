"""What people have drawn and measured on a study."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf

How = Annotated[Literal["automatic", "changed", "drawn"], Field(description="By the program, changed by a person, or drawn by one from nothing.")]


@with_config(CLOSED)
class MayDraw(TypedDict):
    draw: Annotated[bool, Field(description="Whether you may outline lesions and measure by hand.")]


@with_config(CLOSED)
class OutlinedLesion(TypedDict):
    key: str
    label: Annotated[int, Field(description="Its number in the mask.")]
    site: str
    how: How


@with_config(CLOSED)
class Drawing(TypedDict):
    mask: Annotated[str, Field(description="SHA-256 of the mask.")]
    by: str
    at: datetime
    note: str
    state: Literal["measured", "measuring", "not used"]
    why: Annotated[str, Field(description="Why it is not used.")]
    lesions: list[OutlinedLesion]
    removed: Annotated[list[str], Field(description="Lesions that this version takes for none.")]


@with_config(CLOSED)
class Version(TypedDict):
    mask: str
    automatic: bool
    by: str
    at: Annotated[datetime | None, Field(description="null for the program's own.")]
    note: str
    is_current: bool
    lesions: list[OutlinedLesion]
    removed: list[str]


@with_config(CLOSED)
class Contours(TypedDict):
    as_of: AsOf
    versions: list[Version]


@with_config(CLOSED)
class Measuring(TypedDict):
    study: str
    state: Literal["measuring"]


@with_config(CLOSED)
class MarkValue(TypedDict):
    id: str
    name: str
    value: float | None
    unit: str
    why: Annotated[str, Field(description="Why there is none.")]


@with_config(CLOSED)
class Mark(TypedDict):
    id: Annotated[str, Field(examples=["M1"])]
    series: str
    kind: Literal["length", "ellipse", "sphere"]
    points: Annotated[list[list[float]], Field(description="In the patient, mm: to the left, the back, the head.")]
    label: str
    by: str
    at: datetime
    is_current: Annotated[bool, Field(description="False: its series has other images now.")]
    values: list[MarkValue]
