"""The options of the profile, and how an object says which of them were applied (PS3.15 E.1 to E.3, PS3.16 CID 7050)."""

from enum import Enum
from typing import Final

from wardline.core.errors import Refused

BASIC: Final = ("113100", "Basic Application Confidentiality Profile")


class Option(Enum):
    """Code value and meaning in CID 7050."""

    CLEAN_PIXEL_DATA = ("113101", "Clean Pixel Data Option")
    CLEAN_RECOGNIZABLE_VISUAL_FEATURES = ("113102", "Clean Recognizable Visual Features Option")
    CLEAN_GRAPHICS = ("113103", "Clean Graphics Option")
    CLEAN_STRUCTURED_CONTENT = ("113104", "Clean Structured Content Option")
    CLEAN_DESCRIPTORS = ("113105", "Clean Descriptors Option")
    RETAIN_FULL_DATES = ("113106", "Retain Longitudinal Temporal Information Full Dates Option")
    RETAIN_MODIFIED_DATES = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
    RETAIN_PATIENT_CHARACTERISTICS = ("113108", "Retain Patient Characteristics Option")
    RETAIN_DEVICE_IDENTITY = ("113109", "Retain Device Identity Option")
    RETAIN_UIDS = ("113110", "Retain UIDs Option")
    RETAIN_SAFE_PRIVATE = ("113111", "Retain Safe Private Option")
    RETAIN_INSTITUTION_IDENTITY = ("113112", "Retain Institution Identity Option")

    @property
    def word(self) -> str:
        """As it is written on the command line: clean-pixel-data."""
        return self.name.lower().replace("_", "-")


def checked(options: frozenset[Option]) -> frozenset[Option]:
    """Raise `Refused` for what is not done here and for what contradicts itself."""
    if Option.CLEAN_RECOGNIZABLE_VISUAL_FEATURES in options:
        raise Refused("faces are not removed from volumes here; have a specialised program do it first, then leave this option out", code="defacing")
    if options >= {Option.RETAIN_FULL_DATES, Option.RETAIN_MODIFIED_DATES}:
        raise Refused("dates either stay or are moved; choose one of the two options", code="option")
    return options


def option_named(word: str) -> Option:
    """Raises `Refused` with the list of what there is."""
    found = next((option for option in Option if option.word == word), None)
    if found is None:
        raise Refused(f"{word!r} is no option; there are {', '.join(option.word for option in Option)}", code="option")
    return found
