"""START version 2: treatments that may be missing in people of 65 and over, criterion by criterion.

O'Mahony D et al. Age Ageing 2015;44:213-8, as in `stopp.py`. A treatment that is there, under any code of its group, is not missing.
What no record says, a criterion asks: see `ask`.
"""

from typing import Final

from wardline.core import concepts as c
from wardline.core.diseases import GOUT, HEART_FAILURE
from wardline.science.criteria.logic import All, AnyOf, Not, Term
from wardline.science.criteria.terms import Aged, Group, Has, Measured, OfSex, Takes, Vaccinated
from wardline.science.medication.stopp_start import diseases as d
from wardline.science.medication.stopp_start import groups as g
from wardline.science.medication.stopp_start.criterion import Criterion

OLD: Final = AnyOf((Has((d.BRITTLE_BONES, d.FRACTURE)), All((Measured(c.HIP_T_SCORE, below=-2.5), Measured(c.SPINE_T_SCORE, below=-2.5)))))
LONG_STEROID: Final = Takes(g.STEROID, days=90)
NOT_DYING: Final = Not(Has((d.TERMINAL,)), "no palliative care recorded")


def _without(group: Group) -> Term:
    return Not(Takes(group), f"no {group.name}")


# fmt: off
START: Final[tuple[Criterion, ...]] = (
    Criterion("A1", g.ANTICOAGULANT, "An oral anticoagulant in chronic atrial fibrillation", "prevents stroke", All((Has((d.LASTING_FIBRILLATION,)),
        _without(g.ANTICOAGULANT)))),
    Criterion("A2", g.ASPIRIN_LOW, "Aspirin in chronic atrial fibrillation where anticoagulants are contraindicated",
        "prevents stroke, though less well", All((Has((d.LASTING_FIBRILLATION,)), _without(g.ASPIRIN_LOW), _without(g.ANTICOAGULANT))),
        "Are all oral anticoagulants contraindicated?"),
    Criterion("A3", g.ANTIPLATELET, "An antiplatelet drug in coronary, cerebral or peripheral vascular disease", "prevents the next event",
        All((Has((d.VASCULAR_DISEASE,)), _without(g.ANTIPLATELET)))),
    Criterion("A4", g.ANTIHYPERTENSIVE, "Antihypertensive treatment with pressures consistently above 160/90, in diabetes 140/90",
        "prevents stroke and heart failure", All((_without(g.ANTIHYPERTENSIVE), AnyOf((
        Measured(c.SYSTOLIC_PRESSURE, above=160), Measured(c.DIASTOLIC_PRESSURE, above=90), All((Has((d.DIABETES_ANY,)), Measured(c.SYSTOLIC_PRESSURE,
            above=140))),
    )))), "Is the pressure consistently so high?"),
    Criterion("A5", g.STATIN, "A statin in coronary, cerebral or peripheral vascular disease, up to 85 years", "prevents the next event",
        All((Has((d.VASCULAR_DISEASE,)), _without(g.STATIN), Aged(at_most=85), NOT_DYING))),
    Criterion("A6", g.RAAS_BLOCKER, "An ACE inhibitor in systolic heart failure or coronary disease", "longer life", All((Has((HEART_FAILURE,
        d.CORONARY)), _without(g.ANY_RAAS)))),
    Criterion("A7", g.BETA_BLOCKER, "A beta-blocker in ischaemic heart disease", "less angina, longer life after infarction", All((Has((d.CORONARY,)),
        _without(g.BETA_BLOCKER)))),
    Criterion("A8", g.HEART_FAILURE_BETA_BLOCKER, "Bisoprolol, metoprolol, nebivolol or carvedilol in stable systolic heart failure", "longer life",
        All((Has((HEART_FAILURE,)), _without(g.HEART_FAILURE_BETA_BLOCKER)))),
    Criterion("B1", g.INHALED_BRONCHODILATOR, "A regular inhaled bronchodilator in asthma or COPD", "easier breathing",
        All((Has((d.OBSTRUCTED_AIRWAYS,)), _without(g.INHALED_BRONCHODILATOR)))),
    Criterion("B2", g.INHALED_STEROID, "A regular inhaled corticosteroid in asthma or COPD with FEV1 below 50 % and repeated exacerbations",
        "fewer exacerbations", All((Has((d.OBSTRUCTED_AIRWAYS,)), Has((d.AIRWAY_EXACERBATION,)), Measured(c.FEV1_OF_PREDICTED, below=50),
        _without(g.INHALED_STEROID)))),
    Criterion("B3", g.OXYGEN, "Home oxygen in chronic hypoxaemia (PaO₂ below 60 mmHg or saturation below 89 %)", "longer life",
        All((AnyOf((Has((d.RESPIRATORY_FAILURE,)), Measured(c.ARTERIAL_OXYGEN, below=60), Measured(c.OXYGEN_SATURATION, below=89))),
        _without(g.OXYGEN))), "Is the hypoxaemia chronic, measured when stable?"),
    Criterion("C1", g.LEVODOPA_OR_AGONIST, "Levodopa or a dopamine agonist in Parkinson's disease that disables", "better function",
        All((Has((d.PARKINSON_ITSELF,)), _without(g.LEVODOPA_OR_AGONIST)))),
    Criterion("C2", g.NON_TRICYCLIC, "An antidepressant that is no tricyclic in persistent major depression", "relief", All((Has((d.DEPRESSION,)),
        _without(g.NON_TRICYCLIC)))),
    Criterion("C3", g.CHOLINESTERASE_INHIBITOR,
        "An acetylcholinesterase inhibitor in mild or moderate Alzheimer's disease (Lewy body disease: rivastigmine)", "slower decline",
        AnyOf((All((Has((d.ALZHEIMER,)), _without(g.CHOLINESTERASE_INHIBITOR))), All((Has((d.LEWY_BODY,)), _without(g.RIVASTIGMINE)))))),
    Criterion("C4", g.GLAUCOMA_DROPS, "Topical prostaglandin or beta-blocker in open-angle glaucoma", "keeps sight", All((Has((d.OPEN_ANGLE_GLAUCOMA,
        )), _without(g.GLAUCOMA_DROPS)))),
    Criterion("C5", g.ANXIETY_DRUG, "An SSRI (else SNRI or pregabalin) in persistent severe anxiety", "independence", All((Has((d.ANXIETY,)),
        _without(g.ANXIETY_DRUG))), "Is the anxiety severe and persistent, and does it limit independence?"),
    Criterion("C6", g.RESTLESS_AGONIST, "A dopamine agonist in restless legs, once iron deficiency and severe kidney failure are excluded", "relief",
        All((Has((d.RESTLESS_LEGS,)), _without(g.RESTLESS_AGONIST)))),
    Criterion("D1", g.PPI, "A proton-pump inhibitor in severe reflux disease or peptic stricture", "healing", All((Has((d.REFLUX,)),
        _without(g.PPI)))),
    Criterion("D2", g.BULK_LAXATIVE, "Fibre in diverticulosis with constipation", "regular stools", All((Has((d.DIVERTICULOSIS,)),
        Has((d.CONSTIPATION,)), _without(g.BULK_LAXATIVE)))),
    Criterion("E1", g.DMARD, "A disease-modifying drug in active, disabling rheumatoid disease", "less damage", All((Has((d.RHEUMATOID_ARTHRITIS,)),
        _without(g.DMARD)))),
    Criterion("E2", g.BISPHOSPHONATE, "A bisphosphonate, vitamin D and calcium with long-term systemic corticosteroids", "prevents fractures",
        All((LONG_STEROID, AnyOf((_without(g.BISPHOSPHONATE), _without(g.CALCIUM), _without(g.VITAMIN_D)))))),
    Criterion("E3.1", g.VITAMIN_D, "Vitamin D in osteoporosis or after a fragility fracture", "prevents fractures", All((OLD,
        _without(g.VITAMIN_D)))),
    Criterion("E3.2", g.CALCIUM, "Calcium in osteoporosis or after a fragility fracture", "prevents fractures", All((OLD, _without(g.CALCIUM)))),
    Criterion("E4", g.BONE_DRUG, "A bone-building or anti-resorptive drug in osteoporosis or after a fragility fracture", "prevents fractures",
        All((OLD, _without(g.BONE_DRUG)))),
    Criterion("E5", g.VITAMIN_D, "Vitamin D in people who fall, do not leave the house, or have osteopenia", "fewer falls and fractures",
        All((AnyOf((Has((d.FALLS,)), All((Measured(c.HIP_T_SCORE, below=-1.0), Measured(c.SPINE_T_SCORE, below=-1.0))))), _without(g.VITAMIN_D)))),
    Criterion("E6", g.URATE_LOWERING, "Allopurinol or febuxostat in recurrent gout", "prevents attacks", All((Has((GOUT,)),
        _without(g.URATE_LOWERING))), "Does the gout recur?"),
    Criterion("E7", g.FOLATE, "Folic acid with methotrexate", "less toxicity", All((Takes(g.METHOTREXATE), _without(g.FOLATE)))),
    Criterion("F1", g.RAAS_BLOCKER, "An ACE inhibitor (else angiotensin receptor blocker) in diabetes with kidney disease", "protects the kidneys",
        All((AnyOf((Has((d.DIABETIC_KIDNEY,)), All((Has((d.DIABETES_ANY,)), AnyOf((Has((d.PROTEINURIA,)), Measured(c.URINE_ALBUMIN_CREATININE,
        at_least=30))))))), _without(g.RAAS_BLOCKER)))),
    Criterion("G1", g.PROSTATE_ALPHA_BLOCKER, "An alpha-1 blocker in symptomatic prostatism without need of surgery", "easier voiding",
        All((OfSex("M"), Has((d.PROSTATISM,)), _without(g.PROSTATE_ALPHA_BLOCKER)))),
    Criterion("G2", g.REDUCTASE_INHIBITOR, "A 5-alpha-reductase inhibitor in symptomatic prostatism without need of surgery", "slower growth",
        All((OfSex("M"), Has((d.PROSTATISM,)), _without(g.REDUCTASE_INHIBITOR)))),
    Criterion("G3", g.VAGINAL_OESTROGEN, "Vaginal oestrogen in symptomatic atrophic vaginitis", "relief", All((OfSex("F"), Has((d.ATROPHIC_VAGINITIS,
        )), _without(g.VAGINAL_OESTROGEN)))),
    Criterion("H1", g.STRONG_OPIOID, "A strong opioid in moderate or severe pain that weaker drugs do not relieve", "relief", All((Has((d.PAIN,)),
        AnyOf((Takes(g.WEAK_ANALGESIC), Takes(g.PARACETAMOL, above_mg=2900))), _without(g.STRONG_OPIOID))),
        "Is the pain moderate or severe in spite of weaker drugs?"),
    Criterion("H2", g.LAXATIVE, "A laxative with regular opioids", "prevents constipation", All((Takes(g.OPIOID), _without(g.LAXATIVE)))),
    Criterion("I1", g.INFLUENZA_VACCINE, "Influenza vaccine every year", "prevents influenza", Not(Vaccinated(g.INFLUENZA_VACCINE, within_days=365),
        "no influenza vaccine within a year")),
    Criterion("I2", g.PNEUMOCOCCAL_VACCINE, "Pneumococcal vaccine at least once after 65", "prevents pneumonia", All((Aged(at_least=65),
        Not(Vaccinated(g.PNEUMOCOCCAL_VACCINE), "no pneumococcal vaccine")))),
)
# fmt: on
"""In the order of the publication."""
