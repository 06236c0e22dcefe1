"""A text with what identifies replaced: by the name of its kind, or by consistent made-up stand-ins with dates moved."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from wardline.science.language.deidentification.dates import shifted
from wardline.science.language.deidentification.identifiers import Kind, Span
from wardline.science.language.deidentification.names import PARTICLES, TITLES
from wardline.science.language.deidentification.surrogates import Surrogates

AGE_KEPT: Final = "90 or older"


class Replaced(NamedTuple):
    """Something that was found, and where its replacement stands in the new text."""

    span: Span
    start: int
    end: int


class Result(NamedTuple):
    text: str
    replaced: tuple[Replaced, ...]


def redacted(text: str, spans: Sequence[Span]) -> Result:
    """Each one becomes the name of its kind. Ages over 89 become one class, as Safe Harbor allows."""
    return _written(text, spans, lambda span: AGE_KEPT if span.kind is Kind.AGE else span.kind.mark)


def pseudonymised(text: str, spans: Sequence[Span], surrogates: Surrogates, *, month_first: bool = True) -> Result:
    """Each one becomes an invented one of its kind; dates are moved by the patient's days. Not Safe Harbor: dates remain."""
    makers = _makers(surrogates, month_first)

    def made(span: Span) -> str:
        old = text[span.start : span.end]
        new = makers.get(span.kind, surrogates.code)(old)
        return new if new and new.casefold() != old.casefold() else span.kind.mark

    return _written(text, spans, made)


def _makers(surrogates: Surrogates, month_first: bool) -> Mapping[Kind, Callable[[str], str]]:
    return {
        Kind.NAME: lambda old: _name(old, surrogates),
        Kind.PLACE: surrogates.town,
        Kind.DATE: lambda old: shifted(old, surrogates.days, month_first=month_first) or Kind.DATE.mark,
        Kind.AGE: lambda _: AGE_KEPT,
        Kind.EMAIL: lambda old: f"{surrogates.token('email', old.lower(), 8)}@example.org",  # RFC 2606: belongs to nobody
        Kind.URL: lambda old: f"https://example.org/{surrogates.token('url', old.lower(), 8)}",
        Kind.IP: lambda old: f"192.0.2.{surrogates.integer('ip', old) % 254 + 1}",  # RFC 5737: for documents
        Kind.PHOTO: lambda _: Kind.PHOTO.mark,
        Kind.BIOMETRIC: lambda _: Kind.BIOMETRIC.mark,
    }


_PIECE: Final = re.compile(r"[^\W\d_]+")


def _name(old: str, surrogates: Surrogates) -> str:
    """Word by word, so that "Mrs Okafor" stays the Ngozi Okafor of the line above; titles and particles stand."""

    def replaced(found: re.Match[str]) -> str:
        word, lower = found[0], found[0].lower()
        if lower in TITLES or f"{lower}." in TITLES or lower in PARTICLES:
            return word
        if len(word) > 1:
            return surrogates.name(word)
        return word if lower == "s" and old[found.start() - 1 : found.start()] in ("'", "’") else surrogates.name(word)[0]

    return _PIECE.sub(replaced, old)


def _written(text: str, spans: Sequence[Span], made: Callable[[Span], str]) -> Result:
    pieces: list[str] = []
    replaced: list[Replaced] = []
    at = length = 0
    for span in spans:
        kept, new = text[at : span.start], made(span)
        pieces += (kept, new)
        replaced.append(Replaced(span, length + len(kept), length + len(kept) + len(new)))
        length += len(kept) + len(new)
        at = span.end
    return Result("".join((*pieces, text[at:])), tuple(replaced))
