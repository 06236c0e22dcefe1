"""How the bytes of a DICOM data set are written: the transfer syntaxes, as far as a reader of headers must tell them apart.

PS3.5 Annex A. A transfer syntax that is not listed, also a private one, is explicit VR little endian with its pixels encapsulated (A.4).
"""

from typing import Final, NamedTuple

IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
EXPLICIT_BIG: Final = "1.2.840.10008.1.2.2"
DEFLATED: Final = "1.2.840.10008.1.2.1.99"


class Syntax(NamedTuple):
    """What a reader must know before the first element."""

    is_implicit: bool = False
    """Elements do not say their value representation: the dictionary does (A.1)."""
    is_big: bool = False
    is_deflated: bool = False
    """The whole data set is compressed with deflate (A.5)."""


_SYNTAXES: Final = {
    IMPLICIT_LITTLE: Syntax(is_implicit=True),
    "1.2.840.113619.5.2": Syntax(is_implicit=True),  # GE's own: only the pixels are big endian, the headers are not
    EXPLICIT_BIG: Syntax(is_big=True),
    DEFLATED: Syntax(is_deflated=True),
    "1.2.840.10008.1.2.4.95": Syntax(is_deflated=True),  # JPIP referenced deflate
    "1.2.840.10008.1.2.4.205": Syntax(is_deflated=True),  # JPIP HTJ2K referenced deflate
}


def syntax_of(uid: str) -> Syntax:
    return _SYNTAXES.get(uid, Syntax())
