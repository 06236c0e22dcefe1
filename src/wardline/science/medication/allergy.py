"""A stated allergy and a drug that is it, belongs to its class, or shares the part that allergic people react to.

The cross-reactivity within beta-lactams follows the side chain (R1), not the name of the class: Pichichero ME, J Fam Pract 2006;55:106-12
(read: cefalexin and cefadroxil carry a risk in penicillin allergy, cefuroxime, cefpodoxime, ceftazidime and ceftriaxone do not; it also counts
cefazolin) and the side-chain table of a hospital's antibiotic guide (read; there cefazolin shares no chain).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from wardline.core.codings import codings
from wardline.core.course import Allergy
from wardline.core.findings import Severity
from wardline.science.medication.classes import CLASSES, classes_of, members, title_of
from wardline.science.medication.drugs import Drug, Drugs
from wardline.science.medication.interactions.sources import recalled
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, Reason, Source
from wardline.science.medication.recognising import substances_of

_STATED: Final = Source("The allergy as stated in the record", "verified")
_SIDE_CHAIN: Final = Source("Pichichero ME, J Fam Pract 2006;55:106-12; side-chain table of a hospital's antibiotic guide", "verified")

SIDE_CHAINS: Final[tuple[frozenset[str], ...]] = (
    frozenset({"amoxicillin", "ampicillin", "cefalexin", "cefadroxil", "cefaclor", "cefprozil"}),
    frozenset({"cefepime", "cefotaxime", "ceftriaxone"}),
    frozenset({"ceftazidime", "aztreonam"}),
    frozenset({"benzylpenicillin", "cefoxitin"}),
)
_NAMED: Final[dict[str, str]] = {
    # How records name a class: every word of ours, and what people write. The plural is cut off.
    **{group.name.lower(): id for id, group in CLASSES.items() if not id.startswith(("strong", "moderate", "cyp", "p_gp"))},
    "penicillin": "penicillin", "cephalosporin": "cephalosporin", "sulfa": "sulfonamide_antibiotic", "sulfonamide": "sulfonamide_antibiotic",
    "sulpha": "sulfonamide_antibiotic", "sulphonamide": "sulfonamide_antibiotic", "nsaid": "nsaid", "quinolone": "fluoroquinolone",
    "opiate": "opioid",
    "statin": "statin", "ace inhibitor": "ace_inhibitor", "contrast": "iodinated_contrast", "iodinated contrast media": "iodinated_contrast",
    "contrast media": "iodinated_contrast", "macrolide": "macrolide", "tetracycline": "tetracycline", "aminoglycoside": "aminoglycoside",
    "beta lactam": "beta_lactam", "carbapenem": "carbapenem", "salicylate": "salicylate", "aspirin": "aspirin", "asa": "aspirin",
    "pcn": "penicillin", "non steroidal anti inflammatory": "nsaid", "nonsteroidal anti inflammatory": "nsaid", "acei": "ace_inhibitor",
    "ace i": "ace_inhibitor", "contrast dye": "iodinated_contrast", "iv contrast": "iodinated_contrast",
}  # fmt: skip
_SEVERE: Final = re.compile(
    r"anaphyla|angio-?o?edema|shock|stevens|sjs|\bten\b|necrolysis|dress|airway|throat|breath|wheez|bronchospasm|severe|\bsv\b|high", re.IGNORECASE
)
_INTOLERANCE: Final = re.compile(r"intoleran|nausea|vomit|diarrh|upset|headache|constipat|dizz", re.IGNORECASE)
_NONE_KNOWN: Final = re.compile(r"^(nkd?a|none|nil|no|no known|none known|nil known)( known)?( drug| food)?( allerg(y|ies))?$", re.IGNORECASE)
"""A record that says that there is none: nothing to check, and nothing that was not understood."""
_WORDS: Final = re.compile(r"[a-z0-9]+")
_AROUND: Final = re.compile(
    r"^(?:(?:known )?(?:drug )?(?:allergy|allergic|hypersensitivity|adverse reaction) to )"
    r"|(?: (?:allergy|allergies|drug|antibiotic|antibacterial|agent|class|group|product|finding|disorder|substance|s))$|(?<=[a-rt-z])s$"
)
"""What stands around the name of a class: "Allergy to penicillins", "sulfa drugs", "Allergy to macrolide antibiotic (finding)"."""


class Meant(NamedTuple):
    """What a stated allergy means: substances by name, and classes."""

    substances: frozenset[str]
    classes: frozenset[str]


def meant_by(allergy: Allergy) -> Meant:
    """From its words where they name a class, else from its codes, else from its words."""
    return _meant(allergy.text, allergy.code)


@lru_cache(maxsize=4096)
def _meant(stated: str, code: str) -> Meant:
    group = next((_NAMED[each] for each in _bare(stated) if each in _NAMED), None)
    if group is not None and group in CLASSES:
        return Meant(frozenset(), frozenset({group}))
    return Meant(frozenset(substance.name for substance in substances_of(group or stated, codings(code))), frozenset())


def _bare(stated: str) -> Iterator[str]:
    """The words of an allergy, and the same with less and less around them."""
    text, before = " ".join(_WORDS.findall(stated.lower())), ""
    while text != before:
        yield text
        before, text = text, _AROUND.sub("", text, count=1)


def conflicts(drugs: Drugs, patient: Patient) -> tuple[Problem, ...]:
    """One problem per drug and allergy, the nearest relation only."""
    found: dict[tuple[str, str], Problem] = {}
    for allergy in patient.allergies or ():
        meant = meant_by(allergy)
        for drug in drugs.all:
            for problem in _of_drug(allergy, meant, drug, patient):
                question = (problem.key, "+".join(problem.orders))
                if question not in found or problem.severity > found[question].severity:
                    found[question] = problem
    return tuple(sorted(found.values(), key=lambda problem: (-problem.severity, problem.key)))


def unrecognised(patient: Patient) -> tuple[str, ...]:
    """Stated drug allergies that nobody here understands: they were not checked."""
    understood = (allergy for allergy in patient.allergies or () if allergy.category.lower() in ("", "da", "drug", "medication"))
    return tuple(
        allergy.text for allergy in understood if allergy.text and not any(meant_by(allergy)) and not _NONE_KNOWN.match(allergy.text.strip())
    )


def _of_drug(allergy: Allergy, meant: Meant, drug: Drug, patient: Patient) -> Iterator[Problem]:
    for name in drug.names:
        relation = _relation(name, meant)
        if relation is None:
            continue
        severity, words, source = relation
        reaction = allergy.reaction or allergy.severity
        reasons = (Reason("stated allergy", allergy.text), *((Reason("reaction", reaction),) if reaction else ()))
        is_mild = bool(_INTOLERANCE.search(reaction)) and not _SEVERE.search(f"{allergy.reaction} {allergy.severity}")
        days = drug.days
        if is_mild and severity is Severity.HIGH:
            severity, words = Severity.MEDIUM, f"{words}; the reaction reads like an intolerance"
        elif not drug.is_draft and days is not None and days >= 3 and severity is not Severity.HIGH:
            severity, reasons = Severity.LOW, (*reasons, Reason("given already", f"for {days} days", "better"))
        yield Problem(
            "allergy", f"{name}:{allergy.text.lower()}", (name,), severity, f"{name.capitalize()}: {words}",
            "Ask what happened and when; another drug unless the allergy is ruled out", source,
            "Immune memory of the substance, or of a part it shares",
            reasons, ("prescriber", "pharmacist", "nurse"), "Do not give before it is cleared up; adrenaline at hand", drug.is_draft, days,
            (drug.medication.order,),
        )  # fmt: skip


@lru_cache(maxsize=8192)
def _relation(name: str, meant: Meant) -> tuple[Severity, str, Source] | None:
    """How a drug is related to what was stated: itself, its class, its side chain, its distant family."""
    if name in meant.substances:
        return Severity.HIGH, "an allergy to it is stated", _STATED
    groups = meant.classes
    for group in groups:
        if name in members(group):
            return Severity.HIGH, f"an allergy to its class is stated ({title_of(group)})", _STATED
    shared = next((chain for chain in SIDE_CHAINS if name in chain and meant.substances & chain), None)
    if shared is not None:
        return Severity.HIGH, f"shares its side chain with {', '.join(sorted(meant.substances & shared))}", _SIDE_CHAIN
    mine = classes_of(name)
    stated = groups.union(*(classes_of(each) for each in meant.substances)) if meant.substances else groups
    if "penicillin" in stated and "penicillin" in mine:
        return Severity.HIGH, "another penicillin", Source("Penicillins share their core ring (Pichichero 2006)", "verified")
    if "penicillin" in stated and name in ("cefalexin", "cefadroxil", "cefaclor", "cefprozil"):
        return Severity.MEDIUM, "a penicillin allergy is stated, and it shares a side chain with aminopenicillins", _SIDE_CHAIN
    if "penicillin" in stated and mine & {"cephalosporin", "carbapenem"}:
        return Severity.LOW, "a penicillin allergy is stated; cross-reactions are rare with another side chain", _SIDE_CHAIN
    if "cephalosporin" in stated and "cephalosporin" in mine:
        return Severity.MEDIUM, "another cephalosporin, of another side chain", _SIDE_CHAIN
    if stated & {"nsaid", "salicylate"} and mine & {"nsaid", "salicylate"}:
        return (
            Severity.MEDIUM,
            "may cross-react: both block cyclo-oxygenase",
            recalled("US labels of NSAIDs, 4: asthma or urticaria after aspirin or other NSAIDs"),
        )
    same = next(
        (
            group
            for group in ("opioid", "statin", "ace_inhibitor", "macrolide", "fluoroquinolone", "sulfonamide_antibiotic", "aminoglycoside")
            if group in stated & mine
        ),
        None,
    )
    return (Severity.MEDIUM, f"of the same class, {title_of(same)}", recalled("Cross-reactions within a class")) if same else None
