"""In which form somebody wants their images: the Accept header as DICOMweb uses it (PS3.18 8.7, RFC 9110 12.5.1)."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from fastapi import Request

from wardline.core.errors import Refused
from wardline.formats.dicom.media import DEFLATED, EXPLICIT, MEDIA_TYPES, WORDS

DICOM: Final = "application/dicom"
JSON: Final = "application/dicom+json"
ANY: Final = "*"
RELATED: Final = "multipart/related"
PLAIN: Final = frozenset({EXPLICIT, "1.2.840.10008.1.2"})
"""Transfer syntaxes whose pixels are the same bytes: little endian, explicit or implicit."""
MOST: Final = 50
"""Forms a request may name."""


class NotAcceptable(Refused):
    """It cannot be had in any of the forms asked for: 406."""


class UnsupportedMedia(Refused):
    """What was sent is in a form that is not taken: 415."""


class Form(NamedTuple):
    """One form of an answer."""

    type: str
    """Of each part, where there are several: "application/dicom", "image/*" ..."""
    syntax: str = ""
    """A transfer syntax, "*" for whatever it was stored in, "" where nothing was said."""
    in_parts: bool = False
    weight: float = 1.0

    def covers(self, type: str) -> bool:
        return self.type in ("*/*", type) or (self.type.endswith("/*") and type.startswith(self.type[:-1]))


def forms(request: Request) -> list[Form]:
    """What is asked for, the most wanted first. The query may say it in place of the header (PS3.18 8.3.3.1)."""
    said = ",".join(request.query_params.getlist("accept")) or request.headers.get("accept", "") or "*/*"
    found = [form for part in _split(said, ",")[:MOST] if (form := _form(part)) is not None and form.weight > 0]
    return sorted(found, key=lambda form: -form.weight)


def _form(text: str) -> Form | None:
    head, *parameters = _split(text, ";")
    named = dict(_pair(each) for each in parameters)
    kind = head.strip().lower()
    if "/" not in kind:
        return None
    try:
        weight = float(named.get("q", "1"))
    except ValueError:
        return None
    in_parts = kind == RELATED
    return Form(named.get("type", "*/*").lower() if in_parts else kind, named.get("transfer-syntax", ""), in_parts, weight)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def _split(text: str, mark: str) -> list[str]:
    """At marks that do not stand in quotes."""
    found, part, is_quoted = [], "", False
    for letter in text:
        is_quoted ^= letter == '"'
        if letter == mark and not is_quoted:
            found.append(part)
            part = ""
        else:
            part += letter
    return [each for each in (*found, part) if each.strip()]


# --- what is chosen -----------------------------------------------------------------------------------------------------------------------


class Choice(NamedTuple):
    """The form an answer takes."""

    in_parts: bool
    as_stored: bool
    """Otherwise it is decoded to explicit VR little endian."""
    type: str = WORDS
    """Of frames: how they are called; "" for the media type of their compression."""


def of_instances(asked: Iterable[Form], stored: Iterable[str]) -> Choice:
    """For whole instances in these transfer syntaxes. Raises `NotAcceptable`."""
    syntaxes = frozenset(stored)
    for form in asked:
        if not form.covers(DICOM):
            continue
        in_parts = form.in_parts or form.type == "*/*"
        # Where no transfer syntax is named it is explicit VR little endian (PS3.18 8.7.3.5.2).
        if form.syntax == ANY or syntaxes == {form.syntax or EXPLICIT}:
            return Choice(in_parts, as_stored=True, type=DICOM)
        if form.syntax in ("", EXPLICIT):
            return Choice(in_parts, as_stored=False, type=DICOM)
    raise NotAcceptable(_cannot(syntaxes, DICOM))


def of_frames(asked: Iterable[Form], stored: str) -> Choice:
    """For frames of an image in this transfer syntax. Raises `NotAcceptable`."""
    compressed = MEDIA_TYPES.get(stored, "")
    for form in asked:
        in_parts = form.in_parts or form.type == "*/*"
        if stored == DEFLATED and form.covers(WORDS):  # compressed is the whole data set, of which no part can be had by itself
            return Choice(in_parts, as_stored=False, type=WORDS)
        if form.syntax in (ANY, stored) and form.covers(WORDS):
            return Choice(in_parts, as_stored=True, type=compressed if compressed and form.type == "*/*" else WORDS)
        if compressed and form.type != "*/*" and form.covers(compressed) and form.syntax in (ANY, stored, ""):
            return Choice(in_parts, as_stored=True, type=compressed)
        if form.covers(WORDS) and form.syntax in ("", EXPLICIT):
            return Choice(in_parts, as_stored=stored in PLAIN, type=WORDS)
    raise NotAcceptable(_cannot({stored}, WORDS))


def of_words(asked: Iterable[Form], type: str) -> bool:
    """For an answer that has one form only: whether it is wanted as parts of a message. Raises `NotAcceptable`."""
    for form in asked:
        if form.covers(type):
            return form.in_parts
    raise NotAcceptable(f"this can be had as {type}")


def need(asked: Iterable[Form], *types: str) -> str:
    """The first of these types that is wanted. Raises `NotAcceptable`."""
    wanted: Iterator[str] = (type for form in asked if not form.in_parts for type in types if form.covers(type))
    found = next(wanted, "")
    if not found:
        raise NotAcceptable(f"this can be had as {' or '.join(types)}")
    return found


def _cannot(stored: Iterable[str], type: str) -> str:
    kept = ", ".join(sorted(stored))
    return f'it was stored in {kept}; ask for {RELATED}; type="{type}"; transfer-syntax={ANY} to have it so, or leave the transfer syntax out'
