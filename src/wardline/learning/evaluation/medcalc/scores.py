"""Scores of MedCalc-Bench as questions to our capabilities. Judgements that a note does not mention count as no, as they do in the set."""

from collections.abc import Callable
from typing import Any, Final

from wardline.core import concepts as c
from wardline.learning.evaluation.medcalc.formulas import Calculator, Question, key, lab
from wardline.learning.evaluation.medcalc.patient import Patient, Unreadable

BUN: Final = ("Blood Urea Nitrogen (BUN)", c.UREA_NITROGEN)
SYSTOLIC: Final = ("Systolic Blood Pressure", c.SYSTOLIC_PRESSURE)
DIASTOLIC: Final = ("Diastolic Blood Pressure", c.DIASTOLIC_PRESSURE)
PULSE: Final = ("Heart Rate or Pulse", c.PULSE)
BREATHS: Final = ("respiratory rate", c.RESPIRATORY_RATE)
TEMPERATURE: Final = ("Temperature", c.TEMPERATURE)
LEUKOCYTES: Final = ("White blood cell count", c.LEUKOCYTES)
OXYGEN: Final = ("Partial pressure of oxygen (PaO₂) for Apache II", c.ARTERIAL_OXYGEN)
EARLIER_THROMBOSIS: Final = ("Previously documented Deep Vein Thrombosis", "Previously Documented Pulmonary Embolism")
STROKES: Final = ("Stroke", "Transient Ischemic Attacks History", "Thromboembolism history")


def judged(**names: str | tuple[str, ...]) -> Callable[[Patient], Question]:
    """Judgements: input = what the set calls it, or several of which one is enough."""
    return lambda p: {name: any(p.said(each) for each in ((called,) if isinstance(called, str) else called)) for name, called in names.items()}


def together(*asks: Callable[[Patient], Question], age: bool = False, sex: bool = False) -> Callable[[Patient], Question]:
    def ask(p: Patient) -> Question:
        person: dict[str, Any] = ({"age_years": p.age} if age else {}) | ({"sex": p.sex} if sex else {})
        return {name: value for each in asks for name, value in each(p).items()} | person

    return ask


EYES: Final = ("no eye opening", "eye opening to pain", "eye opening to verbal command", "eyes open spontaneously")
VERBAL: Final = ("no verbal response", "incomprehensible sounds", "inappropriate words", "confused", "oriented")
MOTOR: Final = ("no motor response", "extension to pain", "flexion to pain", "withdrawal from pain", "localizes pain", "obeys commands")


GLASGOW: Final = {
    "glasgow_eyes": (EYES, "Best eye response"), "glasgow_verbal": (VERBAL, "Best verbal response"), "glasgow_motor": (MOTOR, "Best motor response"),
}  # fmt: skip


def _glasgow(p: Patient) -> Question:
    return {name: steps.index(p.known[called]) + 1 for name, (steps, called) in GLASGOW.items() if p.known[called] in steps}


ASCITES: Final = {"absent": "none", "slight": "mild", "moderate": "moderate"}


def _child_pugh(p: Patient) -> Question:
    encephalopathy = str(p.known.get("Encephalopathy", "none")).lower()
    return {
        **lab(bilirubin=("Bilirubin", c.BILIRUBIN), albumin=("Albumin", c.ALBUMIN))(p), "inr": p.plain("international normalized ratio"),
        "ascites": ASCITES[p.known.get("Ascites", "absent")], "encephalopathy": encephalopathy.replace("no encephalopathy", "none"),
    }  # fmt: skip


SUSPICION: Final = "Suspicion History"
TROPONIN: Final = {
    "less than or equal to normal limit": "within the limit",
    "between the normal limit or up to three times the normal limit": "one to three times the limit",
    "greater than three times normal limit": "above three times the limit",
}  # fmt: skip
ECG: Final = {
    "normal": "normal", "non-specific repolarization disturbance": "non-specific repolarisation",
    "significant st deviation": "significant ST deviation",
}  # fmt: skip
RISK_FACTORS: Final = (
    "Hypertension history", "hypercholesterolemia", "Diabetes mellitus criteria for CCI rule", "obesity", "smoking",
    "parent or sibling with Cardiovascular disease before age 65",
)  # fmt: skip
ATHEROSCLEROSIS: Final = ("atherosclerotic disease", "Transient Ischemic Attacks History")


def _heart(p: Patient) -> Question:
    factors = 3 if any(map(p.said, ATHEROSCLEROSIS)) else sum(map(p.said, RISK_FACTORS))
    named = "none" if not factors else "one or two" if factors < 3 else "three or more, or known atherosclerosis"
    return {
        "history": p.known.get(SUSPICION, "Slightly suspicious").lower(), "ecg": ECG[p.known.get("Electrocardiogram Test", "Normal").lower()],
        "age_years": p.age, "risk_factors": named, "troponin": TROPONIN[p.known.get("Initial troponin", "less than or equal to normal limit")],
    }  # fmt: skip


def _has_bled(p: Patient) -> Question:
    # The set says whether hypertension counts, not the pressure: above 160 it does.
    drinks = p.plain("Number of Alcoholic Drinks Per Week") if p.has("Number of Alcoholic Drinks Per Week") else 0
    return {
        **judged(
            dialysis_or_transplant="Renal disease criteria for the HAS-BLED rule", abnormal_liver="Liver disease criteria for the HAS-BLED rule",
            stroke="Stroke", bleeding_or_anaemia="Prior major bleeding or predisposition to bleeding",
            labile_inr="Labile international normalized ratio", antiplatelet_or_nsaid="Medication usage predisposing to bleeding",
        )(p),
        "systolic_pressure": 170 if p.said("Hypertension history") else 120, "creatinine": 1.0, "age_years": p.age, "alcohol": drinks >= 8,
    }  # fmt: skip


CODES: Final = {
    "Myocardial infarction": "I21.9", "Congestive Heart Faliure": "I50.9", "Peripheral vascular disease": "I73.9", "Dementia": "F03",
    "Cerebrovascular Accident": "I63.9", "Transient Ischemic Attacks History": "G45.9", "Hemiplegia": "G81.9", "Leukemia": "C95.9",
    "Lymphoma": "C85.9", "Chronic Obstructive Pulmonary Disease": "J44.9", "Connective tissue disease": "M32.9", "Peptic ulcer disease": "K27.9",
    "Moderate to severe Chronic Kidney Disease": "N18.4", "AIDS": "B24",
}  # fmt: skip
LIVER: Final = {"Mild": "K70.3", "Moderate to Severe": "K72.9", "Severe": "K72.9"}
DIABETES: Final = {"Uncomplicated": "E11.9", "End-organ damage": "E11.2"}
TUMOUR: Final = {True: "C50.9", "Localized": "C50.9", "localized": "C50.9", "Metastatic": "C78.0", "metastatic": "C78.0"}


def _charlson(p: Patient) -> Question:
    graded = ((LIVER, "Liver disease severity"), (DIABETES, "Diabetes mellitus criteria for CCI rule"), (TUMOUR, "Solid tumor"))
    found = [table[p.known[name]] for table, name in graded if p.known.get(name) in table]
    return {"conditions": [code for name, code in CODES.items() if p.said(name)] + found, "age_years": p.age}


OPERATIONS: Final = {"elective major lower extremity arthroplasty": "arthroplasty", "minor": "minor", "major": "major open"}


def _caprini(p: Patient) -> Question:
    mobility = p.known.get("Mobility", "normal")
    return {
        **judged(
            swollen_legs="Current swollen legs", varicose_veins="Varicose veins", sepsis_last_month="Sepsis in the last month",
            serious_lung_disease_last_month="Pneumonia in the last month", abnormal_lung_function="Chronic Obstructive Pulmonary Disease",
            acute_myocardial_infarction="Acute Myocardial infarction", heart_failure_last_month="Congestive Heart Failure in the last month",
            inflammatory_bowel_disease="History of inflammatory bowel disease", malignancy="Present or previous malignancy",
            cast="Immobilizing plaster cast in the last month", central_venous_access="Current central venous access",
            earlier_thromboembolism=EARLIER_THROMBOSIS, thromboembolism_in_family="Family history of thrombosis",
            factor_v_leiden="Positive Factor V Leiden", prothrombin_20210a="Positive prothrombin 20210A",
            lupus_anticoagulant="Positive lupus anticoagulant", anticardiolipin_antibodies="Elevated anticardiolipin antibody",
            raised_homocysteine="Elevated serum homocysteine", heparin_induced_thrombocytopenia="Heparin-induced thrombocytopenia",
            other_thrombophilia="Other congenital or acquired thrombophilia", stroke_last_month="Stroke in the last month",
            fracture_of_hip_pelvis_or_leg="Hip, pelvis, or leg fracture in the last month",
            spinal_cord_injury_last_month="Acute spinal cord injury causing paralysis in the last month",
            multiple_trauma_last_month="Multiple trauma in the last month",
        )(p),
        **dict.fromkeys(("pregnant_or_post_partum", "lost_pregnancies", "contraceptives_or_hormones"), False),
        "age_years": p.age, "body_mass_index": p.plain("Body Mass Index (BMI)"), "operation": OPERATIONS.get(p.known.get("Surgery Type", ""), "none"),
        "medical_patient_at_bed_rest": mobility == "on bed rest", "in_bed_over_72_hours": mobility == "confined to bed >72 hours",
    }  # fmt: skip


def _apache(p: Patient) -> Question:
    ask = lab(
        temperature=TEMPERATURE, pulse=PULSE, respiratory_rate=BREATHS, sodium=("Sodium", c.SODIUM), potassium=("Potassium", c.POTASSIUM),
        creatinine=("creatinine", c.CREATININE), haematocrit=("Hematocrit", c.HAEMATOCRIT), leukocytes=LEUKOCYTES,
    )(p)  # fmt: skip
    low, high = p.measured(*DIASTOLIC), p.measured(*SYSTOLIC)
    chronic = "nonoperative or emergency postoperative" if p.said("History of severe organ failure or immunocompromise") else "none"
    rows = {**ask, "mean_pressure": (2 * low + high) / 3, "arterial_ph": p.plain("pH"), "glasgow_total": p.plain("Glasgow Coma Score")}
    return {
        **{name: [{"hours": 0, "value": value}] for name, value in rows.items()}, **_gas(p), "age_years": p.age,
        "acute_renal_failure": p.said("Acute renal failure"), "chronic_health": chronic,
    }  # fmt: skip


def _gas(p: Patient) -> Question:
    """The blood gas; where the set gives only the gradient, the PaO2 that has it at a PaCO2 of 40 and sea level."""
    fraction = p.plain("FiO₂")
    if p.has(OXYGEN[0]):
        return {"inspired_oxygen": fraction, "arterial_oxygen": p.measured(*OXYGEN), "arterial_carbon_dioxide": 40}
    gradient = p.plain("A-a gradient")
    oxygen = fraction / 100 * (760 - 47) - 40 / 0.8 - gradient
    if oxygen <= 0:
        raise Unreadable(f"A-a gradient {gradient:g} at an FiO2 of {fraction:g} % leaves no oxygen in the blood")
    return {"inspired_oxygen": fraction, "arterial_oxygen": oxygen, "arterial_carbon_dioxide": 40}


def _sofa(p: Patient) -> Question:
    drugs = {"Norepinephrine": "norEPINEPHrine", "Epinephrine": "EPINEPHrine", "Dopamine": "DOPamine", "Dobutamine": "DOBUTamine"}
    doses = [{"what": name, "dose": f"{p.plain(called):g} ug/kg/min"} for name, called in drugs.items() if p.has(called)]
    ask = lab(platelets=("Platelet count", c.PLATELETS), bilirubin=("Bilirubin", c.BILIRUBIN), creatinine=("creatinine", c.CREATININE))(p)
    pressures = lab(systolic_pressure=SYSTOLIC, diastolic_pressure=DIASTOLIC)(p)
    supported = p.said("On mechanical ventilation") or p.said("Continous positive airway pressure")
    return {
        **{name: [{"hours": 0, "value": value}] for name, value in ask.items()}, "doses": doses, "respiratory_support": supported,
        "blood_gases": {"arterial_oxygen": p.measured(*OXYGEN), "inspired_oxygen": p.plain("FiO₂")}, "pressures": pressures,
        "glasgow_coma_scale": p.plain("Glasgow Coma Score"), **lab(urine_24_hours=("Urine Output", c.URINE_24_HOURS))(p),
    }  # fmt: skip


SCORES: Final[dict[str, Calculator]] = {
    "Wells' Criteria for DVT": Calculator("wells_deep_vein_thrombosis", judged(
        active_cancer="Active cancer", paralysis_or_cast="Paralysis, paresis, or recent plaster immobilization of the lower extremity",
        bedridden_or_operated=("Bedridden recently >3 days or major surgery within 12 weeks", "Major surgery within 12 weeks"),
        tender_deep_veins="Localized tenderness along the deep venous system", whole_leg_swollen="Entire Leg Swollen",
        calf_swollen="Calf swelling >3 centimeters compared to the other leg", pitting_oedema="Pitting edema, confined to symptomatic leg",
        collateral_veins="Collateral (nonvaricose) superficial veins present", earlier_thrombosis="Previously documented Deep Vein Thrombosis",
        alternative_as_likely="Alternative diagnosis to Deep Vein Thrombosis as likely or more likely",
    )),
    "Wells' Criteria for Pulmonary Embolism": Calculator("wells_pulmonary_embolism", together(lab(pulse=PULSE), judged(
        signs_of_deep_vein_thrombosis="Clinical signs and symptoms of Deep Vein Thrombosis",
        no_likelier_diagnosis="Pulmonary Embolism is #1 diagnosis OR equally likely",
        immobile_or_operated=("Immobilization for at least 3 days", "Surgery in the previous 4 weeks"),
        earlier_thromboembolism=EARLIER_THROMBOSIS, haemoptysis="Hemoptysis",
        active_cancer="Malignancy with treatment within 6 months or palliative",
    ))),
    "PERC Rule for Pulmonary Embolism": Calculator("perc", together(
        lab(pulse=PULSE, oxygen_saturation=("O₂ saturation percentage", c.OXYGEN_SATURATION)),
        judged(
            one_leg_swollen="Unilateral Leg Swelling", haemoptysis="Hemoptysis", operated_or_injured="Recent surgery or trauma",
            earlier_thromboembolism=EARLIER_THROMBOSIS, oestrogen="Hormone use",
        ),
        lambda p: {"unlikely_beforehand": True}, age=True,
    )),
    "CHA2DS2-VASc Score for Atrial Fibrillation Stroke Risk": Calculator("cha2ds2_vasc", together(judged(
        heart_failure="Congestive Heart Faliure", hypertension="Hypertension history", diabetes="Diabetes history", stroke_or_embolism=STROKES,
        vascular_disease="Vascular disease history",
    ), age=True, sex=True)),
    "HAS-BLED Score for Major Bleeding Risk": Calculator("has_bled", _has_bled),
    "HEART Score for Major Cardiac Events": Calculator("heart_score", _heart),
    "Revised Cardiac Risk Index for Pre-Operative Risk": Calculator("revised_cardiac_risk", together(
        lab(creatinine=("Pre-operative creatinine", c.CREATININE)),
        judged(
            elevated_risk_surgery="Elevated-risk surgery", ischaemic_heart_disease="History of ischemic heart disease",
            heart_failure="Congestive Heart Failure criteria for the Cardiac Risk Index rule",
            cerebrovascular_disease=("History of cerebrovascular disease", "Cerebrovascular disease history"),
            insulin="Pre-operative treatment with insulin",
        ),
    )),
    "Centor Score (Modified/McIsaac) for Strep Pharyngitis": Calculator("centor", together(lab(temperature=TEMPERATURE), judged(
        no_cough="Cough Absent", tender_nodes="Tender/swollen anterior cervical lymph nodes", tonsil_exudate="Exudate or swelling on tonsils",
    ), age=True)),
    "FeverPAIN Score for Strep Pharyngitis": Calculator("fever_pain", judged(
        fever_last_day="Fever in past 24 hours", purulent_tonsils="Purulent tonsils", within_three_days="Symptom onset ≤3 days",
        severe_inflammation="Severe tonsil inflammation", no_cough_or_cold="Absence of cough or coryza",
    )),
    "Glasgow Coma Score (GCS)": Calculator("glasgow_coma_scale", _glasgow),
    "Glasgow-Blatchford Bleeding Score (GBS)": Calculator("glasgow_blatchford", together(
        lab(urea_nitrogen=BUN, haemoglobin=("Hemoglobin", c.HAEMOGLOBIN), systolic_pressure=SYSTOLIC, pulse=PULSE),
        judged(
            melaena="Melena present", syncope="Recent syncope", liver_disease="Hepatic disease history", heart_failure="Cardiac failure present",
        ), sex=True,
    )),
    "Child-Pugh Score for Cirrhosis Mortality": Calculator("child_pugh", _child_pugh),
    "Charlson Comorbidity Index (CCI)": Calculator("charlson", _charlson, key("1987_with_age")),
    "CURB-65 Score for Pneumonia Severity": Calculator("curb65", together(
        lab(urea_nitrogen=BUN, respiratory_rate=BREATHS, systolic_pressure=SYSTOLIC, diastolic_pressure=DIASTOLIC),
        judged(confusion="Confusion"), age=True,
    )),
    "PSI Score: Pneumonia Severity Index for CAP": Calculator("pneumonia_severity_index", together(
        lab(
            respiratory_rate=BREATHS, systolic_pressure=SYSTOLIC, temperature=TEMPERATURE, pulse=PULSE, urea_nitrogen=BUN,
            sodium=("Sodium", c.SODIUM), glucose=("Glucose", c.GLUCOSE), haematocrit=("Hematocrit", c.HAEMATOCRIT), arterial_oxygen=OXYGEN,
        ),
        judged(
            nursing_home="Nursing home resident", neoplastic_disease="Neoplastic disease", liver_disease="Liver disease severity",
            heart_failure="Congestive Heart Faliure", cerebrovascular_disease="Cerebrovascular disease history", renal_disease="Renal disease",
            altered_mental_status="Altered mental status", pleural_effusion="Pleural effusion on x-ray",
        ),
        lambda p: {"arterial_ph": p.plain("pH")}, age=True, sex=True,
    )),
    "APACHE II Score": Calculator("apache_ii", _apache),
    "SIRS Criteria": Calculator("sirs", lab(
        temperature=TEMPERATURE, pulse=PULSE, respiratory_rate=BREATHS, leukocytes=LEUKOCYTES,
        arterial_carbon_dioxide=("PaCO₂", c.ARTERIAL_CARBON_DIOXIDE),
    )),
    "Sequential Organ Failure Assessment (SOFA) Score": Calculator("sofa", _sofa),
    "Caprini Score for Venous Thromboembolism (2005)": Calculator("caprini", _caprini),
}  # fmt: skip
