"""By which way a drug is given, from what feeds write (HL7 table 0162, SNOMED texts, ward words): what is put on the skin does not interact."""

import re
from typing import Final, Literal, TypeAlias

Route: TypeAlias = Literal["oral", "parenteral", "inhaled", "local", "rectal", "unknown"]

_WORDS: Final[dict[str, Route]] = {
    "po": "oral", "oral": "oral", "orally": "oral", "mouth": "oral", "ng": "oral", "peg": "oral", "enteral": "oral", "nasogastric": "oral",
    "tablet": "oral", "tablets": "oral", "capsule": "oral", "capsules": "oral", "sl": "oral", "sublingual": "oral", "buccal": "oral",
    "iv": "parenteral", "ivp": "parenteral", "ivpb": "parenteral", "intravenous": "parenteral", "im": "parenteral", "intramuscular": "parenteral",
    "sc": "parenteral", "sq": "parenteral", "subcut": "parenteral", "subcutaneous": "parenteral", "injection": "parenteral",
    "injectable": "parenteral",
    "infusion": "parenteral", "transdermal": "parenteral", "patch": "parenteral", "td": "parenteral",
    "inhalation": "inhaled", "inhaled": "inhaled", "inhaler": "inhaled", "inh": "inhaled", "nebuliser": "inhaled", "nebulizer": "inhaled",
    "neb": "inhaled",
    "topical": "local", "cream": "local", "ointment": "local", "gel": "local", "lotion": "local", "shampoo": "local", "cutaneous": "local",
    "ophthalmic": "local", "eye": "local", "otic": "local", "ear": "local", "nasal": "local", "vaginal": "local", "tp": "local", "op": "local",
    "ot": "local",
    "pr": "rectal", "rectal": "rectal", "suppository": "rectal", "enema": "rectal",
}  # fmt: skip
WHOLE_BODY: Final = frozenset({
    "sumatriptan", "zolmitriptan", "dihydroergotamine", "fentanyl", "butorphanol", "midazolam", "desmopressin", "naloxone", "glyceryl trinitrate",
    "testosterone",
})  # fmt: skip
"""Drugs whose sprays for the nose and ointments and gels for the skin are meant for the whole body (their product labels, recalled)."""
_WORD: Final = re.compile(r"[a-z]+")


def route_of(route: str, what: str = "") -> Route:
    """From the order's route, else from the words of the drug ("Diclofenac 1 % topical gel")."""
    return next((_WORDS[word] for text in (route, what) for word in _WORD.findall(text.lower()) if word in _WORDS), "unknown")


def is_systemic(route: str, what: str = "") -> bool:
    """Whether it reaches the blood in amounts that matter. A route nobody named counts as one that does."""
    return route_of(route, what) not in ("local", "inhaled")
