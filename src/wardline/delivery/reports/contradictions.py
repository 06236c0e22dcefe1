"""What a report says against what was found: the wrong side, "new" for what was there before, "no lesion" while one is listed.

A sentence that says the opposite of its lesion is the mistake readers make when they dictate fast; each is named before signing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from wardline.delivery.reports.measured import RESPONSE, RESPONSES, Lesion, Measurements

SIDES: Final = re.compile(r"\b(left|right|bilateral|both)(?:-sided)?\b", re.IGNORECASE)
NEW: Final = re.compile(r"\bnew(?:ly)?\b", re.IGNORECASE)
NOT_NEW: Final = re.compile(r"\b(?:no|not|without)\b(?:\s[\w-]+){0,3}?\snew\b", re.IGNORECASE)
SAME: Final = re.compile(r"\b(?:unchanged|stable|no (?:significant )?change|constant)\b", re.IGNORECASE)
_OF_UPTAKE: Final = r"(?!\s(?:\w+\s)?(?:uptake|activity|density|attenuation|signal|metabol\w*))"
"""Increased uptake describes a spot; only what has increased since speaks of a course."""
LESS: Final = re.compile(
    rf"\b(?:smaller|decreas\w*{_OF_UPTAKE}|fall\w*|fell|reduced{_OF_UPTAKE}|reduction|regress\w*|shrunk\w*|less intense|fainter)\b", re.IGNORECASE
)
MORE: Final = re.compile(rf"\b(?:larger|increas\w*{_OF_UPTAKE}|rise\w*|rose|risen|grown|grew|progress\w*|more intense|bigger)\b", re.IGNORECASE)
GONE: Final = re.compile(r"\b(?:resolved|disappeared|vanished|no longer (?:seen|visible|detectable|present))\b", re.IGNORECASE)
NEGATED: Final = re.compile(
    r"\b(?:no|without(?: any)?|free of|absence of|neither)\s((?:[\w-]+\s){0,5}?)"
    r"(lesions?|nodules?|mass(?:es)?|metastas[ei]s|lymphadenopathy|lymph nodes?|nodes?|foc(?:us|i))\b",
    re.IGNORECASE,
)
OTHER: Final = re.compile(r"\b(?:other|further|additional|more)\b", re.IGNORECASE)
SITES: Final = {
    "lung": ("lung", "lungs", "pulmonary", "lobe", "lobes"), "bone": ("bone", "bones", "osseous", "skeleton", "skeletal", "spine"),
    "liver": ("liver", "hepatic"), "lymph node": ("node", "nodes", "nodal", "lymphadenopathy"), "mediastinum": ("mediastinum", "mediastinal"),
    "neck": ("neck", "cervical"), "axilla": ("axilla", "axillary", "axillae"), "abdomen": ("abdomen", "abdominal"), "pelvis": ("pelvis", "pelvic"),
    "soft tissue": ("soft tissue",), "brain": ("brain", "cerebral"), "adrenal": ("adrenal", "adrenals"), "spleen": ("spleen", "splenic"),
}  # fmt: skip
JUDGED: Final = re.compile(r"\b(complete|partial)\s(?:metabolic\s)?response\b|\b(stable|progressive)\s(?:metabolic\s)?disease\b", re.IGNORECASE)
MEANINGFUL: Final = 30.0
"""Percent of SULpeak from which PERCIST 1.0 speaks of a change (PMC4976461): a lesion beyond it is not "unchanged"."""


class Contradiction(NamedTuple):
    code: str
    """ "side", "prior" or "negation"."""
    key: str
    message: str


def contradictions(text: str, keys: Iterable[str], measurements: Measurements) -> list[Contradiction]:
    """What this sentence, as it reads, says against the lesions it is about."""
    about = [measurements.lesions[key] for key in keys if key in measurements.lesions]
    return [*_side(text, about), *_prior(text, about, measurements), *_negation(text, measurements), *_response(text, measurements)]


def _side(text: str, about: Iterable[Lesion]) -> Iterator[Contradiction]:
    said = {each.lower() for each in SIDES.findall(text)}
    if not said or said & {"bilateral", "both"}:
        return
    for lesion in about:
        if lesion.side and lesion.side not in said:
            yield Contradiction("side", lesion.key, f"it says {' and '.join(sorted(said))}, {lesion.key} lies on the {lesion.side}")


def _prior(text: str, about: list[Lesion], measurements: Measurements) -> Iterator[Contradiction]:
    is_new = bool(NEW.search(text)) and not NOT_NEW.search(text)
    for lesion in about:
        if is_new and lesion.prior:
            yield Contradiction("prior", lesion.key, f"it says new, {lesion.key} was there before as {lesion.prior}")
        if lesion.prior:
            yield from _course(text, lesion)
        elif not lesion.is_settled and any(words.search(text) for words in (SAME, LESS, MORE, GONE)):
            why = "has none to compare with in the study before" if measurements.is_compared else "was not compared: there is no earlier study"
            yield Contradiction("prior", lesion.key, f"it speaks of a course, {lesion.key} {why}")


def _course(text: str, lesion: Lesion) -> Iterator[Contradiction]:
    """One lesion of before and now; where a sentence has several words of course, one of them must fit."""
    change = lesion.change
    if change is None or not (said := {word for word, words in (("same", SAME), ("less", LESS), ("more", MORE)) if words.search(text)}):
        if GONE.search(text):
            yield Contradiction("prior", lesion.key, f"it says gone, {lesion.key} is still listed")
        return
    fits = {"same": abs(change) < MEANINGFUL, "less": change < 0, "more": change > 0}
    if not any(fits[word] for word in said):
        words = {"same": "unchanged", "less": "less", "more": "more"}
        yield Contradiction(
            "prior", lesion.key, f"it says {' and '.join(words[each] for each in sorted(said))}, {lesion.key} has changed by {change:+.0f} %"
        )


def _negation(text: str, measurements: Measurements) -> Iterator[Contradiction]:
    for found in NEGATED.finditer(text):
        if OTHER.search(found[1]):
            continue
        meant = measurements.new if NEW.search(found[1]) else list(measurements.lesions.values())
        if there := [lesion for lesion in meant if _is_meant(lesion, text, found[2].lower())]:
            keys = ", ".join(lesion.key for lesion in there)
            yield Contradiction("negation", there[0].key, f"it says {found[0].lower()!r}, and {keys} {'are' if len(there) > 1 else 'is'} listed")


def _is_meant(lesion: Lesion, text: str, noun: str) -> bool:
    """Whether the sentence speaks of where this lesion lies: a side or site it names narrows it, a nodule is one of the lung."""
    lowered, site = text.lower(), lesion.site.lower()
    sides = {each for each in SIDES.findall(lowered) if each in ("left", "right")}
    if len(sides) == 1 and lesion.side and lesion.side not in sides:
        return False
    named = [name for name, words in SITES.items() if any(re.search(rf"\b{word}\b", lowered) for word in words)]
    if named and site:
        return any(name in site for name in named)
    return not (noun.startswith("nodule") and site and "lung" not in site)


def _response(text: str, measurements: Measurements) -> Iterator[Contradiction]:
    """A category that was worked out from the lesions is not another one in words."""
    answered = measurements.get(RESPONSE, "category")
    if answered is None or answered.value not in RESPONSES.values():
        return
    for found in JUDGED.finditer(text):
        if (found[1] or found[2]).lower() not in str(answered.value):
            yield Contradiction("prior", "", f"it says {found[0].lower()!r}, the measurements say {answered.value}")
