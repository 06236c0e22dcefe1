"""Everything in a text that says who somebody is: all recognisers asked, and where they overlap one answer."""

import re
from collections.abc import Iterable
from typing import Final

from wardline.core.deidentification import NOBODY, Known
from wardline.science.language.deidentification.dates import ages, dates
from wardline.science.language.deidentification.folding import folded, plain
from wardline.science.language.deidentification.identifiers import GUESSED_RANK, SHAPED_RANK, Kind, Span
from wardline.science.language.deidentification.known import known_in
from wardline.science.language.deidentification.names import names
from wardline.science.language.deidentification.places import places
from wardline.science.language.deidentification.shapes import shaped

_JOINED: Final = {Kind.NAME: ("", " "), Kind.PLACE: ("", " ", ", ")}
"""Two of these with only this between are one: "John" "Smith", "Denver", "CO 80203"."""


_UNREADABLE: Final = re.compile(r"\S{121,}")
"""Nothing that a person wrote: taken out whole, and not looked through, which would take a time that grows with its square."""


def find(text: str, known: Known = NOBODY) -> list[Span]:
    """What identifies somebody, in order, without overlaps. `known` is what the record says of the patient."""
    found = [Span(*each.span(), Kind.OTHER, GUESSED_RANK) for each in _UNREADABLE.finditer(text)]
    read = _UNREADABLE.sub(lambda each: " " * len(each[0]), plain(text))
    found += [*names(read), *places(read), *dates(read), *ages(read), *shaped(read)]
    if known != NOBODY:
        explained = [(span.start, span.end) for span in found if span.rank <= SHAPED_RANK + 1]
        found += (
            span for span in known_in(folded(text), known)
            if span.kind is not Kind.RECORD or not any(start <= span.start and span.end <= end for start, end in explained)
        )  # fmt: skip
    return _joined(resolved(found, text), text)


def resolved(found: Iterable[Span], text: str) -> list[Span]:
    """No character in two of them, and none that any of them covers is lost: what a better one leaves over stays by itself."""
    taken = bytearray(len(text))
    kept: list[Span] = []
    for span in sorted(found, key=lambda each: (each.rank, each.start - each.end, each.start)):
        start = span.start
        while start < span.end:
            start = taken.find(0, start, span.end)
            if start < 0:
                break
            end = taken.find(1, start, span.end)
            end = span.end if end < 0 else end
            if any(map(str.isalnum, text[start:end])):
                kept.append(_bare(span._replace(start=start, end=end), text))
            taken[start:end] = b"\1" * (end - start)
            start = end
    return sorted(kept)


def _bare(span: Span, text: str) -> Span:
    """Without spaces and commas at its ends."""
    start, end = span.start, span.end
    while text[start] in " \t\r\n,;":
        start += 1
    while text[end - 1] in " \t\r\n,;":
        end -= 1
    return span._replace(start=start, end=end)


def _joined(spans: list[Span], text: str) -> list[Span]:
    whole: list[Span] = []
    for span in spans:
        before = whole[-1] if whole else None
        if before is not None and before.kind is span.kind and text[before.end : span.start] in _JOINED.get(span.kind, ()):
            whole[-1] = before._replace(end=span.end)
        else:
            whole.append(span)
    return whole
