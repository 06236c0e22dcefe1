"""A report while it is written: sections of sentences, each bound to the lesions it speaks of and rendered from what was measured."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from wardline.core.errors import Refused
from wardline.delivery.reports.measured import Measurements

PLACEHOLDER: Final = re.compile(r"\{(\w+)\.(\w+)(?:\.(\w+))?\}")
LESION_KEY: Final = re.compile(r"\bL\d+\b")
NOT_MEASURED: Final = "(not measured)"
LONGEST_SENTENCE: Final = 2_000
MOST_SENTENCES: Final = 400


def one_line(text: str) -> str:
    """As it was typed, in one line and without what cannot be seen.

    A line break could open a section or an addendum under another name; marks that are not shown part the digits of a number, or turn
    the order of the letters round, so that what is read is not what was checked.
    """
    seen = "".join(" " if letter.isspace() else letter for letter in text if letter.isspace() or unicodedata.category(letter) not in _UNSEEN)
    return " ".join(seen.split())


_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


class Sentence(NamedTuple):
    """`text` may hold placeholders ("{L1.suv_peak}"); `keys` are the lesions it is about; `seen` is how it read when it was saved."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    seen: str = ""


class Section(NamedTuple):
    id: str
    sentences: tuple[Sentence, ...] = ()


class Draft(NamedTuple):
    """The content of one version."""

    branch: str
    title: str
    sections: tuple[Section, ...]
    confirmed: tuple[str, ...] = ()
    """Lesions whose pairing with the study before a person has confirmed."""
    key_images: tuple[str, ...] = ()
    """SOP Instance UIDs."""

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for section in self.sections for sentence in section.sentences]


def packed(draft: Draft) -> str:
    """As an event carries it. The same draft is the same text."""
    return msgspec.json.encode(draft).decode()


def unpacked(content: str) -> Draft:
    return msgspec.json.decode(content, type=Draft)


def rendered(text: str, measurements: Measurements) -> str:
    """With the numbers in it, beginning with a capital letter."""

    def said(found: re.Match[str]) -> str:
        key, id, part = found[1], found[2], found[3] or ""
        row = measurements.get(key, id)
        return (row.shown(part) if row is not None else "") or NOT_MEASURED

    whole = PLACEHOLDER.sub(said, text).strip()
    return whole[:1].upper() + whole[1:]


def unknown_placeholders(text: str, measurements: Measurements) -> list[str]:
    """Placeholders for which there is nothing to put in, each with the reason where one is known."""
    found = []
    for match in PLACEHOLDER.finditer(text):
        row = measurements.get(match[1], match[2])
        if row is None:
            found.append(f"{match[0]} was not measured in this study")
        elif not row.shown(match[3] or ""):
            found.append(f"there is no {row.name} of {row.key}{' before' if match[3] else ''}{f' ({row.why})' if row.why else ''}")
    return found


def keys_of(sentence: Sentence, measurements: Measurements) -> tuple[str, ...]:
    """The lesions it is about: those it is bound to, those it names, and those whose numbers it holds."""
    named = (*sentence.keys, *LESION_KEY.findall(sentence.text), *(match[1] for match in PLACEHOLDER.finditer(sentence.text)))
    return tuple(dict.fromkeys(key for key in named if key in measurements.lesions))


def saved(draft: Draft, measurements: Measurements) -> Draft:
    """The draft with how each sentence reads now, and a number for each sentence that has none."""
    taken = {sentence.id for sentence in draft.sentences if sentence.id}
    fresh = (f"s{number}" for number in range(1, MOST_SENTENCES * 3) if f"s{number}" not in taken)
    sections = tuple(
        Section(section.id, tuple(
            sentence._replace(id=sentence.id or next(fresh), seen=rendered(sentence.text, measurements)) for sentence in section.sentences
        ))
        for section in draft.sections
    )  # fmt: skip
    return draft._replace(sections=sections)


def with_sections(draft: Draft, sections: Iterable[Section], allowed: Mapping[str, Any]) -> Draft:
    """Raises `Refused` for a section the branch has not, for two sentences of one number, and for more than anybody would read."""
    given = tuple(sections)
    for section in given:
        if section.id not in allowed:
            raise Refused(f"a report of this branch has no section {section.id!r}; it has {', '.join(allowed)}", where="sections")
    ids = [sentence.id for section in given for sentence in section.sentences if sentence.id]
    if len(ids) != len(set(ids)) or len({section.id for section in given}) != len(given):
        raise Refused("each section and each sentence stands in a report once", where="sections")
    if sum(len(section.sentences) for section in given) > MOST_SENTENCES:
        raise Refused(f"a report has {MOST_SENTENCES} sentences at most", where="sections")
    by_id = {section.id: section for section in given}
    return draft._replace(sections=tuple(by_id.get(id, Section(id)) for id in allowed))
