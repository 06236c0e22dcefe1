"""Which facts are sensitive: a list that clinicians can read and change, and how it is looked up."""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from wardline.core.concepts import BY_ID
from wardline.core.errors import Refused
from wardline.core.events import Event, Kept, Measured
from wardline.security.labels.facts import fact_of
from wardline.security.labels.resources import Code

CONFIDENTIALITIES: Final = ("R", "V")
"""HL7 v3 Confidentiality: restricted, very restricted."""
STANDINGS: Final = ("verified", "provisional")
LOCAL: Final = re.compile(r"L|99.*", re.IGNORECASE)
"""HL7 v2 table 0396: the sender's own codes. They mean what the sender says, whatever they look like."""
LABELS: Final = "/v3-ActCode"
"""End of the system whose codes are labels themselves: what a sender has labelled (`meta.security`) is so labelled."""
REMEMBERED: Final = 20_000
_NOTHING: Final[frozenset[str]] = frozenset()
_FIELDS: Final = ("title", "confidentiality", "existence", "standing", "source")
_LISTS: Final = ("codes", "words", "without")
"""`without` takes codes and words of the list that ships away again."""


class Label(NamedTuple):
    """One kind of sensitivity. Who sees it is said by the access policies, and by the patient."""

    code: str
    title: str
    confidentiality: str = "R"
    existence: bool = False
    """Whether those who may not see it are told that there is something."""
    standing: str = "provisional"
    source: str = ""
    codes: tuple[str, ...] = ()
    """Beginnings of ICD-10 and ATC codes, whole LOINC and SNOMED CT codes."""
    words: tuple[str, ...] = ()


class Labels:
    """The list in use."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self.labels: dict[str, Label] = {label.code: label for label in labels}
        self._begins: dict[str, set[str]] = {}
        for label in self.labels.values():
            for code in label.codes:
                self._begins.setdefault(_plain(code), set()).add(label.code)
        self._lengths = sorted({len(begins) for begins in self._begins if begins[:1].isalpha()})
        self._words = tuple((pattern, label.code) for label in self.labels.values() if (pattern := _pattern(label.words)) is not None)
        self._names: dict[str, frozenset[str]] = {}
        self._values: dict[Any, frozenset[str]] = {}

    def confidentiality(self, label: str) -> str:
        known = self.labels.get(label)
        return known.confidentiality if known is not None else "N"

    def of(self, event: Event) -> frozenset[str]:
        """The labels of a fact by this list. Nothing else about the patient is looked at."""
        value = event.value
        if isinstance(value, Measured):
            return self._of_measured(event, value)
        # Of a resource the text is too long to be kept as a key; with its version the hash of it is enough.
        key = (value.resource, value.id, value.version, hash(value.body)) if isinstance(value, Kept) else value
        known = self._values.get(key)
        if known is None:
            fact = fact_of(event)
            known = self._of_codes(fact.codes) | self._of_words(fact.words) if fact is not None else _NOTHING
            _remember(self._values, key, known)
        return known

    def _of_measured(self, event: Event, measured: Measured) -> frozenset[str]:
        """The same for every event of a concept; asked for every name of every row of a board, so the answer is kept."""
        name = measured.concept or measured.code
        known = self._names.get(name)
        if known is None:
            fact = fact_of(event)
            concept = BY_ID.get(measured.concept)
            codes, words = (fact.codes, (measured.code,)) if fact is not None else ((), ())
            if concept is not None:
                codes, words = tuple((code, "LN") for code in concept.loinc), (concept.name,)
            known = self._of_codes(codes) | self._of_words(words)
            _remember(self._names, name, known)
        if measured.concept or not isinstance(measured.value, str):
            return known
        return known | self._of_words((measured.value,))

    def of_code(self, field: str) -> frozenset[str]:
        """The labels of a code as a sender writes it, with nothing known but the code: "7917-8^HIV 1 Ab^LN"."""
        parts = field.split("^")
        return self._of_codes(((parts[0], parts[2] if len(parts) > 2 else ""),)) | self._of_words((field,))

    def _of_codes(self, codes: Iterable[Code]) -> frozenset[str]:
        plain = [_plain(code) for code, system in codes if code and not LOCAL.fullmatch(system)]
        if not plain:
            return _NOTHING
        said = {code for code, system in codes if code in self.labels and system.endswith(LABELS)}
        return frozenset(label for code in plain for begins in self._beginnings(code) for label in self._begins.get(begins, ())) | said

    def _beginnings(self, code: str) -> Iterator[str]:
        """ICD-10 and ATC codes go from general to special; numbers of LOINC and SNOMED CT do not."""
        if code[:1].isalpha():
            yield from (code[:length] for length in self._lengths if length <= len(code))
        else:
            yield code

    def _of_words(self, texts: Iterable[str]) -> frozenset[str]:
        said = [text for text in texts if text]
        return frozenset(label for pattern, label in self._words for text in said if pattern.search(text)) if said else _NOTHING


def _remember(known: dict[Any, frozenset[str]], what: Any, labels: frozenset[str]) -> None:
    """Boards ask about the same facts at every change."""
    if len(known) >= REMEMBERED:
        known.clear()
    known[what] = labels


def _plain(code: str) -> str:
    return code.replace(".", "").upper()


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Whole words; "*word" also at the end of a longer one. "^" and "_" part words in codes as spaces do in texts."""
    parts = [rf"\w*{re.escape(word[1:])}" if word.startswith("*") else re.escape(word) for word in words]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})(?![^\W_])", re.IGNORECASE) if parts else None


# --- reading the list ---


def shipped() -> Labels:
    """The list that ships with Wardline."""
    return Labels(_read(_content(files("wardline.security.labels").joinpath("labels.yaml").read_text("utf-8"), "labels.yaml"), {}))


def labels_in(file: Path) -> Labels:
    """The list that ships, with what the site says in its own file. Raises `Refused` naming what is wrong in it."""
    ours = shipped()
    if not file.exists():
        return ours
    try:
        said = _content(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {error}", code="labels", where=file.name) from None
    return Labels((ours.labels | {label.code: label for label in _read(said, ours.labels, file.name)}).values())


def _content(text: str, name: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(f"{name} is not valid YAML: {error}", code="labels", where=name) from None
    if not isinstance(content, dict):
        raise Refused(f"{name} lists labels by their code, for example `HIV: {{title: HIV}}`", code="labels", where=name)
    return content


def _read(content: Mapping[str, Any], before: Mapping[str, Label], name: str = "labels.yaml") -> list[Label]:
    return [_label(str(code), fields, before.get(str(code)), name) for code, fields in content.items()]


def _label(code: str, fields: Any, before: Label | None, name: str) -> Label:
    def wrong(reason: str) -> Refused:
        return Refused(f"{name}: {code} {reason}", code="labels", where=code)

    if not isinstance(fields, dict) or not set(fields) <= {*_FIELDS, *_LISTS}:
        raise wrong(f"says some of {', '.join((*_FIELDS, *_LISTS))}")
    if not all(isinstance(fields.get(name, []), list) for name in _LISTS):
        raise wrong(f"lists its {', '.join(_LISTS)}")
    known = before or Label(code, code)
    taken = set(map(str, fields.get("without", [])))
    said = known._asdict() | {name: value for name, value in fields.items() if name in _FIELDS}
    for name in ("codes", "words"):
        said[name] = tuple(each for each in (*getattr(known, name), *map(str, fields.get(name, []))) if each not in taken)
    if said["confidentiality"] not in CONFIDENTIALITIES:
        raise wrong(f"has confidentiality {' or '.join(CONFIDENTIALITIES)}")
    if said["standing"] not in STANDINGS:
        raise wrong(f"is {' or '.join(STANDINGS)}")
    if not isinstance(said["existence"], bool):
        raise wrong("says existence: true or false")
    return Label(**said)
