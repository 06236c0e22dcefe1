"""How the interaction rules do against reference sets: recall, precision, what must not interrupt, and the burden of a simulated pharmacy."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from wardline.core.capability import Reading
from wardline.core.course import Condition, Medication
from wardline.formats.fhir.facts import timeline_of
from wardline.learning.evaluation.formulary import Burden, burden
from wardline.learning.evaluation.interaction_sets import Stated, label_statements, non_interruptive, patients, product_names
from wardline.science.medication.drugs import drugs_of
from wardline.science.medication.interactions.checking import interactions
from wardline.science.medication.interactions.rules import INTERACTIONS
from wardline.science.medication.of_timeline import medications_of, patient_of
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem
from wardline.science.medication.recognising import substances_of
from wardline.science.medication.rhythm import rhythm

_WHEN_SHIPPED: Final = datetime(2018, 8, 28, 12, tzinfo=UTC)
"""The day of the shipped results."""
# The class pairs of Phansalkar 2012, table 2: their members as far as that table was read (pairs 3, 4, 6, 8), one pair each for the others.
_MAO: Final = ("tranylcypromine", "phenelzine", "isocarboxazid", "procarbazine", "selegiline")
HIGH_PRIORITY: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "amphetamines with MAO inhibitors": (
        ("dexmethylphenidate", "dexamfetamine", "methylphenidate", "lisdexamfetamine", "metamfetamine", "phendimetrazine", "pseudoephedrine",
            "amfetamine",
         "benzphetamine", "diethylpropion", "phentermine", "atomoxetine"), _MAO),
    "SSRIs with MAO inhibitors": (
        ("fluoxetine", "paroxetine", "citalopram", "escitalopram", "sertraline", "fluvoxamine", "duloxetine", "nefazodone", "desvenlafaxine",
            "milnacipran"), _MAO),
    "atazanavir with proton pump inhibitors": (("atazanavir",), ("omeprazole", "lansoprazole", "pantoprazole", "rabeprazole", "esomeprazole",
        "dexlansoprazole")),
    "febuxostat with azathioprine or mercaptopurine": (("febuxostat",), ("azathioprine", "mercaptopurine")),
    "tricyclics with MAO inhibitors": (("amitriptyline",), ("phenelzine",)),
    "triptans with MAO inhibitors": (("sumatriptan",), ("phenelzine",)),
    "opioids with MAO inhibitors": (("pethidine",), ("phenelzine",)),
    "tranylcypromine with procarbazine": (("tranylcypromine",), ("procarbazine",)),
    "protease inhibitors with strong CYP3A4 inducers": (("darunavir",), ("rifampicin",)),
    "statins with strong CYP3A4 inhibitors": (("simvastatin", "lovastatin"), ("clarithromycin", "itraconazole", "ritonavir")),
    "ergot alkaloids with CYP3A4 inhibitors": (("ergotamine",), ("clarithromycin",)),
    "irinotecan with strong CYP3A4 inhibitors": (("irinotecan",), ("ketoconazole",)),
    "tizanidine with CYP1A2 inhibitors": (("tizanidine",), ("ciprofloxacin", "fluvoxamine")),
    "ramelteon with strong CYP1A2 inhibitors": (("ramelteon",), ("fluvoxamine",)),
    "two drugs of high QT risk": (("dofetilide",), ("sotalol", "quinidine", "thioridazine", "pimozide", "ziprasidone")),
}  # fmt: skip


NOBODY: Final = Patient()
_FRAIL: Final = Patient(
    as_of=_WHEN_SHIPPED,
    age_years=85,
    sex="F",
    weight_kg=50,
    results={id: (Reading(_WHEN_SHIPPED, value),) for id, value in (("creatinine", 2.8), ("potassium", 5.6), ("inr", 4.2))},
    conditions=tuple(Condition(code, "ICD10") for code in ("I50.9", "K92.2", "E11.9")),
)
"""Everything that makes a rule louder: old, heart failure, diabetes, a bleed, weak kidneys, high potassium, a high INR."""


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    of: int

    def __str__(self) -> str:
        return f"{self.hits:,} of {self.of:,} ({100 * self.hits / self.of:.1f} %)" if self.of else "none"


class Labels(NamedTuple):
    """Agreement with the annotated labels, per pair of drugs or classes that a label names together."""

    recall: Share
    precision: Share
    by_type: dict[str, Share]


class Shipped(NamedTuple):
    """One shipped test patient: whether a card is expected, and what was found."""

    name: str
    expected: bool
    found: tuple[Problem, ...]


class Measured(NamedTuple):
    high_priority: dict[str, Share]
    non_interruptive: Share
    non_interruptive_shown: Share
    non_interruptive_frail: Share
    labels: Labels
    names: Share
    patients: tuple[Shipped, ...]
    burden: Burden


def measured(reference: Path) -> Measured:
    quiet = non_interruptive(reference)
    loud = [tiers(one, other) for one, other in quiet]
    names = list(product_names(reference))
    return Measured(
        {title: recall(one, other) for title, (one, other) in HIGH_PRIORITY.items()},
        Share(sum("interrupt" in each for each in loud), len(quiet)), Share(sum("passive" in each for each in loud), len(quiet)),
        Share(sum("interrupt" in tiers(*pair, _FRAIL) for pair in quiet), len(quiet)),
        labels(label_statements(reference)), Share(sum(_is_recognised(name, product) for name, product, _ in names), len(names)),
        tuple(shipped(name, resources) for name, resources in patients(reference)), burden(),
    )  # fmt: skip


def labels(statements: Iterable[Stated]) -> Labels:
    """A pair counts once, over all labels: it interacts if any sentence says so. Ours: a rule joins the two sides."""
    truth: dict[frozenset[frozenset[str]], bool] = {}
    types: dict[frozenset[frozenset[str]], set[str]] = {}
    for stated in statements:
        pair = frozenset((stated.one, stated.other))
        truth[pair] = truth.get(pair, False) or stated.interacts
        if stated.interacts:
            types.setdefault(pair, set()).add(stated.type)
    said = {pair: _has_rule(pair) for pair in truth}
    true = [pair for pair, is_so in truth.items() if is_so]
    claimed = [pair for pair, is_so in said.items() if is_so]
    counted, hit = Counter(kind for pair in true for kind in types[pair]), Counter(kind for pair in true if said[pair] for kind in types[pair])
    return Labels(
        Share(sum(said[pair] for pair in true), len(true)), Share(sum(truth[pair] for pair in claimed), len(claimed)),
        {kind or "not said": Share(hit[kind], count) for kind, count in sorted(counted.items())},
    )  # fmt: skip


def _has_rule(pair: frozenset[frozenset[str]]) -> bool:
    one, other = pair
    return any(
        (rule.side_one & one and rule.side_other & other) or (rule.side_one & other and rule.side_other & one) for rule in INTERACTIONS
    )  # fmt: skip


def tiers(one: str, other: str, patient: Patient = NOBODY) -> set[str]:
    """How loudly the pair is said at the moment of ordering; unless a patient is given, of one of whom nothing else is known."""
    drugs = drugs_of((Medication(one), Medication(other)))
    return {problem.tier for problem in (*interactions(INTERACTIONS, drugs, patient), *rhythm(drugs, patient))}


def recall(ones: tuple[str, ...], others: tuple[str, ...]) -> Share:
    pairs = [(one, other) for one in ones for other in others if one != other]
    return Share(sum("interrupt" in tiers(one, other) for one, other in pairs), len(pairs))


def _is_recognised(name: str, product: str) -> bool:
    return any(substance.name == name for substance in substances_of(product))


def shipped(name: str, resources: list[dict[str, Any]]) -> Shipped:
    """Expected by the guide: a card for digoxin with ciclosporin, none otherwise."""
    timeline = timeline_of(resources, known_at=_WHEN_SHIPPED)
    patient = patient_of(timeline, _WHEN_SHIPPED)
    drugs = drugs_of(medications_of(timeline, _WHEN_SHIPPED), as_of=_WHEN_SHIPPED)
    return Shipped(name, {"digoxin", "ciclosporin"} <= set(drugs.by_substance), interactions(INTERACTIONS, drugs, patient))
