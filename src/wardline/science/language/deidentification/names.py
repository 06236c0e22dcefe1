"""Names of people in a text: by title, by list, by the words around them and by their form. What looks like a name is one."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from wardline.science.language.deidentification.identifiers import GUESSED_RANK, LABELLED_RANK, SHAPED_RANK, Kind, Span
from wardline.science.language.deidentification.names_listed import ALSO_WORDS, EPONYMS, FAMILY, GIVEN, NO_NAMES, words

TITLES: Final = words("""
dr dr. drs mr mr. mrs mrs. ms ms. miss mx prof prof. professor doctor sir dame rev rev. sister nurse herr herrn frau mme mlle monsieur madame m. don
doña sr. sra. fr. hr. dipl dipl. pd
""")
PARTICLES: Final = words("de del della der den van von vom zu zur la le du da dos di bin ibn al el y e ter ten mc mac st st.")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ABBREVIATED: Final = frozenset(title.removesuffix(".") for title in TITLES if title.endswith("."))
_POSSESSIVE: Final = re.compile("['’]s$")
_BEGINNING: Final = TITLES - NO_NAMES - {"don"}
"""Titles that are titles in small letters too."""
_BEHIND: Final = re.compile(r",\s{0,2}([^\W\d_][\w'’-]*)(?:\s[^\W\d_](?:\.|\b))?")
_GIVEN_ALONE: Final = GIVEN - ALSO_WORDS
_WHO: Final = (
    "patient|pt|client|ref|re|mother|father|wife|husband|son|daughter|sister|brother|contact|dear|male|female|man|woman|boy|girl|old|yo|y/o|mr|mrs|ms"
    "|named|name(?: is)?|called|signed(?: by)?|nommée?|namens"
)
_NEAR: Final = (
    "names|known as|aka|pts|regarding|like|partner|spouse|parent|mum|mom|dad|caregiver|carer|neighbou?r|friend|kin|guardian|dictated|author|by|with"
    "|for|from|of|attn|cc|hello|hi|infant|child|lady|gentleman|teen(?:ager)?|adolescent|nurse|physician|surgeon|consultant|attending|resident|therapist"
    "|pharmacist|patientin|herrn?|frau|monsieur|madame|genannt|ehefrau|ehemann|sohn|tochter"
)
_BEFORE: Final = re.compile(
    rf"(?:\b(?:{_WHO}|{_NEAR}|\d+ ?(?:yo|y/?o|m|f|yof|yom))(?:'s)?(?: (?:is|was|name is|name|ist|named|called))?"
    r"\s*[:,(-]?\s*(?:[\"“']\s*)?)\Z",
    re.IGNORECASE,
)
"""Words after which an unknown word with a capital is somebody."""
_NAMED: Final = re.compile(rf"\b(?:{_WHO})\s*[:,(]?\s*\Z", re.IGNORECASE)
"""The surer among them: after these a single unknown word is a name."""
_AFTER: Final = re.compile(
    r"\A(?:['’]s\b|,?\s*(?:dob|d\.o\.b|mrn|ssn|born|aged?\b|\(?\d{1,3}\s?(?:yo|y/o|years|yrs|[mf]\b)|md\b|m\.d\.|rn\b|phd\b|do\b|np\b|pa-c|ph\.d))",
    re.IGNORECASE,
)
_DRUG: Final = re.compile(
    r"(?:pril|sartan|olol|statin|mab|nib|azole|cillin|mycin|micin|xaban|gliptin|gliflozin|glutide|formin|parin|prazole|dipine|zepam|zolam|etine|thiazide|semide|cycline|floxacin"
    r"|vir|pam|tidine|oxin|arone|amide|azine|idone|apine|done|codone|morphone|caine|lukast|terol|sone|solone|nide|profen|fenac|coxib|triptan|setron|dronate|statin|fibrate|emia|itis|osis|oma|pathy|plasty|ectomy|ology|"
    r"ism|uria|algia|penia|trophy|plegia|phage|toxin|lactone|tine|pine|mide|zide|afil|osin|ase|ol|in)\Z", re.IGNORECASE
)  # fmt: skip
"""How names of drugs and diseases end; consulted only for single words that nothing else explains."""


class Word(NamedTuple):
    text: str
    start: int
    end: int
    folded: str

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_titled_case(self) -> bool:
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1

    @property
    def is_listed(self) -> bool:
        parts = re.split("[-'’]", self.folded)
        return self.folded in GIVEN or self.folded in FAMILY or (len(parts) > 1 and any(part in GIVEN or part in FAMILY for part in parts[:2]))

    @property
    def is_no_name(self) -> bool:
        return (self.folded in NO_NAMES or (self.folded in EPONYMS and not self.is_listed)) and not self.is_initial


def names(text: str) -> Iterator[Span]:
    """Every run of words that is somebody's name, titles in front of it included."""
    words = [Word(found[0], *found.span(), _POSSESSIVE.sub("", found[0].lower())) for found in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        if not words[at].is_capital and words[at].folded not in _BEGINNING:
            at += 1
            continue
        run = _run(words, at, text)
        yield from _judged(run, words, at, text)
        at += max(1, len(run))
    yield from _small_letters(words, text)


def _run(words: list[Word], at: int, text: str) -> list[Word]:
    """Capitalised words with nothing but space between them, particles among them, a full stop only after an initial or a title."""
    run: list[Word] = []
    for place in range(at, min(at + 12, len(words))):
        word = words[place]
        if run and not _joins(text[run[-1].end : word.start], run[-1]):
            break
        if not word.is_capital and not (word.folded in _BEGINNING and place == at):
            following = words[place + 1] if place + 1 < len(words) else None
            if not run or word.folded not in PARTICLES or following is None or not (following.is_capital or following.folded in PARTICLES):
                break
        run.append(word)
    return run


def _joins(gap: str, before: Word) -> bool:
    if not gap.strip():
        return len(gap) <= 4 and gap.count("\n") < 2
    return (
        gap.strip() == "."
        and len(gap) <= 4
        and gap.count("\n") < 2
        and (before.is_initial or f"{before.folded}." in TITLES or before.folded in ("st", "jr", "sr"))
    )


def _judged(run: list[Word], words: list[Word], at: int, text: str) -> Iterator[Span]:
    titled_at: int | None = None
    part: list[Word] = []
    for word in run:
        if word.folded in TITLES and (word.folded not in NO_NAMES or f"{word.folded}." in TITLES):
            yield from _part(part, titled_at, text)
            titled_at, part = (word.start if titled_at is None or part else titled_at), []
        elif part and part[-1].is_listed and word.folded in FAMILY:
            part.append(word)  # "Elizabeth White"
        elif word.is_no_name and not (
            titled_at is not None and not part and word.is_titled_case and word.folded not in ("the", "a", "who", "has", "please", "is")
        ):
            yield from _part(part, titled_at, text)
            titled_at, part = None, []
        else:
            part.append(word)
    yield from _part(part, titled_at, text)


def _part(part: list[Word], titled_at: int | None, text: str) -> Iterator[Span]:
    while part and part[-1].folded in PARTICLES and not part[-1].is_capital:
        part = part[:-1]
    if not part:
        return
    given = _given_behind(part, text)
    rank = _belief(part, titled_at is not None, text)
    if rank is None and given is not None:
        rank = SHAPED_RANK
    if rank is None:
        return
    end = part[-1].end
    if part[-1].is_initial and text[end : end + 1] == ".":
        end += 1
    yield Span(part[0].start if titled_at is None else titled_at, given or end, Kind.NAME, rank)


def _given_behind(part: list[Word], text: str) -> int | None:
    """Where the given name behind a comma ends: "SMITH, John A"."""
    if len(part) > 2 or part[-1].is_initial:
        return None
    found = _BEHIND.match(text, part[-1].end)
    if found is None or not found[1][0].isupper():
        return None
    first = found[1].lower()
    is_name = first in GIVEN or (len(first) == 1 and first not in ("a", "i") and any(word.is_listed or word.text.isupper() for word in part))
    return found.end() if is_name else None


def _belief(part: list[Word], titled: bool, text: str) -> int | None:
    """How sure it is that this is a name, None where it is none."""
    if titled:
        return LABELLED_RANK
    real = [word for word in part if not word.is_initial and word.folded not in PARTICLES]
    if not real:
        return None
    listed = [word for word in real if word.is_listed]
    before = text[max(0, part[0].start - 40) : part[0].start]
    if len(part) > 1 and (listed or (part[-1].is_initial and real[0].is_titled_case and _ends_as_initial(part, text))):
        eponymous = all(word.folded in EPONYMS for word in real)
        return GUESSED_RANK if eponymous else SHAPED_RANK
    if len(part) == 1:
        return _single(part[0], before, text[part[0].end :][:24])
    if "\n" in text[part[0].start : part[-1].end]:
        return None  # headings, one below the other; a name broken there is found where a title, a list or the record knows it
    if all(word.is_titled_case for word in real) and len(real) <= 4 and not any(_DRUG.search(word.text) or word.folded in EPONYMS for word in real):
        return GUESSED_RANK if _BEFORE.search(before) or len(real) == 2 else GUESSED_RANK + 1
    return SHAPED_RANK if _NAMED.search(before) and all(word.is_titled_case for word in real) else None


def _ends_as_initial(part: list[Word], text: str) -> bool:
    """ "Vitamin D" is no name: an initial has a full stop, or a word before it that is no word of medicine."""
    return text[part[-1].end : part[-1].end + 1] == "." or part[0].is_listed


def _single(word: Word, before: str, after: str) -> int | None:
    if word.is_initial or (word.folded in EPONYMS and not _NAMED.search(before)):
        return None
    if word.is_listed and word.folded not in ALSO_WORDS and word.is_titled_case:
        return SHAPED_RANK
    if word.is_listed and (_BEFORE.search(before) or _AFTER.match(after)):
        return SHAPED_RANK
    if word.is_titled_case and len(word.text) > 2 and _NAMED.search(before) and (_DRUG.search(word.text) is None or _AFTER.match(after)):
        return GUESSED_RANK
    if word.text.isupper() and word.is_listed and len(word.text) > 3 and word.folded not in ALSO_WORDS:
        return SHAPED_RANK
    return None


def _small_letters(words: list[Word], text: str) -> Iterator[Span]:
    """ "john smith": a given and a family name beside each other, whatever their case."""
    for first, second in pairwise(words):
        is_given = first.folded in _GIVEN_ALONE
        if not (is_given or first.folded in _ABBREVIATED) or (first.is_capital and second.is_capital):
            continue
        gap = text[first.end : second.start]
        is_pair = is_given and gap in (" ", ", ", ",", "\n") and (second.folded in FAMILY or (second.is_initial and second.folded != "a"))
        if is_pair or (not is_given and gap in (". ", " ", ".") and second.folded not in NO_NAMES):
            yield Span(first.start, second.end, Kind.NAME, SHAPED_RANK)
        elif is_given and not first.is_capital and _NAMED.search(text[max(0, first.start - 20) : first.start]):
            yield Span(first.start, first.end, Kind.NAME, SHAPED_RANK)
