"""Text in DICOM data sets: bytes to words by the character set the data set says it uses, and a word where it does not keep to it.

PS3.5 6.1. Nothing is guessed: what cannot be read by the stated set shows U+FFFD, and the bytes stay in the file as they came.
"""

from typing import Final

_ESCAPE: Final = b"\x1b"
_DELIMITERS: Final = {ord(each) for each in "\n\r\t\f"}
_NAME_DELIMITERS: Final = {ord(each) for each in "\\^="}


class CharacterSet:
    """The value of Specific Character Set (0008,0005), made ready."""

    def __init__(self, stated: str = "") -> None:
        self.problem, self._encodings = "", ["ascii"]  # the default repertoire is ISO 646: nothing above 127
        if not stated:
            return
        from pydicom.charset import python_encoding  # here, because it takes a tenth of a second, which a start has not got

        names = [each.strip() for each in stated.split("\\")]
        unknown = [each for each in names if each not in python_encoding]
        self.problem = f"character set {unknown[0]!r} (0008,0005) is not one of the standard's" if unknown else ""
        self._encodings = [python_encoding.get(each, "ascii") for each in names]
        if not names[0] or unknown:
            self._encodings[0] = "ascii"

    def text(self, value: bytes, *, is_name: bool = False) -> tuple[str, bool]:
        """The words, and whether every byte could be read."""
        if value.isascii() and _ESCAPE not in value:
            return value.decode("ascii"), True
        try:
            if _ESCAPE in value:
                from pydicom.charset import decode_bytes  # as above

                return decode_bytes(value, self._encodings, _NAME_DELIMITERS if is_name else _DELIMITERS), True
            return value.decode(self._encodings[0]), True
        except (UnicodeError, LookupError, UserWarning):
            return value.decode("ascii", errors="replace"), False
