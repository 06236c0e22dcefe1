"""How a picture of an image is wanted: its format, size, and which grey values it shows (PS3.18 8.3.5)."""

from typing import Final, NamedTuple

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG"}
QUALITY: Final = 90
LARGEST_SIDE: Final = 8192
THUMBNAIL: Final = 128
"""Pixels of the longer side."""


class Window(NamedTuple):
    """Grey values shown: PS3.3 C.11.2.1.2, where `function` is linear, linear-exact or sigmoid."""

    centre: float
    width: float
    function: str = "linear"


class View(NamedTuple):
    """How a picture is wanted."""

    format: str = "image/jpeg"
    window: Window | None = None
    size: tuple[int, int] | None = None
    """It fits into so many columns and rows; the proportions stay."""
    region: tuple[int, int, int, int] | None = None
    """(column, row, columns, rows) of the image."""
    quality: int = QUALITY
