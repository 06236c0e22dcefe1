"""Drugs that do not go with a disease, or with a result of the last days."""

from datetime import timedelta
from typing import Final

from wardline.core.concepts.chemistry import ALT, GLUCOSE, POTASSIUM, SODIUM
from wardline.core.concepts.coagulation import INR
from wardline.core.concepts.drug_levels import DIGOXIN_LEVEL, LITHIUM_LEVEL
from wardline.core.concepts.haematology import PLATELETS
from wardline.core.concepts.vitals import PULSE
from wardline.core.diseases import ASTHMA, DEMENTIA, EPILEPSY, GLAUCOMA, HEART_FAILURE, PARKINSON, PEPTIC_ULCER, STROKE, UPPER_GI_BLEED
from wardline.core.findings import Severity
from wardline.science.medication.conditions import When
from wardline.science.medication.drug_rule import DrugRule
from wardline.science.medication.interactions.sources import PDDI_CDS, STOPP, label, recalled

H, M, L = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_DAYS3: Final = timedelta(days=3)

# fmt: off
DISEASE_RULES: Final[tuple[DrugRule, ...]] = (
    DrugRule("nsaid-heart-failure", "disease", ("nsaid",), When(has=(HEART_FAILURE,)), M, "salt and water are held back in heart failure",
        "Avoid; paracetamol instead", STOPP, nurse="Weight every day", instead=("paracetamol",)),
    DrugRule("calcium-heart-failure", "disease", ("rate_limiting_calcium_blocker",), When(has=(HEART_FAILURE,)), M, "weakens the heart",
        "Avoid with a low ejection fraction", label("verapamil", "4 Contraindications: severe left ventricular dysfunction")),
    DrugRule("cilostazol-heart-failure", "disease", ("cilostazol",), When(has=(HEART_FAILURE,)), H,
        "contraindicated in heart failure of any severity", "Stop", label("cilostazol", "Contraindications; boxed warning")),
    DrugRule("glitazone-heart-failure", "disease", ("pioglitazone", "rosiglitazone"), When(has=(HEART_FAILURE,)), M, "holds water back",
        "Another drug for diabetes", STOPP),
    DrugRule("beta-asthma", "disease", ("beta_blocker",), When(has=(ASTHMA,)), M, "narrows the airways",
        "Avoid; if it must be, one that is selective, in a small dose",
        label("propranolol", "Contraindications: bronchial asthma; atenolol, Warnings"), nurse="Wheeze, peak flow"),
    DrugRule("nsaid-ulcer", "disease", ("nsaid", "aspirin"),
        When(has=(UPPER_GI_BLEED, PEPTIC_ULCER), without=("proton_pump_inhibitor", "misoprostol")), M,
        "bleeding from an old ulcer, and nothing protects the stomach", "Stop, or add a proton pump inhibitor", PDDI_CDS, nurse="Black stool"),
    DrugRule("dopamine-parkinson", "disease",
        ("metoclopramide", "haloperidol", "prochlorperazine", "chlorpromazine", "olanzapine", "risperidone", "droperidol"), When(has=(PARKINSON,)),
        M, "makes Parkinson's disease worse", "Domperidone or ondansetron against vomiting; quetiapine against psychosis", STOPP,
        nurse="Stiffness, swallowing", instead=("domperidone", "quetiapine")),
    DrugRule("anticholinergic-dementia", "disease", ("anticholinergic",), When(has=(DEMENTIA,)), L, "confusion", "Avoid", STOPP,
        nurse="Confusion, bladder"),
    DrugRule("anticholinergic-glaucoma", "disease", ("anticholinergic",), When(has=(GLAUCOMA,)), L, "may close the angle of the eye",
        "Ask which kind of glaucoma it is", STOPP),
    DrugRule("threshold-epilepsy", "disease", ("bupropion", "tramadol", "pethidine", "clozapine"), When(has=(EPILEPSY,)), M,
        "lowers the threshold for fits", "Avoid", recalled("US labels, 5"), nurse="Fits"),
    DrugRule("estrogen-stroke", "disease", ("estrogen",), When(has=(STROKE,)), M, "clots", "Stop", recalled("US labels of oestrogens, 4")),
)
LABORATORY_RULES: Final[tuple[DrugRule, ...]] = (
    DrugRule("potassium-high", "laboratory", ("potassium_supplement", "potassium_sparing_diuretic"),
        When(result=POTASSIUM, above=5.5, within=_DAYS3), H, "potassium is high and more is given or kept", "Stop it now; ECG; repeat potassium",
        label("potassium citrate", "4 Contraindications: hyperkalaemia; triamterene, 4; the limit of 5.5: site must decide"),
        nurse="Do not give; ECG; call"),
    DrugRule("raas-potassium-high", "laboratory", ("raas_blocker",), When(result=POTASSIUM, above=5.5, within=_DAYS3), M,
        "potassium is high and is kept", "Halve or pause; repeat potassium", label("ramipril",
            "5.8 Hyperkalaemia; the limit of 5.5: site must decide"),
        nurse="ECG; tell the doctor before the next dose"),
    DrugRule("potassium-low-digoxin", "laboratory", ("digoxin",), When(result=POTASSIUM, below=3.5, within=_DAYS3), M,
        "low potassium makes digoxin poisonous", "Give potassium; ECG; level", label("digoxin", "5: hypokalaemia"),
        nurse="Pulse and ECG before the next dose"),
    DrugRule("potassium-low-diuretic", "laboratory", ("loop_diuretic", "thiazide"), When(result=POTASSIUM, below=3.0, within=_DAYS3), M,
        "potassium is low and more is lost", "Give potassium; pause the diuretic", label("metolazone", "Warnings: hypokalaemia"), nurse="ECG"),
    DrugRule("sodium-low", "laboratory", ("thiazide", "ssri"), When(result=SODIUM, below=130, within=_DAYS3), M,
        "sodium is low and the drug lowers it", "Pause it; look for other causes", STOPP, nurse="Confusion, fits"),
    DrugRule("inr-high", "laboratory", ("vitamin_k_antagonist",), When(result=INR, above=4.0, within=_DAYS3), H,
        "INR is above 4 and warfarin goes on", "Hold the next dose; look for bleeding; INR tomorrow",
        recalled("US label of warfarin, 5.1: the risk of bleeding rises with an INR above 4.0"),
        nurse="Hold the dose and call"),
    DrugRule("platelets-low-heparin", "laboratory", ("heparin",), When(result=PLATELETS, below=100, within=_DAYS3), M,
        "platelets are low under heparin", "Think of heparin-induced thrombocytopenia: 4T score; stop heparin if likely",
        recalled("US label of enoxaparin, 5"), nurse="Look for clots and bleeding"),
    DrugRule("glucose-low", "laboratory", ("insulin", "sulfonylurea"), When(result=GLUCOSE, below=70, within=timedelta(days=1)), M,
        "glucose was below 70 mg/dL and the drug goes on", "Reduce it; find the cause", recalled("ADA Standards of Care, hypoglycaemia level 1"),
        nurse="Glucose before the next dose"),
    DrugRule("digoxin-level", "laboratory", ("digoxin",), When(result=DIGOXIN_LEVEL, above=2.0, within=_DAYS3), M, "the level is above 2 ng/mL",
        "Hold; ECG, potassium, creatinine", recalled("US label of digoxin, 5"), nurse="Hold the dose and call"),
    DrugRule("lithium-level", "laboratory", ("lithium",), When(result=LITHIUM_LEVEL, above=1.5, within=_DAYS3), M, "the level is above 1.5 mmol/L",
        "Hold; fluids; creatinine; level in 6 hours", recalled("US label of lithium, 5"), nurse="Hold the dose and call"),
    DrugRule("alt-high", "laboratory", ("statin", "methotrexate", "isoniazid", "leflunomide"),
        When(result=ALT, above=165, within=timedelta(days=14)), M, "ALT is above three times the usual limit", "Pause it; look for another cause",
        recalled("US labels, 5")),
    DrugRule("pulse-low", "laboratory", ("beta_blocker", "digoxin", "rate_limiting_calcium_blocker", "cholinesterase_inhibitor"),
        When(result=PULSE, below=50, within=timedelta(hours=12)), M, "pulse below 50 and the drug slows it",
        "ECG before the next dose; reduce or pause", label("metoprolol",
            "5: bradycardia; verapamil and atenolol together; the limit of 50: site must decide"),
        nurse="ECG; ask before the next dose"),
)
# fmt: on
