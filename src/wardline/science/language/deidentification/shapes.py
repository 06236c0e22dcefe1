"""Identifiers that can be told by their shape or by the word before them: numbers, addresses of machines, mail, telephones.

Shapes are from the rules that made them where these are public (social security number: 3-2-4 digits; vehicle identification
number: 17 characters without I, O, Q, ISO 3779; IP: RFC 791 and 4291); the words before them are those of English, German and
French charts. Anything long and coded that none of them explains is an "other unique code": unknown is treated as identifying.
"""

import re
from collections.abc import Iterator
from typing import Final

from wardline.science.language.deidentification.identifiers import LABELLED_RANK, SHAPED_RANK, Kind, Span

_SAID: Final = r"(?:[ \t]*(?:\b(?:number|numbers|no|nr|num|numéro|nummer|id|ids|code|is|was|ist|est|of|ending in)\b\.?|[:#=]|n°|№))*[\s(]*"
"""What may stand between a label and its value: "number is: #"."""
_VALUE: Final = (
    r"(#?(?:(?-i:[A-Z]{1,6})[-/ ]?)?(?=[\w./-]*\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-./](?=[A-Za-z0-9])){2,39}"
    r"(?: \d{2,6}(?![\w%.])(?! ?(?:mg|ml|mmHg|bpm|years?)))*)"
)
"""A code with at least one digit in it; groups of digits after it belong to it."""


def _labelled(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])(?:{words}){_SAID}{_VALUE}", re.IGNORECASE)


LABELLED: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    (Kind.SOCIAL_SECURITY, _labelled(r"ssn|social security|soc\.? sec\.?|ahv|avs|sozialversicherungs\w*|sécurité sociale|nir")),
    (Kind.HEALTH_PLAN, _labelled(
        r"(?:health[ -]?)?(?:insurance|insurer|ins\.?|policy|member(?:ship)?|subscriber|beneficiary|health plan|plan|hmo|ppo|medicare|medicaid"
        r"|payer|group|hic|mbi|coverage|versicherten\w*|versicherungs\w*|krankenkasse|assurance|assuré|mutuelle)"
        r"(?:[ \t]+(?:policy|plan|member|card|beneficiary|group|subscriber|health|medical|insurance|claim))*"
    )),
    (Kind.RECORD, _labelled(
        r"mrn|m\.r\.n\.|mr ?#|medical[ -]record|med\.? ?rec\.?|(?:patient|pt|hospital|chart|record|unit|encounter|visit|case|admission)(?:'s)?"
        r"[ \t]*(?:record|file|chart)?[ \t]*(?:id|number|no|nr|num|#|mrn)|chart|nhs|chi|patienten(?:nummer|nr|-id)|fall(?:nummer|nr|zahl)|pid|ipp|nip"
        r"|dossier|matricule"
    )),
    (Kind.ACCOUNT, _labelled(r"account|acct\.?|acc|bank|iban|credit card|card|invoice|billing|konto\w*|compte")),
    (Kind.LICENCE, _labelled(r"licen[cs]e|lic\.?|dea|npi|certificate|cert\.?|passport|permit|gmc|nmc|führerschein|ausweis\w*|permis|rpps|lanr")),
    (Kind.VEHICLE, _labelled(r"vin|license plate|licence plate|number plate|plate|registration plate|vehicle|kennzeichen|immatriculation")),
    (Kind.DEVICE, _labelled(
        r"serial|s/n|sn|device|implant|udi|lot|pacemaker|icd serial|pump|model|gerätenummer|seriennummer|numéro de série"
    )),
    (Kind.BIOMETRIC, _labelled(r"fingerprint|finger[ -]?print|voice ?print|iris|retina(?:l)? scan|biometric|palm print|face ?id")),
    (Kind.OTHER, _labelled(
        r"ref(?:erence)?\.?|code|accession|acc\.?|specimen|sample|order|study|trial|subject|participant|case|ticket|barcode|token|key|uid|id"
        r"|confirmation|claim|auth(?:orization|orisation)?|auftrag\w*|probe\w*|référence"
    )),
)  # fmt: skip

_CALLED: Final = (
    r"(?:tele?ph?one|tel\.?|phone|mobile|cell|handy|telefon|téléphone|portable|pager|beeper|contact|call(?: back)?|reach(?:ed|able)? (?:at|on)"
    r"|ring|sms|whatsapp|ph)"
)
_DIGITS: Final = r"(\+?\(?\d(?:[\d()]|[-./ \t]{1,3}(?=[\d(])){5,20}\d(?:[ \t]*(?:x|ext\.?|extension|-)[ \t]*\d{1,6})?)"
PHONES: Final[tuple[tuple[Kind, int, re.Pattern[str]], ...]] = (
    (Kind.FAX, LABELLED_RANK, re.compile(rf"\b(?:tele)?(?:fax|facsimile|télécopie)[\w ]{{0,12}}[:#]?[\s(]*{_DIGITS}", re.IGNORECASE)),
    (Kind.PHONE, LABELLED_RANK, re.compile(rf"\b{_CALLED}[\w ]{{0,12}}[:#]?\s*{_DIGITS}", re.IGNORECASE)),
    (Kind.PHONE, SHAPED_RANK, re.compile(
        r"(?<![\w.-])((?:\+?1[-. ]?)?(?:\(\d{3}\)[ ]?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:[ ]?(?:x|ext\.?)[ ]?\d{1,6})?)(?![\w-])"
    )),
    (Kind.PHONE, SHAPED_RANK, re.compile(r"(?<![\w.+])((?:\+|00)[1-9]\d{0,2}[-. /]?\(?\d{1,5}\)?(?:[-. /]?\d{2,5}){1,5})(?![\w])")),
    (Kind.PHONE, SHAPED_RANK, re.compile(r"(?<![\w.,])(0[1-9](?:[ .]\d{2}){4})(?![\w])")),
    (Kind.PHONE, SHAPED_RANK, re.compile(r"(?<![\w.,/])(0[1-9]\d{1,4}[ /-]{1,3}\d{3,8}(?:[ -]\d{1,5})*)(?![\w])")),
    (Kind.PHONE, SHAPED_RANK + 1, re.compile(r"(?<![\w.-])(\d{3}-\d{4})(?![\w-])")),
)  # fmt: skip

SHAPES: Final[tuple[tuple[Kind, int, re.Pattern[str]], ...]] = (
    (Kind.EMAIL, LABELLED_RANK, re.compile(r"([\w.+'-]+(?:@|\s?[\[(](?:at|AT)[\])]\s?|\s@\s?)[\w-]+(?:(?:\.|\s?[\[(]dot[\])]\s?)[\w-]+)+)")),
    (Kind.URL, LABELLED_RANK, re.compile(r"((?:https?|ftp|sftp|file)://[^\s<>\"|]+|\bwww\.[^\s<>\"|]+)", re.IGNORECASE)),
    (Kind.URL, SHAPED_RANK, re.compile(
        r"(?<![\w@.-])((?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|info|health|de|ch|at|fr|co\.uk|uk|eu|us)(?:/[^\s<>\"|]*)?)(?![\w@])", re.IGNORECASE
    )),
    (Kind.IP, LABELLED_RANK, re.compile(
        r"(?<![\w.])((?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:[:/]\d{1,5})?)(?![\w.]*\w)"
    )),
    (Kind.IP, LABELLED_RANK, re.compile(
        r"(?<![\w:])((?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,5})?)(?![\w:])"
    )),
    (Kind.DEVICE, SHAPED_RANK, re.compile(r"\b((?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2})\b", re.IGNORECASE)),  # the address of a network card
    (Kind.SOCIAL_SECURITY, SHAPED_RANK, re.compile(r"(?<![\w-])(\d{3}[- ]\d{2}[- ]\d{4}|756\.\d{4}\.\d{4}\.\d{2})(?![\w-])")),
    (Kind.VEHICLE, SHAPED_RANK, re.compile(r"\b((?=[A-HJ-NPR-Z]*\d)(?=\d*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{17})\b")),
    (Kind.ACCOUNT, SHAPED_RANK, re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)\b")),  # IBAN, ISO 13616
    (Kind.PHOTO, SHAPED_RANK, re.compile(r"([\w-]+\.(?:jpe?g|png|heic|tiff?|bmp|gif|mp4|mov))\b", re.IGNORECASE)),
    (Kind.OTHER, SHAPED_RANK, re.compile(r"\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b", re.IGNORECASE)),
    (Kind.OTHER, SHAPED_RANK, re.compile(r"(?<![\w.])([0-2](?:\.\d+){5,})(?![\w.])")),  # object identifiers, DICOM UIDs among them
    (Kind.OTHER, SHAPED_RANK + 1, re.compile(r"(?<![\w.,])(#?[A-Za-z]{1,6}[-_/]?\d{4,}[A-Za-z0-9]*(?:[-_/][A-Za-z0-9]+)*)(?![\w])")),
    (Kind.OTHER, SHAPED_RANK + 1, re.compile(
        r"(?<![\w.,])(#?\d{3,}[-_]?[A-Z]{1,6}\d*|[A-Z]{2,6}-\d{2,}(?:-\d+)*|\d{4,}(?:[-/]\d{2,})+|\d{3}-\d{2,3}-\d{2,4}|\d{2}-\d{3,})(?![\w%])"
    )),
    (Kind.OTHER, SHAPED_RANK + 1, re.compile(r"(?<![\w.,])(#?\d{6,})(?![\w%]|[.,]\d)")),
    (Kind.OTHER, SHAPED_RANK + 1, re.compile(r"(#\s?\d{2,}[\w-]*)")),
)  # fmt: skip
NO_CODE: Final = re.compile(
    r"(?:COVID-19|SARS-CoV-2|CA-?\d{2,3}(?:-\d)?|IL-\d+|NCT\d+|ICD-?1[01]|PHQ-\d|GAD-\d|FDG-\w+|(?:1?\d{1,2})-(?:1?\d{1,2})|HER-2|CD-?\d{1,3}|BRCA\d|CHA2DS2.*"
    r"|\d{3,4}(?:mg|ml|mcg|iu|kcal|cc|cm|mm|g|l|h|hz|nm|kg|am|pm|u)|[A-Z]{2,4}-\d{2})\Z", re.IGNORECASE
)  # fmt: skip
"""Words of medicine with digits in them, as whole codes."""


def shaped(text: str) -> Iterator[Span]:
    """Everything that a label or its shape gives away."""
    for kind, pattern in LABELLED:
        yield from (Span(*found.span(1), kind, LABELLED_RANK) for found in pattern.finditer(text) if _is_code(found[1]))
    for kind, rank, pattern in PHONES:
        yield from (Span(*found.span(1), kind, rank) for found in pattern.finditer(text) if sum(map(str.isdigit, found[1])) >= 6)
    for kind, rank, pattern in SHAPES:
        yield from (Span(*found.span(1), kind, rank) for found in pattern.finditer(text) if kind is not Kind.OTHER or _is_code(found[1]))


def _is_code(value: str) -> bool:
    """A word of medicine and a short number are none: "case of 3", "plan 2"."""
    return sum(map(str.isdigit, value)) >= 2 and NO_CODE.match(value) is None
