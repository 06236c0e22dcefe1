"""Places smaller than a state: streets, towns, postal codes, and the hospitals and offices that say where somebody was."""

import re
from collections.abc import Iterator
from typing import Final

from wardline.science.language.deidentification.identifiers import GUESSED_RANK, LABELLED_RANK, SHAPED_RANK, Kind, Span
from wardline.science.language.deidentification.names_listed import EPONYMS, GIVEN, NO_NAMES
from wardline.science.language.deidentification.places_listed import (
    ALSO_WORDS,
    CAME,
    FACILITIES,
    HOUSES,
    STATES,
    STREETS,
    TOWNS,
    any_of,
)

_CAPITAL: Final = r"[^\W\d_a-zß-öø-ÿ]"
_PROPER: Final = rf"(?:(?:St|Mt|Ft)\.|{_CAPITAL}[\w'’&-]*)"
_STATE: Final = any_of(STATES)
_ZIP: Final = r"\d{5}(?:-\d{4})?"
_FACILITY: Final = any_of(FACILITIES)
_LINK: Final = r"(?:\s+(?:of|for|the|and|&|de|du|des|la|le|der|am|im|St\.|Saint|and\s+the)(?=\s))"
_STREET: Final = rf"{any_of(STREETS)}\b\.?"
_FLAT: Final = r"(?:,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Flat|#)\.?\s*[\w-]+)?"
_TOWN_AFTER: Final = rf"(?:,?\s+{_PROPER}(?:\s{_PROPER}){{0,2}})?(?:,?\s+{_STATE}\b)?(?:,?\s+{_ZIP}\b)?"
_PLACES: Final[tuple[tuple[int, re.Pattern[str]], ...]] = (
    # Streets: English with capitals, English in any case, German in one word and in two, French.
    (LABELLED_RANK, re.compile(
        rf"((?:P\.?\s?O\.? Box \d+|\b\d{{1,5}}[A-Za-z]?,?\s+(?:[NSEW]\.?\s+)?(?:(?:{_PROPER}|\d+(?:st|nd|rd|th))\s+){{1,4}}{_STREET}{_FLAT})"
        rf"{_TOWN_AFTER})"
    )),
    (LABELLED_RANK, re.compile(
        r"(\b\d{1,5}[a-z]?,?\s+(?:[a-z]+\s+){1,3}(?:street|avenue|ave|road|rd|boulevard|blvd|lane|drive|court|terrace|parkway)\b\.?)", re.IGNORECASE
    )),
    (LABELLED_RANK, re.compile(
        rf"({_CAPITAL}[\w-]*(?:straße|strasse|str\.|gasse|weg|platz|allee|ring|damm|ufer)\s+\d{{1,4}}\s?[a-z]?\b"
        rf"(?:,?\s+(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_PROPER}(?:\s{_PROPER})?)?)"
    )),
    (LABELLED_RANK, re.compile(rf"(\b{_PROPER}(?:er|s)?\s+(?:Straße|Strasse|Str\.|Gasse|Weg|Platz|Allee|Ring|Damm)\s+\d{{1,4}}\s?[a-z]?\b)")),
    (LABELLED_RANK, re.compile(
        r"(\b\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?i:rue|avenue|boulevard|bd|place|allée|chemin|impasse|quai|cours|route)"
        rf"\s+(?:(?:de|du|des|la|le|l['’]|d['’])\s?)*{_PROPER}(?:[\s-]{_PROPER})*)"
    )),
    # Towns with a state or a postal code: American, continental, British.
    (SHAPED_RANK, re.compile(
        rf"({_PROPER}(?:[\s-]{_PROPER}){{0,2}}(?:,\s*{_STATE}(?:,?\s+{_ZIP})?|\s+{_STATE},?\s+{_ZIP}))(?![\w:])"
    )),
    (LABELLED_RANK, re.compile(
        r"\b(?:zip(?: ?code)?|postal code|postcode|plz|code postal)\s*[:#]?\s*(\d{4,5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})", re.IGNORECASE
    )),
    (SHAPED_RANK, re.compile(rf"(?<![\w-])((?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_PROPER}(?:[\s-]{_PROPER})?)(?=\s*(?:[,.;\n]|$))")),
    (SHAPED_RANK, re.compile(r"(?<![\w-])(\d{5}-\d{4})(?![\w-])")),
    (SHAPED_RANK, re.compile(r"(?<![\w-])([A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?![\w-])")),
    # Houses: "St. Mary's Hospital, Boston, MA", "Klinikum am Ring".
    (LABELLED_RANK, re.compile(
        rf"((?:{_PROPER}(?:{_LINK}*\s+|-)){{0,5}}{_PROPER}\s+(?i:{_FACILITY})(?![\w])"
        rf"(?:\s+(?:{_FACILITY}|of\s+{_PROPER}(?:\s{_PROPER}){{0,2}}|Los Angeles))*"
        rf"(?:\s+(?:in|at)\s+{_PROPER}(?:\s{_PROPER})?)?(?:,\s+{_PROPER}(?:\s{_PROPER})?)?(?:,\s+{_STATE}\b)?)"
    )),
    (LABELLED_RANK, re.compile(
        r"((?:Klinik(?:um)?|Krankenhaus|Spital|Clinique|Hôpital|University|Hospital|College|Institut)"
        rf"\s+(?:(?:of|de|du|des|la|le|am|im|für|St\.)\s+)*{_PROPER}(?:[\s-]{_PROPER}){{0,2}})"
    )),
)  # fmt: skip
_KNOWN: Final = re.compile(
    rf"(?<![\w-])(?:(?:(?:downtown|greater|north|south|east|west|central)\s+)?{any_of(TOWNS)}"
    r"(?:(?:\s+|-)(?:metro(?:politan)?|bay|downtown|area|office|branch|clinic|site|location|campus|county|suburbs?))*"
    rf"|{any_of(HOUSES)}(?:['’]s)?"
    rf"(?:\s+(?:(?i:{_FACILITY})|Langone|Women['’]s|and|Children['’]s|Heart|med|center|cntr|ctr))*)(?![\w-])",
    re.IGNORECASE,
)
_THERE: Final = re.compile(
    rf"\b(?:(?P<sure>{any_of(CAME)}\s+(?:\w+\s+){{0,2}}?(?:at|in|to|from|by|near|with)|lives?\s+(?:in|near)|wohnhaft\s+in)"
    r"|at|from|near|outside|aus|à|habite|our)\s+(?:the\s+|our\s+|their\s+)?"
    rf"(?P<place>(?:(?:St|Mt)\.?\s+)?{_CAPITAL}[\w'’-]*(?:[\s-]+{_CAPITAL}[\w'’-]*){{0,4}}"
    r"(?:\s+(?:office|clinic|branch|location|site|campus|hospital|center|med\w*|facility)\b)*)"
)
"""After "seen at", "lives in", "from": what is written with a capital there."""
_PERSON: Final = re.compile(r"\A(?:Dr|Drs|Mr|Mrs|Ms|Prof|Miss)\b")
_TITLE: Final = re.compile(r"drs?|prof|the|our")
_FIRST: Final = re.compile(r"([\w.'’-]+)[\s,]+")
_BELONGS: Final = frozenset({
    "general", "social", "national", "international", "northern", "southern", "western", "eastern", "upper", "first", "state", "child", "children",
    "pacific", "new", "heart", "african", "american", "family", "cancer",
})  # fmt: skip
"""Words of a sentence that begin names of houses as well."""
_LONGEST_CODE: Final = 4


def places(text: str) -> Iterator[Span]:
    for rank, pattern in _PLACES:
        for found in pattern.finditer(text):
            yield from _trimmed(text, *found.span(1), rank)
    for found in _KNOWN.finditer(text):
        if (found[0][0].isupper() or " " in found[0] or found[0].lower() not in ALSO_WORDS) and not _is_eponym(found, text):
            yield Span(*found.span(), Kind.PLACE, SHAPED_RANK - 1)
    for found in _THERE.finditer(text):
        if _is_place(found["place"]):
            yield from _trimmed(text, *found.span("place"), GUESSED_RANK if found["sure"] else GUESSED_RANK + 1)


def _is_eponym(found: re.Match[str], text: str) -> bool:
    """ "Glasgow coma scale"."""
    after = _FIRST.match(text, found.end() + 1)
    return found[0].lower() in EPONYMS and after is not None and after[1].lower() in NO_NAMES


def _is_place(words: str) -> bool:
    """Neither a person ("from Dr Brandt"), nor an abbreviation, nor the beginning of a disease ("from Parkinson's")."""
    first = re.split(r"[\s-]", words)[0].strip("'’.,").lower()
    if _PERSON.match(words) or first in EPONYMS:
        return False
    if " " in words:
        return True
    return first not in NO_NAMES and not words.isupper() and words.removesuffix("’s").removesuffix("'s").lower() not in GIVEN


def _trimmed(text: str, start: int, end: int, rank: int) -> Iterator[Span]:
    """Without the words of the sentence that only happen to begin it: "Guidelines for", "Dr."."""
    while found := _FIRST.match(text, start, end):
        word = found[1].strip(".'’").lower()
        is_code = found[1].isupper() and len(found[1]) <= _LONGEST_CODE
        if is_code or word in _BELONGS or (word not in NO_NAMES and not _TITLE.fullmatch(word)):
            break
        start = found.end()
    if text[start:end].endswith("."):
        end -= 1
    if end > start:
        yield Span(start, end, Kind.PLACE, rank)
