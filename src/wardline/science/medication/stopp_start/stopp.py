"""STOPP version 2: prescriptions to reconsider in people of 65 and over, criterion by criterion.

O'Mahony D et al. STOPP/START criteria for potentially inappropriate prescribing in older people: version 2. Age Ageing 2015;44:213-8.
The facts are the criteria's, as the computable rules of Huibers CJA et al. (Int J Med Inform 2019;125:110) carry their text; the words
and the code are ours. Where the structured rule and the criterion's text differ, the text counts: docs/evaluation/stopp-start.md says
where. Not among those rules, and not here: A1 (no indication), A2 (longer than recommended), G4.
"""

from typing import Final

from wardline.core import concepts as c
from wardline.core.diseases import GOUT, HEART_FAILURE
from wardline.science.criteria.logic import All, AnyOf, Not
from wardline.science.criteria.terms import Found, Group, Has, Measured, Takes
from wardline.science.medication.stopp_start import diseases as d
from wardline.science.medication.stopp_start import groups as g
from wardline.science.medication.stopp_start.criterion import Criterion

EGFR: Final = "egfr_ckd_epi_2021"
MONTH: Final = 30
NO_PPI: Final = Not(Takes(g.PPI), "without a proton-pump inhibitor")
BLEEDING_RISK: Final = AnyOf((Has((d.BLEEDING_DIATHESIS, d.BRAIN_BLEEDING)), Has((d.GI_BLEEDING,), within_days=90)))
CALCIUM_2_65: Final = 10.62
"""2.65 mmol/L in mg/dL (x 4.008)."""

# fmt: off
DRUGS: Final = (
    Criterion("A3", g.NSAID, "Two drugs of one class at once", "one of them should be used to its best before another is added", AnyOf((
        Takes(g.NSAID, count=2), Takes(g.SSRI, count=2), Takes(g.LOOP_DIURETIC, count=2), Takes(g.ACE_INHIBITOR, count=2), Takes(g.ANY_ANTICOAGULANT,
            count=2),
    ))),
)
HEART: Final = (
    Criterion("B1", g.DIGOXIN, "Digoxin for heart failure whose pump function is normal", "no clear benefit", All((Takes(g.DIGOXIN),
        Has((HEART_FAILURE,)), Measured(c.EJECTION_FRACTION, above=50)))),
    Criterion("B2", g.RATE_LIMITER, "Verapamil or diltiazem in heart failure of NYHA class III or IV", "may make it worse",
        All((Takes(g.RATE_LIMITER), Has((HEART_FAILURE,)))), "Is the heart failure of NYHA class III or IV?"),
    Criterion("B3", g.BETA_BLOCKER, "A beta-blocker together with verapamil or diltiazem", "risk of heart block", All((Takes(g.BETA_BLOCKER),
        Takes(g.RATE_LIMITER)))),
    Criterion("B4", g.BETA_BLOCKER, "A beta-blocker with a pulse below 50 or second- or third-degree heart block",
        "risk of complete block or asystole", All((Takes(g.BETA_BLOCKER), AnyOf((Measured(c.PULSE, below=50), Has((d.BRADYCARDIA,
        d.HEART_BLOCK))))))),
    Criterion("B5", g.AMIODARONE, "Amiodarone as the first choice against supraventricular tachyarrhythmia",
        "more side effects than beta-blockers, digoxin, verapamil or diltiazem", All((Takes(g.AMIODARONE), Has((d.SUPRAVENTRICULAR,)))),
        "Was amiodarone the first drug tried?"),
    Criterion("B6", g.LOOP_DIURETIC, "A loop diuretic as the first choice against hypertension", "safer and better drugs exist",
        All((Takes(g.LOOP_DIURETIC), Has((d.PLAIN_HYPERTENSION,)))), "Is the loop diuretic given for hypertension, as the first choice?"),
    Criterion("B7", g.LOOP_DIURETIC, "A loop diuretic for swollen ankles without heart, liver or kidney failure",
        "raising the legs and compression usually suit better", All((Takes(g.LOOP_DIURETIC), Has((d.ANKLE_OEDEMA,)),
        Not(Has((d.OTHER_REASON_FOR_LOOP,)), "no heart, liver or kidney failure recorded")))),
    Criterion("B8", g.THIAZIDE, "A thiazide with low potassium, low sodium, high calcium or gout", "it can bring each of them about",
        All((Takes(g.THIAZIDE), AnyOf((
        Has((GOUT, d.DYSELECTROLYTAEMIA)), Measured(c.POTASSIUM, below=3.0), Measured(c.SODIUM, below=130), Found("corrected_calcium",
            at_least=CALCIUM_2_65 + 0.01),
    ))))),
    Criterion("B9", g.LOOP_DIURETIC, "A loop diuretic for hypertension in somebody with urinary incontinence", "may make incontinence worse",
        All((Takes(g.LOOP_DIURETIC), Has((d.PLAIN_HYPERTENSION,)), Has((d.INCONTINENCE,))))),
    Criterion("B10", g.CENTRAL_ANTIHYPERTENSIVE, "A centrally acting antihypertensive drug", "older people tolerate these less well",
        Takes(g.CENTRAL_ANTIHYPERTENSIVE), "Would another class be tolerated and work?"),
    Criterion("B11", g.ANY_RAAS, "An ACE inhibitor or angiotensin receptor blocker with high potassium", "potassium may rise further",
        All((Takes(g.ANY_RAAS), AnyOf((Measured(c.POTASSIUM, at_least=5.0), Has((d.HYPERKALAEMIA,))))))),
    Criterion("B12", g.ALDOSTERONE_ANTAGONIST, "An aldosterone antagonist with another potassium-conserving drug, potassium not watched",
        "risk of dangerous hyperkalaemia: potassium at least every 6 months", All((Takes(g.ALDOSTERONE_ANTAGONIST), Takes(g.POTASSIUM_SPARER),
        AnyOf((Measured(c.POTASSIUM, above=5.0), Has((d.HYPERKALAEMIA,))))))),
    Criterion("B13", g.PDE5_INHIBITOR, "A PDE5 inhibitor with a nitrate, or in heart failure with systolic pressure below 90", "risk of collapse",
        All((Takes(g.PDE5_INHIBITOR), AnyOf((Takes(g.NITRATE), All((Has((HEART_FAILURE,)), Measured(c.SYSTOLIC_PRESSURE, below=90)))))))),
)
CLOTTING: Final = (
    Criterion("C1", g.ASPIRIN_ANY, "Long-term aspirin over 160 mg a day", "more bleeding for no more effect", AnyOf((Takes(g.ACETYLSALICYLIC_ACID,
        above_mg=160), Takes(g.CARBASALATE, above_mg=200)))),
    Criterion("C2", g.ASPIRIN_ANY, "Aspirin after peptic ulcer disease without a proton-pump inhibitor", "the ulcer may come back",
        All((Takes(g.ASPIRIN_ANY), Has((d.ULCER,)), NO_PPI))),
    Criterion("C3", g.BLEEDING_DRUG, "A drug against clotting in somebody at significant risk of bleeding", "high risk of bleeding",
        All((Takes(g.BLEEDING_DRUG), BLEEDING_RISK))),
    Criterion("C4", g.ASPIRIN_LOW, "Aspirin with clopidogrel after a stroke, without recent stent, acute coronary syndrome or tight carotid stenosis",
        "no better than clopidogrel alone", All((Takes(g.ASPIRIN_LOW), Takes(g.CLOPIDOGREL), Has((d.BRAIN_ISCHAEMIA,)),
        Not(AnyOf((Has((d.CORONARY_STENT, d.ACUTE_CORONARY), within_days=365), Has((d.CAROTID_STENOSIS,)))),
        "no stent or acute coronary syndrome within a year, no carotid stenosis recorded")))),
    Criterion("C5", g.ASPIRIN_LOW, "Aspirin with an oral anticoagulant in chronic atrial fibrillation", "aspirin adds nothing",
        All((Takes(g.ASPIRIN_LOW), Takes(g.ANTICOAGULANT), Has((d.LASTING_FIBRILLATION,))))),
    Criterion("C6", g.ANTIPLATELET, "An antiplatelet drug with an oral anticoagulant in stable arterial disease", "the second drug adds nothing",
        All((Takes(g.ANTIPLATELET), Takes(g.ANTICOAGULANT))), "Is the coronary, cerebral or peripheral arterial disease stable?"),
    Criterion("C7", g.TICLOPIDINE, "Ticlopidine, whatever the reason", "clopidogrel and prasugrel work as well with fewer side effects",
        Takes(g.TICLOPIDINE)),
    Criterion("C8", g.ANTICOAGULANT, "An oral anticoagulant over 6 months after a first deep vein thrombosis",
        "no proven benefit without a lasting risk", All((Takes(g.ANTICOAGULANT), Has((d.DEEP_VEIN_THROMBOSIS,), over_days=6 * MONTH),
        Not(Has((d.EMBOLISM,)), "no pulmonary embolism recorded"))),
        "Was it the first thrombosis, without a risk that lasts, such as thrombophilia?"),
    Criterion("C9", g.ANTICOAGULANT, "An oral anticoagulant over 12 months after a first pulmonary embolism",
        "no proven benefit without a lasting risk", All((Takes(g.ANTICOAGULANT), Has((d.EMBOLISM,), over_days=12 * MONTH),
        Not(Has((d.DEEP_VEIN_THROMBOSIS,)), "no deep vein thrombosis recorded"))),
        "Was it the first embolism, without a risk that lasts, such as thrombophilia?"),
    Criterion("C10", g.NSAID, "An NSAID with an oral anticoagulant", "risk of major gastrointestinal bleeding", All((Takes(g.NSAID),
        Takes(g.ANTICOAGULANT)))),
    Criterion("C11", g.NSAID, "An NSAID with an antiplatelet drug and no proton-pump inhibitor", "higher risk of peptic ulcer", All((Takes(g.NSAID),
        Takes(g.ANTIPLATELET), NO_PPI))),
)
MIND: Final = (
    Criterion("D1", g.TRICYCLIC, "A tricyclic antidepressant with dementia, narrow-angle glaucoma, conduction disorder or prostatism",
        "may make them worse", All((Takes(g.TRICYCLIC), Has((d.BRAIN_FAILING, d.NARROW_ANGLE_GLAUCOMA, d.CONDUCTION_DISORDER, d.PROSTATISM))))),
    Criterion("D2", g.TRICYCLIC, "A tricyclic as the first antidepressant", "more adverse reactions than SSRIs or SNRIs", All((Takes(g.TRICYCLIC),
        Has((d.DEPRESSION,)), Not(Takes(g.NEWER_ANTIDEPRESSANT), "no newer antidepressant")))),
    Criterion("D3", g.ANTIMUSCARINIC_NEUROLEPTIC, "A strongly antimuscarinic antipsychotic with prostatism or earlier urinary retention",
        "high risk of retention", All((Takes(g.ANTIMUSCARINIC_NEUROLEPTIC), Has((d.PROSTATISM,))))),
    Criterion("D4", g.SSRI, "An SSRI with sodium below 130", "may bring about or worsen hyponatraemia", All((Takes(g.SSRI), Measured(c.SODIUM,
        below=130)))),
    Criterion("D5", g.SEDATIVE, "A benzodiazepine for 4 weeks or more", "sedation, confusion, falls; withdraw it gradually", Takes(g.SEDATIVE,
        days=28)),
    Criterion("D6", g.NEUROLEPTIC_IN_PARKINSON, "An antipsychotic other than quetiapine or clozapine in parkinsonism or Lewy body disease",
        "severe extrapyramidal symptoms", All((Takes(g.NEUROLEPTIC_IN_PARKINSON), Has((d.PARKINSONISM_OR_MSA,))))),
    Criterion("D7", g.PARKINSON_ANTICHOLINERGIC, "An anticholinergic against the extrapyramidal effects of an antipsychotic",
        "anticholinergic toxicity", All((Takes(g.PARKINSON_ANTICHOLINERGIC), Takes(g.NEUROLEPTIC)))),
    Criterion("D8", g.ANTICHOLINERGIC, "An anticholinergic drug in delirium or dementia", "thinking gets worse", All((Takes(g.ANTICHOLINERGIC),
        Has((d.DELIRIUM, d.BRAIN_FAILING))))),
    Criterion("D9", g.NEUROLEPTIC, "An antipsychotic for behaviour in dementia", "more strokes", All((Takes(g.NEUROLEPTIC),
        Has((d.BEHAVIOUR_IN_DEMENTIA,)))), "Are symptoms mild enough, or other measures still untried?"),
    Criterion("D10", g.NEUROLEPTIC, "An antipsychotic as a sleeping drug", "confusion, low pressure, stiffness, falls", All((Takes(g.NEUROLEPTIC),
        Has((d.SLEEP_DISORDER,)), Not(Has((d.PSYCHOSIS, d.BEHAVIOUR_IN_DEMENTIA)), "no psychosis or dementia recorded")))),
    Criterion("D11", g.CHOLINESTERASE_INHIBITOR,
        "An acetylcholinesterase inhibitor with a slow pulse, heart block, syncope or a drug that slows the heart",
        "conduction may fail, with syncope and injury", All((Takes(g.CHOLINESTERASE_INHIBITOR), AnyOf((Takes(g.SLOWING_DRUG), Has((d.BRADYCARDIA,
        d.HEART_BLOCK, d.SYNCOPE)), Measured(c.PULSE, below=60)))))),
    Criterion("D12", g.PHENOTHIAZINE, "A phenothiazine as the first choice", "sedative and strongly antimuscarinic; better drugs exist",
        Takes(g.PHENOTHIAZINE),
        "Is it given for something other than nausea or vertigo (prochlorperazine), hiccup (chlorpromazine) or palliative care (levomepromazine)?"),
    Criterion("D13", g.LEVODOPA_OR_AGONIST, "Levodopa or a dopamine agonist for benign essential tremor", "no evidence that it works",
        All((Takes(g.LEVODOPA_OR_AGONIST), Has((d.ESSENTIAL_TREMOR,))))),
    Criterion("D14", g.OLD_ANTIHISTAMINE, "A first-generation antihistamine", "safer ones exist", Takes(g.OLD_ANTIHISTAMINE)),
)
KIDNEYS: Final = (
    Criterion("E1", g.DIGOXIN, "Digoxin over 125 micrograms a day with an eGFR below 30", "toxic unless levels are measured", All((Takes(g.DIGOXIN,
        above_mg=0.125), AnyOf((Found(EGFR, below=30), Has((d.KIDNEY_STAGE_4,))))))),
    Criterion("E2", g.THROMBIN_INHIBITOR, "A direct thrombin inhibitor with an eGFR below 30", "risk of bleeding", All((Takes(g.THROMBIN_INHIBITOR),
        AnyOf((Found(EGFR, below=30), Has((d.KIDNEY_STAGE_4,))))))),
    Criterion("E3", g.XA_INHIBITOR, "A factor Xa inhibitor with an eGFR below 15", "risk of bleeding", All((Takes(g.XA_INHIBITOR), AnyOf((Found(EGFR,
        below=15), Has((d.KIDNEY_STAGE_5,))))))),
    Criterion("E4", g.NSAID_ALONE, "An NSAID with an eGFR below 50", "kidney function may worsen", All((Takes(g.NSAID_ALONE), AnyOf((Found(EGFR,
        below=50), Has((d.KIDNEY_STAGE_3,))))))),
    Criterion("E5", g.COLCHICINE, "Colchicine with an eGFR below 10", "toxic", All((Takes(g.COLCHICINE), AnyOf((Found(EGFR, below=10),
        Has((d.KIDNEY_STAGE_5,))))))),
    Criterion("E6", g.METFORMIN, "Metformin with an eGFR below 30", "lactic acidosis", All((Takes(g.METFORMIN), AnyOf((Found(EGFR, below=30),
        Has((d.KIDNEY_STAGE_4,))))))),
)
GUT: Final = (
    Criterion("F1", g.ANTIEMETIC_BLOCKER, "Prochlorperazine or metoclopramide in parkinsonism", "makes it worse", All((Takes(g.ANTIEMETIC_BLOCKER),
        Has((d.PARKINSONISM,))))),
    Criterion("F2", g.PPI, "A proton-pump inhibitor at full dose for over 8 weeks for an uncomplicated ulcer or oesophagitis", "reduce or stop it",
        AnyOf(tuple(
        Takes(Group(name, (code,)), above_mg=over, days=56)
        for name, code, over in (("omeprazole", "A02BC01", 39), ("pantoprazole", "A02BC02", 79), ("lansoprazole", "A02BC03", 59), ("rabeprazole",
            "A02BC04", 19), ("esomeprazole", "A02BC05", 39), ("dexlansoprazole", "A02BC06", 29))
    )), "Is it given for an uncomplicated ulcer or erosive oesophagitis?"),
    Criterion("F3", g.ANTICHOLINERGIC, "A constipating drug in chronic constipation where another would do", "constipation gets worse",
        All((Has((d.CONSTIPATION,)), AnyOf((Takes(g.ANTICHOLINERGIC), Takes(g.ORAL_IRON), Takes(g.OPIOID), Takes(g.VERAPAMIL),
        Takes(g.ALUMINIUM_ANTACID))))), "Is there a drug that does not constipate?"),
    Criterion("F4", g.ORAL_IRON, "Oral iron over 200 mg of iron a day", "no more of it is absorbed", AnyOf((Takes(g.FERROUS_FUMARATE, above_mg=600),
        Takes(g.FERROUS_SULFATE, above_mg=600), Takes(g.FERROUS_GLUCONATE, above_mg=1800)))),
)
LUNGS: Final = (
    Criterion("G1", g.THEOPHYLLINE, "Theophylline as the only drug for COPD", "a narrow margin; safer drugs exist", All((Takes(g.THEOPHYLLINE),
        Not(Takes(g.INHALED), "no inhaled drug")))),
    Criterion("G2", g.STEROID_FOR_LUNGS, "Systemic instead of inhaled corticosteroids to maintain moderate or severe COPD",
        "long-term side effects; inhaled ones work", All((Takes(g.STEROID_FOR_LUNGS), Has((d.CHRONIC_OBSTRUCTION,)), Not(Takes(g.INHALED_STEROID),
        "no inhaled corticosteroid")))),
    Criterion("G3", g.ANTIMUSCARINIC_BRONCHODILATOR, "An antimuscarinic bronchodilator with narrow-angle glaucoma or an obstructed bladder",
        "glaucoma or retention", All((Takes(g.ANTIMUSCARINIC_BRONCHODILATOR), Has((d.NARROW_ANGLE_GLAUCOMA, d.PROSTATISM))))),
    Criterion("G5", g.SEDATIVE, "A benzodiazepine in respiratory failure (PaO₂ below 8.0 kPa or PaCO₂ above 6.5 kPa)",
        "respiratory failure gets worse", All((Takes(g.SEDATIVE), AnyOf((Measured(c.ARTERIAL_OXYGEN, below=60), Measured(c.ARTERIAL_CARBON_DIOXIDE,
        above=48.75), Has((d.RESPIRATORY_FAILURE,))))))),
)
JOINTS: Final = (
    Criterion("H1", g.NSAID_NOT_COX2, "An NSAID that is not COX-2 selective after an ulcer or gastrointestinal bleeding, without gastric protection",
        "the ulcer may come back", All((Takes(g.NSAID_NOT_COX2), Has((d.ULCER, d.GI_BLEEDING)), Not(Takes(g.GASTRIC_PROTECTION),
        "without proton-pump inhibitor or H2 antagonist")))),
    Criterion("H2", g.NSAID_ALONE, "An NSAID in severe hypertension or severe heart failure", "makes them worse", All((Takes(g.NSAID_ALONE),
        Has((d.PLAIN_HYPERTENSION, HEART_FAILURE)))), "Is the hypertension or the heart failure severe?"),
    Criterion("H3", g.NSAID, "An NSAID for over 3 months for osteoarthritis without having tried paracetamol", "simple analgesics usually do as well",
        All((Takes(g.NSAID, days=3 * MONTH), Has((d.OSTEOARTHRITIS,)), Not(Takes(g.PARACETAMOL), "no paracetamol")))),
    Criterion("H4", g.STEROID, "A corticosteroid alone for over 3 months for rheumatoid arthritis", "systemic side effects", All((Takes(g.STEROID,
        days=3 * MONTH), Has((d.RHEUMATOID_ARTHRITIS,)), Not(Takes(g.DMARD), "no disease-modifying drug")))),
    Criterion("H5", g.STEROID, "A systemic corticosteroid for osteoarthritis", "systemic side effects", All((Takes(Group("corticosteroid",
        (*g.STEROID.codes, "M01BA"))), Has((d.OSTEOARTHRITIS,)))),
        "Is the corticosteroid given for the osteoarthritis, and not as single injections into a joint?"),
    Criterion("H6", g.NSAID_OR_COLCHICINE, "An NSAID or colchicine for over 3 months for gout where allopurinol or febuxostat could be used",
        "a xanthine-oxidase inhibitor prevents attacks better", All((Takes(g.NSAID_OR_COLCHICINE, days=3 * MONTH), Has((GOUT,)),
        Not(Takes(g.URATE_LOWERING), "no xanthine-oxidase inhibitor")))),
    Criterion("H7", g.COX2, "A COX-2 selective NSAID with cardiovascular disease", "more infarctions and strokes", All((Takes(g.COX2),
        Has((d.CORONARY,))))),
    Criterion("H8", g.NSAID, "An NSAID with a corticosteroid and no proton-pump inhibitor", "higher risk of peptic ulcer",
        All((AnyOf((All((Takes(g.NSAID), Takes(g.ANY_STEROID))), Takes(Group("NSAID with a corticosteroid", ("M01BA",))))), NO_PPI))),
    Criterion("H9", g.ORAL_BISPHOSPHONATE, "An oral bisphosphonate with disease of the upper gut", "oesophagitis, ulcer, stricture",
        All((Takes(g.ORAL_BISPHOSPHONATE), Has((d.UPPER_GI_DISEASE,))))),
)
BLADDER: Final = (
    Criterion("I1", g.BLADDER_ANTIMUSCARINIC, "A bladder antimuscarinic with dementia, narrow-angle glaucoma or prostatism",
        "confusion, acute glaucoma, retention", All((Takes(g.BLADDER_ANTIMUSCARINIC), Has((d.BRAIN_FAILING, d.NARROW_ANGLE_GLAUCOMA,
        d.PROSTATISM))))),
    Criterion("I2", g.ALPHA_BLOCKER, "An alpha-1 blocker with symptomatic postural hypotension or syncope on passing urine", "syncope may come back",
        All((Takes(g.ALPHA_BLOCKER), Has((d.POSTURAL_HYPOTENSION, d.SYNCOPE))))),
)
HORMONES: Final = (
    Criterion("J1", g.LONG_SULFONYLUREA, "A long-acting sulfonylurea", "long hypoglycaemia", Takes(g.LONG_SULFONYLUREA)),
    Criterion("J2", g.GLITAZONE, "A thiazolidinedione in heart failure", "makes it worse", All((Takes(g.GLITAZONE), Has((HEART_FAILURE,))))),
    Criterion("J3", g.BETA_BLOCKER, "A beta-blocker in diabetes with frequent hypoglycaemia", "hides its symptoms", All((Takes(g.BETA_BLOCKER),
        Has((d.DIABETES_ANY,)), Has((d.HYPOGLYCAEMIA,)))), "Are the hypoglycaemic episodes frequent (once a month or more)?"),
    Criterion("J4", g.OESTROGEN, "An oestrogen after breast cancer or venous thromboembolism", "it may come back", All((Takes(g.OESTROGEN),
        Has((d.BREAST_CANCER, d.VENOUS_THROMBOSIS))))),
    Criterion("J5", g.OESTROGEN_ALONE, "An oral oestrogen without progestogen in a woman with a uterus", "endometrial cancer",
        All((Takes(g.OESTROGEN_ALONE), Not(Takes(g.PROGESTOGEN), "no progestogen"), Not(Has((d.NO_UTERUS,)), "no hysterectomy recorded"))),
        "Does she still have her uterus, and is the oestrogen taken by mouth?"),
    Criterion("J6", g.ANDROGEN, "An androgen without hypogonadism", "toxic, no proven benefit", All((Takes(g.ANDROGEN), Not(Has((d.HYPOGONADISM,)),
        "no hypogonadism recorded")))),
)
FALLS: Final = (
    Criterion("K1", g.BENZODIAZEPINE, "A benzodiazepine", "falls: sedation, impaired balance", Takes(g.BENZODIAZEPINE)),
    Criterion("K2", g.NEUROLEPTIC, "An antipsychotic", "falls: impaired gait, parkinsonism", Takes(g.NEUROLEPTIC)),
    Criterion("K3", g.VASODILATOR, "A vasodilator with persistent postural hypotension", "syncope and falls", All((Takes(g.VASODILATOR),
        Has((d.POSTURAL_HYPOTENSION,))))),
    Criterion("K4", g.Z_DRUG, "A Z-drug to sleep", "falls: sedation into the day, ataxia", Takes(g.Z_DRUG)),
)
PAIN: Final = (
    Criterion("L1", g.OPIOID_FOR_MILD_PAIN, "A strong opioid as the first choice for mild pain", "the analgesic ladder is not kept",
        All((Takes(g.OPIOID_FOR_MILD_PAIN), Not(Takes(g.SIMPLE_ANALGESIC), "no paracetamol or NSAID"))),
        "Is the pain mild, and were simpler analgesics not tried?"),
    Criterion("L2", g.OPIOID, "A regular opioid without a laxative", "severe constipation", All((Takes(g.OPIOID), Not(Takes(g.LAXATIVE),
        "no laxative")))),
)
BURDEN: Final = (
    Criterion("M", g.ANTICHOLINERGIC, "Two or more drugs with anticholinergic effect", "their effects add up", Takes(g.ANTICHOLINERGIC, count=2)),
)
# fmt: on

STOPP: Final = (*DRUGS, *HEART, *CLOTTING, *MIND, *KIDNEYS, *GUT, *LUNGS, *JOINTS, *BLADDER, *HORMONES, *FALLS, *PAIN, *BURDEN)
"""In the order of the publication."""
