"""A person's name as DICOM writes it: the family name first, the parts set apart by ^ (PS3.5 6.2.1)."""

from typing import Final

_MARKS: Final = str.maketrans("^=\\", "   ")
"""They part names and values, so none may stand in one."""


def dicom_name(name: str) -> str:
    """ "Ada Okonkwo" as "Okonkwo^Ada" (PS3.5 6.2.1.1): the last word is taken for the family name."""
    given, _, family = " ".join(name.translate(_MARKS).split()).rpartition(" ")
    return f"{family}^{given}" if given else family
