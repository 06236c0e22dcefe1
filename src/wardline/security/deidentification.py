"""The policy of de-identification: which profile, whose key, which stand-ins and how far dates move; one answer for every format.

`safe-harbor` leaves what 45 CFR 164.514(b)(2) allows: years, states, the first three digits of a postal code where more than
20,000 people live, ages under 90. Its links hold within one export only: they are drawn under a key that is thrown away.

`pseudonymised` keeps a record usable for research: the same stand-ins at every export, dates moved by a number of days of the
patient's own. That is not Safe Harbor: it needs an expert's determination (164.514(b)(1)) or, in the GDPR's words (Article 4(5)),
stays personal data.
"""

import re
import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from wardline.core.deidentification import NOBODY, Known
from wardline.core.events import Registered
from wardline.science.language.deidentification.dates import dates
from wardline.science.language.deidentification.finding import find
from wardline.science.language.deidentification.folding import folded
from wardline.science.language.deidentification.identifiers import Kind, Span
from wardline.science.language.deidentification.known import known_in
from wardline.science.language.deidentification.replacing import Result, pseudonymised, redacted
from wardline.science.language.deidentification.shapes import shaped
from wardline.science.language.deidentification.surrogates import Surrogates


class Profile(StrEnum):
    """What may remain."""

    SAFE_HARBOR = "safe-harbor"
    PSEUDONYMISED = "pseudonymised"

    @property
    def notice(self) -> str:
        """What whoever receives the data must be told."""
        return _NOTICES[self]


_NOTICES: Final = {
    Profile.SAFE_HARBOR: "The 18 identifiers of the HIPAA Safe Harbor list were removed as far as they were found; nobody has read the result.",
    Profile.PSEUDONYMISED: "Not Safe Harbor: dates were moved, not removed, and names and numbers have stand-ins. It stays personal data.",
}
OLDEST: Final = 89
"""Of whoever is older not even the year of birth stays: 164.514(b)(2)(i)(C)."""
FEW_PEOPLE: Final = frozenset({
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890", "893",
})  # fmt: skip
"""Three-digit ZIP areas with 20,000 people or fewer, 2000 census, as in the guidance of the Office for Civil Rights of 26 November
2012. Provisional: from memory. With a newer census the list is another one."""
_DATE: Final = re.compile(
    r"(?P<year>\d{4})(?:(?P<dash>-?)(?P<month>0[1-9]|1[0-2])(?:(?P=dash)(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?P<time>[T ][\d:.,Z+ -]*|\d{2,6}(?:\.\d+)?(?:[+-]\d{4})?)?)?)?"
)
"""As FHIR, HL7 v2 and DICOM write a date, with or without a time."""
_ZIP: Final = re.compile(r"\d{5}(?:-?\d{4})?")
_MIDDLE: Final = (7, 1), 15
"""Of a year, and of a month: the day that stands for one that was not said."""


class Deidentification:
    """One export: the profile, its key, and the day by which ages are counted."""

    def __init__(self, profile: Profile, as_of: date, key: bytes | None = None, *, month_first: bool = True) -> None:
        """Without `key` the stand-ins hold for this export alone, which `safe-harbor` always does."""
        self.profile = profile
        self.as_of = as_of
        self.month_first = month_first
        self._key = key if key is not None and profile is Profile.PSEUDONYMISED else secrets.token_bytes(32)

    def of(self, patient: str, known: Known = NOBODY) -> "PatientReplacement":
        """The stand-ins of the patient with this number, however it is separated."""
        plain = "".join(letter for letter in folded(patient).text if letter.isalnum())
        numbers = (*known.numbers, patient) if patient else known.numbers
        return PatientReplacement(self, Surrogates(self._key, plain), known._replace(numbers=numbers))


class PatientReplacement:
    """`core.deidentification.Replacement` of one patient under one profile."""

    def __init__(self, policy: Deidentification, surrogates: Surrogates, known: Known) -> None:
        self._policy = policy
        self._surrogates = surrogates
        self._known = known
        self._keeps = policy.profile is Profile.PSEUDONYMISED

    def result(self, written: str) -> Result:
        """Free text, with where everything was found and what stands there now."""
        spans = find(written, self._known)
        if self._keeps:
            return pseudonymised(written, spans, self._surrogates, month_first=self._policy.month_first)
        return redacted(written, spans)

    def text(self, written: str) -> str:
        return self.result(written).text

    def kept(self, value: str) -> str:
        is_personal = next(known_in(folded(value), self._known), None) is not None or (not value.isdigit() and any(_no_codes(value)))
        return "" if is_personal else value

    def code(self, value: str) -> str:
        return self._surrogates.code(value) if self._keeps else ""

    def name(self, word: str) -> str:
        return " ".join(map(self._surrogates.name, word.split())) if self._keeps else ""

    def token(self, value: str) -> str:
        return self._surrogates.token("id", value, 24)

    def uid(self, value: str) -> str:
        return f"2.25.{self._surrogates.integer('uid', value.strip())}"

    def postal(self, code: str) -> str:
        """The first three digits of a ZIP code, 000 where few people live; nothing of another country's code, whose areas we do not know."""
        if _ZIP.fullmatch(code.strip()) is None:
            return ""
        area = code.strip()[:3]
        return "000" if area in FEW_PEOPLE else area

    def moment(self, stated: str, *, birth: bool = False) -> str:
        found = _DATE.fullmatch(stated.strip())
        if found is None:
            return ""
        try:
            day = _day(found)
            if not self._keeps:
                return "" if birth and _age(day, self._policy.as_of) > OLDEST else f"{day.year:04d}"
            return _written(found, day + timedelta(days=self._surrogates.days))
        except (ValueError, OverflowError):
            return ""


def known_of(person: Registered) -> Known:
    """What the record says of the patient."""
    numbers = (*(each.number for each in person.identifiers), person.phone, person.born)
    places = re.split(r"[,;^\n]", person.address)
    return Known(*(tuple(filter(None, map(str.strip, words))) for words in ((person.given, person.family), numbers, places)))


def _no_codes(value: str) -> Iterator[Span]:
    """Dates, telephone numbers, addresses of mail and machines: what no code looks like."""
    yield from dates(value)
    yield from (span for span in shaped(value) if span.kind in _NEVER_CODES)


_NEVER_CODES: Final = frozenset({Kind.EMAIL, Kind.IP, Kind.PHONE, Kind.FAX, Kind.SOCIAL_SECURITY, Kind.VEHICLE, Kind.PHOTO})


def _day(found: re.Match[str]) -> date:
    month, day = found["month"], found["day"]
    return date(int(found["year"]), int(month or _MIDDLE[0][0]), int(day or (_MIDDLE[1] if month else _MIDDLE[0][1])))


def _written(found: re.Match[str], day: date) -> str:
    """As precise as it was, the time of day as it was."""
    parts = [f"{day.year:04d}"] + [f"{number:02d}" for number, name in ((day.month, "month"), (day.day, "day")) if found[name]]
    return (found["dash"] or "").join(parts) + (found["time"] or "")


def _age(born: date, as_of: date) -> int:
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
