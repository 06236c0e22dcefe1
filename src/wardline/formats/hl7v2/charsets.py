"""Which character set a message is written in (MSH-18, HL7 table 0211)."""

from collections.abc import Sequence
from typing import Final

from wardline.core.errors import Refused

_JAPANESE: Final = "iso2022_jp_ext"
"""ASCII, JIS X 0201, 0208 and 0212 with the ISO 2022 escape sequences that switch between them: one codec for all of their names."""
_CODECS: Final = {
    "ASCII": "utf-8", "UNICODE UTF-8": "utf-8", "UNICODE_UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8", "UNICODE": "utf-8",
    "8859/1": "iso8859-1", "8859/2": "iso8859-2", "8859/3": "iso8859-3", "8859/4": "iso8859-4", "8859/5": "iso8859-5",
    "8859/6": "iso8859-6", "8859/7": "iso8859-7", "8859/8": "iso8859-8", "8859/9": "iso8859-9", "8859/15": "iso8859-15",
    "ISO-8859-1": "iso8859-1", "ISO8859-1": "iso8859-1", "ISO 8859-1": "iso8859-1", "LATIN-1": "iso8859-1", "ISO_8859-1": "iso8859-1",
    "WINDOWS-1252": "cp1252", "CP1252": "cp1252", "ANSI": "cp1252", "GB 18030-2000": "gb18030", "GB18030": "gb18030", "BIG-5": "big5",
    "KS X 1001": "euc_kr", "ISO IR6": "utf-8", "ISO IR14": _JAPANESE, "ISO IR87": _JAPANESE, "ISO IR159": _JAPANESE, "JAS2020": _JAPANESE,
    "JIS X 0202": _JAPANESE,
}  # fmt: skip
_SWITCH: Final = b"\x1b"


def codec_of(declared: str, default: str = "utf-8") -> str:
    """The Python codec for a name of MSH-18, or the source's default where there is none. Raises `Refused` for an unknown one."""
    name = declared.strip().upper()
    if not name:
        return default
    try:
        return _CODECS[name]
    except KeyError:
        raise Refused(f"the character set {name[:40]!r} is not supported", code="charset-unknown", where="MSH-18", rejected=True) from None


def codec_among(declared: Sequence[str], raw: bytes, default: str) -> str:
    """The codec for an MSH-18 that names several sets: the first is in force, the others are switched to (HL7 v2.5.1 chapter 2, MSH-18).

    Japanese systems write "~ISO IR87": ASCII that switches to Kanji. Any other switching is refused: the first set alone would
    make other letters of the same bytes.
    """
    if any(_CODECS.get(name.strip().upper()) == _JAPANESE for name in declared):
        return _JAPANESE
    if _SWITCH in raw:
        raise Refused("the message switches between character sets in a way that is not followed here", code="charset-unknown", where="MSH-18")
    return codec_of(declared[0], default)


def decoded(raw: bytes, codec: str) -> str:
    """The text of a message. A message that is not what it says it is gets refused, never repaired by guessing."""
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise Refused(
            f"byte {error.start} is not valid {codec}, which the message declares or its source is set to", code="charset-wrong", where="MSH-18"
        ) from None
