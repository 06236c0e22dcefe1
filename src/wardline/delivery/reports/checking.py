"""What keeps a report from being signed: each item names the sentence and says what to do."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from wardline.delivery.reports.contradictions import contradictions
from wardline.delivery.reports.measured import Measurements
from wardline.delivery.reports.numbers import without_source
from wardline.delivery.reports.sentences import Draft, Sentence, keys_of, rendered, unknown_placeholders
from wardline.delivery.reports.templates import template

SURE: Final = 0.9
"""A pairing with the study before that is less certain than this is confirmed by a person before it is signed: a rule of this house."""


class Open(NamedTuple):
    """One thing to settle before signing."""

    code: str
    """ "no-source", "side", "prior", "negation", "needed", "match" or "stale"."""
    section: str
    sentence: str
    key: str
    message: str


def open_items(draft: Draft, measurements: Measurements) -> list[Open]:
    """Empty when the report can be signed."""
    measurements = measurements.settled(draft.confirmed)
    return [*_needed(draft), *_sentences(draft, measurements), *_lesions(draft, measurements)]


def problems_of(sentence: Sentence, measurements: Measurements) -> Iterator[tuple[str, str, str]]:
    """(code, lesion, message) of one sentence."""
    keys, now = keys_of(sentence, measurements), rendered(sentence.text, measurements)
    for reason in unknown_placeholders(sentence.text, measurements):
        yield "no-source", "", reason
    for number in without_source(sentence.text, measurements.of(keys)):
        whose = f"anything measured of {', '.join(keys)}" if keys else "anything measured of the study; name the lesion it is about"
        yield "no-source", keys[0] if keys else "", f"{number} is not {whose}"
    for each in contradictions(now, keys, measurements):
        yield each.code, each.key, each.message
    if sentence.seen and sentence.seen != now:
        yield "stale", "", "what was measured has changed since this was saved: read it again and save"


def _needed(draft: Draft) -> Iterator[Open]:
    filled = {section.id for section in draft.sections if any(sentence.text.strip() for sentence in section.sentences)}
    for id, heading in template(draft.branch).sections.items():
        if heading.needed and id not in filled:
            yield Open("needed", id, "", "", f"{heading.title} is empty")


def _sentences(draft: Draft, measurements: Measurements) -> Iterator[Open]:
    for section in draft.sections:
        for sentence in section.sentences:
            for code, key, message in problems_of(sentence, measurements):
                yield Open(code, section.id, sentence.id, key, message)


def _lesions(draft: Draft, measurements: Measurements) -> Iterator[Open]:
    said: dict[str, str] = {}
    for sentence in draft.sentences:
        for key in keys_of(sentence, measurements):
            said.setdefault(key, sentence.id)
    for lesion in measurements.lesions.values():
        if lesion.key not in said:
            yield Open(
                "needed",
                "",
                "",
                lesion.key,
                f"no sentence is about {lesion.key}{f' ({lesion.site})' if lesion.site else ''}: describe it or dismiss it",
            )
        if lesion.prior and lesion.match is not None and lesion.match < SURE and not lesion.is_settled:
            sure = f"{100 * lesion.match:.0f} %"
            yield Open(
                "match",
                "",
                said.get(lesion.key, ""),
                lesion.key,
                f"{lesion.key} was paired with {lesion.prior} of the study before ({sure}): confirm it",
            )
