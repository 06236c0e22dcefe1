"""Which character set a message is written in (MSH-18, HL7 table 0211)."""

from typing import Final

from wardline.core.errors import Refused

_CODECS: Final = {
    "ASCII": "utf-8", "UNICODE UTF-8": "utf-8", "UNICODE_UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8", "UNICODE": "utf-8",
    "8859/1": "iso8859-1", "8859/2": "iso8859-2", "8859/3": "iso8859-3", "8859/4": "iso8859-4", "8859/5": "iso8859-5",
    "8859/6": "iso8859-6", "8859/7": "iso8859-7", "8859/8": "iso8859-8", "8859/9": "iso8859-9", "8859/15": "iso8859-15",
    "ISO-8859-1": "iso8859-1", "ISO8859-1": "iso8859-1", "ISO 8859-1": "iso8859-1", "LATIN-1": "iso8859-1", "ISO_8859-1": "iso8859-1",
    "WINDOWS-1252": "cp1252", "CP1252": "cp1252", "ANSI": "cp1252", "GB 18030-2000": "gb18030", "GB18030": "gb18030", "BIG-5": "big5",
    "KS X 1001": "euc_kr", "ISO IR87": "iso2022_jp", "ISO IR6": "utf-8",
}  # fmt: skip


def codec_of(declared: str, default: str = "utf-8") -> str:
    """The Python codec for a name of MSH-18, or the source's default where there is none. Raises `Refused` for an unknown one."""
    name = declared.strip().upper()
    if not name:
        return default
    try:
        return _CODECS[name]
    except KeyError:
        raise Refused(f"the character set {name[:40]!r} is not supported", code="charset-unknown", where="MSH-18", rejected=True) from None


def decoded(raw: bytes, codec: str) -> str:
    """The text of a message. A message that is not what it says it is gets refused, never repaired by guessing."""
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise Refused(
            f"byte {error.start} is not valid {codec}, which the message declares or its source is set to", code="charset-wrong", where="MSH-18"
        ) from None
