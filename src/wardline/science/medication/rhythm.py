"""Drugs that prolong the QT interval: two together, or one with a long QTc, low potassium or low magnesium.

The list is that of a label that was read: ziprasidone, 4 Contraindications, names the drugs with a known effect on QT (as reported with the
label change). Others are recalled from their own labels and silent. The CredibleMeds lists are not used.
"""

from datetime import timedelta
from itertools import combinations
from typing import Final

from wardline.core.concepts.chemistry import MAGNESIUM, POTASSIUM
from wardline.core.findings import Severity
from wardline.science.medication.drugs import Drugs
from wardline.science.medication.interactions.sources import recalled
from wardline.science.medication.patient import Patient
from wardline.science.medication.problem import Problem, Reason, Source, judged, said

NAMED: Final = frozenset({
    "dofetilide", "sotalol", "quinidine", "thioridazine", "moxifloxacin", "pimozide", "mesoridazine", "chlorpromazine", "droperidol", "gatifloxacin",
    "mefloquine", "pentamidine", "arsenic trioxide", "ziprasidone", "amiodarone", "ibutilide", "dronedarone", "procainamide", "disopyramide",
})  # fmt: skip
RECALLED: Final = frozenset({
    "haloperidol", "methadone", "citalopram", "escitalopram", "ondansetron", "clarithromycin", "erythromycin", "azithromycin", "levofloxacin",
    "ciprofloxacin",
    "fluconazole", "voriconazole", "domperidone", "quetiapine", "hydroxychloroquine", "chloroquine", "vandetanib", "nilotinib", "flecainide",
    "donepezil",
})  # fmt: skip
LABEL: Final = Source(
    "US label of ziprasidone, 4 Contraindications, as reported with the label change (Clinical Psychiatry News 2002); the pair: Phansalkar 2012, "
    "high-risk QT-prolonging agents", "verified",
)  # fmt: skip
OTHERS: Final = recalled("The drugs' own US labels, 5 QT prolongation")
LONG_QTC_MS: Final = 500.0
"""Dofetilide's label stops at a QTc above 500 ms."""


def rhythm(drugs: Drugs, patient: Patient, qtc_ms: float | None = None) -> tuple[Problem, ...]:
    """Pairs of such drugs, and single ones where something else prolongs the interval already."""
    taken = [(name, drug) for name, drug in drugs.of(NAMED | RECALLED)]
    risks = _risks(patient, qtc_ms)
    found: dict[str, Problem] = {}
    for (one, first), (other, second) in combinations(taken, 2):
        if one != other and first is not second:
            names = tuple(sorted((one, other)))
            is_known = one in NAMED and other in NAMED
            severity = Severity.HIGH if is_known else Severity.MEDIUM if risks else Severity.LOW
            found.setdefault(
                "+".join(names),
                _problem(
                    names,
                    severity,
                    LABEL if is_known else OTHERS,
                    risks,
                    (first.medication.order, second.medication.order),
                    first.is_draft or second.is_draft,
                ),
            )
    if risks:
        for name, drug in taken:
            source = LABEL if name in NAMED else OTHERS
            found.setdefault(name, _problem((name,), Severity.MEDIUM, source, risks, (drug.medication.order,), drug.is_draft))
    return tuple(sorted(found.values(), key=lambda problem: (-problem.severity, problem.key)))


def _risks(patient: Patient, qtc_ms: float | None) -> tuple[Reason, ...]:
    risks = []
    if qtc_ms is not None and qtc_ms > LONG_QTC_MS:
        risks.append(Reason("QTc", f"{qtc_ms:.0f} ms", "worse"))
    for concept, limit in ((POTASSIUM, 3.5), (MAGNESIUM, 1.6)):
        reading = patient.latest(concept, timedelta(days=3))
        if reading is not None and reading.value < limit:
            risks.append(Reason(concept.name, said(reading.value, concept), "worse"))
    return tuple(risks)


def _problem(names: tuple[str, ...], severity: Severity, source: Source, risks: tuple[Reason, ...], orders: tuple[str, ...], is_new: bool) -> Problem:
    together = " with ".join((names[0].capitalize(), *names[1:]))
    return judged(
        Problem(
            "heart_rhythm",
            "+".join(names),
            names,
            severity,
            f"{together}: long QT interval, torsades",
            "Another drug, or ECG before and after; potassium above 4, magnesium in the usual range",
            source,
            "Potassium channels of the heart are blocked",
            risks,
            ("prescriber", "pharmacist", "nurse"),
            "ECG; fainting or palpitations: call",
            is_new,
            None,
            orders,
        )
    )
