"""Images that were kept but could not be filed."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, with_config
from typing_extensions import TypedDict

from wardline.api.shapes.shape import CLOSED, AsOf


@with_config(CLOSED)
class ImageAside(TypedDict):
    number: int
    at: datetime
    reason: str
    what_to_do: str
    source: Annotated[str, Field(description="AE title of the scanner or archive that sent it, or the account.")]
    study: Annotated[str, Field(description="Study Instance UID; empty where it names none.")]
    instance: Annotated[str, Field(description="SOP Instance UID.")]
    sop_class: Annotated[str, Field(description="SOP Class UID.")]
    syntax: Annotated[str, Field(description="Transfer Syntax UID.")]
    size: Annotated[int, Field(description="Bytes of the data set.")]
    name: Annotated[str, Field(description="As the images of its study that are here say it; empty where there are none that you may see.")]
    patient_number: str
    has_file: Annotated[bool, Field(description="Whether its file is given out here.")]


@with_config(CLOSED)
class ImagesAside(TypedDict):
    as_of: AsOf
    images: list[ImageAside]
    has_more: Annotated[bool, Field(description="Whether there are older ones that are not in this list.")]
