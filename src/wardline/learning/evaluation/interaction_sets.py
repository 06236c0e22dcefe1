"""The reference sets of drug interactions, read as they are: pairs that must not interrupt, label statements, product names.

None of their rows is kept or shown; what leaves this module are pairs to be counted.
"""

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from wardline.science.medication.classes import CLASSES, members
from wardline.science.medication.recognising import substances_of

ONC: Final = Path("knowledge/ddi_onc/onc_non_interruptive.csv")
LABELS: Final = Path("knowledge/nlm_label_ddi/labels.zip")
PDDI: Final = Path("knowledge/pddi_cds_hl7")
_DISPLAY: Final = re.compile(r'<display value="([^"]+)"')
_CLASS_WORDS: Final[dict[str, str]] = {
    # How labels name a class, in the singular, as far as it is one of ours.
    "nsaid": "nsaid", "nonsteroidal anti-inflammatory drug": "nsaid", "nonsteroidal anti-inflammatory agent": "nsaid",
    "nonsteroidal antiinflammatory agent": "nsaid",
    "cox-2 inhibitor": "nsaid", "diuretic": "diuretic", "thiazide": "thiazide", "thiazide diuretic": "thiazide", "loop diuretic": "loop_diuretic",
    "potassium-sparing diuretic": "potassium_sparing_diuretic", "potassium sparing diuretic": "potassium_sparing_diuretic",
    "potassium supplement": "potassium_supplement", "beta-blocker": "beta_blocker", "beta blocker": "beta_blocker", "β-blocker": "beta_blocker",
    "beta-adrenergic blocker": "beta_blocker", "beta-adrenergic blocking agent": "beta_blocker", "ace inhibitor": "ace_inhibitor",
    "acei": "ace_inhibitor",
    "arb": "angiotensin_blocker", "angiotensin ii antagonist": "angiotensin_blocker", "angiotensin ii receptor antagonist": "angiotensin_blocker",
    "digitalis": "digitalis", "digitalis glycoside": "digitalis", "cardiac glycoside": "digitalis", "nitrate": "nitrate",
    "organic nitrate": "nitrate",
    "phosphodiesterase inhibitor": "pde5_inhibitor", "pde5 inhibitor": "pde5_inhibitor", "anticoagulant": "anticoagulant", "statin": "statin",
    "salicylate": "salicylate", "corticosteroid": "corticosteroid", "insulin": "insulin", "narcotic": "opioid", "mao inhibitor": "mao_inhibitor",
    "tricyclic antidepressant": "tricyclic", "calcium channel blocker": "calcium_blocker", "aminoglycoside antibiotic": "aminoglycoside",
    "antihistamine": "antihistamine", "benzodiazepine": "benzodiazepine", "macrolide antibiotic": "macrolide",
}  # fmt: skip


class Stated(NamedTuple):
    """Two drugs or classes that one sentence of a label names, each as the substances it means; whether it says that they interact."""

    one: frozenset[str]
    other: frozenset[str]
    interacts: bool
    type: str


def non_interruptive(reference: Path) -> tuple[tuple[str, str], ...]:
    """Pairs of the list that should never interrupt a prescriber (Phansalkar 2013)."""
    with (reference / ONC).open(encoding="utf-8", newline="") as file:
        rows = {(row[2].strip().lower(), row[7].strip().lower()) for row in csv.reader(file)}
    return tuple(sorted(rows))


def label_statements(reference: Path) -> Iterator[Stated]:
    """Every annotated pair of the labels of which both sides are known here."""
    with zipfile.ZipFile(reference / LABELS) as labels:
        for name in sorted(labels.namelist()):
            if name.endswith(".xml"):
                yield from _of_label(ET.fromstring(labels.read(name)))  # noqa: S314 - a file of the reference data, not of a stranger


def product_names(reference: Path) -> Iterator[tuple[str, str, bool]]:
    """(substance, product, whether the set says it is put on skin, eye or ear) of the value sets of one substance."""
    for file in sorted((reference / PDDI / "vocabulary").glob("valueset-*.xml")):
        name, _, excluded = file.stem.removeprefix("valueset-").partition("-")
        found = substances_of(name)
        if len(found) == 1 and excluded in ("", "exclude"):
            for product in set(_DISPLAY.findall(file.read_text(encoding="utf-8-sig"))) - {"United States of America", "World"}:
                yield found[0].name, product.replace("&amp;", "&"), excluded == "exclude"


def patients(reference: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The shipped test patients, each with its FHIR resources."""
    for folder in sorted((reference / PDDI / "tests").glob("*/*")):
        if folder.is_dir():
            yield folder.name, [json.loads(file.read_text(encoding="utf-8-sig")) for file in sorted(folder.glob("*.json"))]


def _of_label(label: ET.Element) -> Iterator[Stated]:
    generic = label.find("generic")
    own = _meant(generic.get("name", "") if generic is not None else "")
    for sentence in label.iter("sentence"):
        named = {entity.get("id", ""): _meant(entity.get("text") or "") for entity in sentence.iter("entity") if entity.get("text")}
        for pair in sentence.iter("pair"):
            one, other = (own if pair.get(side) == "labelDrug" else named.get(pair.get(side) or "", frozenset()) for side in ("e1", "e2"))
            if one and other and one != other:
                yield Stated(one, other, pair.get("ddi") == "true", pair.get("type") or "")


def _meant(text: str) -> frozenset[str]:
    """The substances a name means: a class's members, or what is recognised."""
    lower = text.lower().strip()
    group = _CLASS_WORDS.get(lower) or _CLASS_WORDS.get(lower.removesuffix("s"))
    if group is not None and group in CLASSES:
        return members(group)
    return frozenset(substance.name for substance in substances_of(text))
