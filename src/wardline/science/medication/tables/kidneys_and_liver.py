"""Drugs to reduce or avoid where kidneys or liver are weak."""

from typing import Final

from wardline.core.diseases import LIVER_CIRRHOSIS
from wardline.core.findings import Severity
from wardline.science.medication.conditions import When
from wardline.science.medication.drug_rule import DrugRule
from wardline.science.medication.interactions.sources import STOPP, recalled
from wardline.science.medication.problem import Source

H, M, L = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_METFORMIN: Final = Source("FDA 2016 labelling of metformin, as in Clin J Am Soc Nephrol review (PMC5533243), table 3", "verified")
_RIVAROXABAN: Final = Source(
    "Rivaroxaban product monograph as in CMAJ, box 1: clinical scenarios with the potential to increase bleeding", "verified"
)
_DOFETILIDE: Final = Source("US label of dofetilide, 2 and 4, as given by two drug references", "verified")
_ENOXAPARIN: Final = Source("US label of enoxaparin, 2.3, as cited by clinical reviews of renal dosing", "verified")
_LABELS: Final = recalled("US product labels, 2 Dosage in renal impairment")

# fmt: off
KIDNEYS: Final[tuple[DrugRule, ...]] = (
    DrugRule("metformin-30", "kidney", ("metformin",), When(egfr_below=30), H, "contraindicated below an eGFR of 30", "Stop metformin", _METFORMIN,
        "Metformin leaves only through the kidneys; lactic acidosis"),
    DrugRule("metformin-45", "kidney", ("metformin",), When(egfr_below=45), M, "do not start below an eGFR of 45; weigh going on",
        "Do not start; if running, weigh benefit and risk", _METFORMIN, "Metformin leaves only through the kidneys; lactic acidosis"),
    DrugRule("rivaroxaban-30", "kidney", ("rivaroxaban",), When(clearance_below=30), M, "avoid below a creatinine clearance of 30",
        "Use another anticoagulant", _RIVAROXABAN, "A third leaves unchanged through the kidneys"),
    DrugRule("rivaroxaban-50", "kidney", ("rivaroxaban",), When(clearance_below=50, clearance_at_least=30, daily_above=15), L,
        "15 mg a day with a creatinine clearance of 30 to 49 (atrial fibrillation)", "Reduce to 15 mg a day in atrial fibrillation", _RIVAROXABAN),
    DrugRule("dofetilide-20", "kidney", ("dofetilide",), When(clearance_below=20), H, "contraindicated below a creatinine clearance of 20",
        "Do not give", _DOFETILIDE, "It leaves through the kidneys; torsades"),
    DrugRule("dofetilide-40", "kidney", ("dofetilide",), When(clearance_below=40, clearance_at_least=20, daily_above=0.25), M,
        "125 micrograms twice a day with a creatinine clearance of 20 to 40", "Reduce", _DOFETILIDE),
    DrugRule("dofetilide-60", "kidney", ("dofetilide",), When(clearance_below=60, clearance_at_least=40, daily_above=0.5), M,
        "250 micrograms twice a day with a creatinine clearance of 40 to 60", "Reduce", _DOFETILIDE),
    DrugRule("enoxaparin-30", "kidney", ("enoxaparin",), When(clearance_below=30), M, "accumulates below a creatinine clearance of 30",
        "Treatment 1 mg/kg once a day, prophylaxis 30 mg once a day; or unfractionated heparin", _ENOXAPARIN,
        "It leaves through the kidneys; bleeding", "Look for bruises and bleeding"),
    DrugRule("dabigatran-30", "kidney", ("dabigatran",), When(clearance_below=30), M, "accumulates below a creatinine clearance of 30",
        "Reduce or use another anticoagulant", _LABELS, "Four fifths leave through the kidneys"),
    DrugRule("nsaid-50", "kidney", ("nsaid",), When(egfr_below=50, age_at_least=65), M, "hurts weak kidneys further", "Avoid; paracetamol instead",
        STOPP, nurse="Urine output, weight", instead=("paracetamol",)),
    DrugRule("nsaid-30", "kidney", ("nsaid",), When(egfr_below=30), M, "hurts weak kidneys further", "Avoid; paracetamol instead",
        recalled("KDIGO 2012 CKD guideline, 4.4"), instead=("paracetamol",)),
    DrugRule("morphine-30", "kidney", ("morphine", "codeine", "pethidine"), When(egfr_below=30), M, "active products pile up: sedation, fits",
        "Another opioid, small doses, longer intervals", _LABELS, nurse="Breathing rate and sedation score"),
    DrugRule("gabapentin-60", "kidney", ("gabapentin",), When(clearance_below=60, daily_above=1400), M, "piles up: drowsiness, jerks",
        "200 to 700 mg twice a day with 30 to 59 mL/min, less below", _LABELS, nurse="Drowsiness, falls"),
    DrugRule("pregabalin-60", "kidney", ("pregabalin",), When(clearance_below=60, daily_above=300), M, "piles up: drowsiness",
        "Halve the dose with 30 to 60 mL/min, less below", _LABELS, nurse="Drowsiness, falls"),
    DrugRule("nitrofurantoin-30", "kidney", ("nitrofurantoin",), When(clearance_below=30), M, "does not reach the urine and harms nerves",
        "Another antibiotic", _LABELS),
    DrugRule("aminoglycoside-60", "kidney", ("aminoglycoside",), When(clearance_below=60), M, "piles up: kidneys and hearing",
        "Longer intervals, levels before each dose", _LABELS, nurse="Level taken before the next dose?"),
    DrugRule("vancomycin-60", "kidney", ("vancomycin",), When(clearance_below=60), M, "piles up", "Dose by level", _LABELS,
        nurse="Level taken before the next dose?"),
    DrugRule("digoxin-50", "kidney", ("digoxin",), When(clearance_below=50, daily_above=0.125), M, "piles up", "Halve it and measure the level",
        _LABELS, nurse="Pulse before each dose"),
    DrugRule("lithium-30", "kidney", ("lithium",), When(egfr_below=30), M, "piles up", "Avoid, or small doses by level", _LABELS),
    DrugRule("methotrexate-30", "kidney", ("methotrexate",), When(clearance_below=30), M, "piles up: bone marrow failure", "Do not give", _LABELS,
        nurse="Mouth ulcers, fever, bruises: call"),
    DrugRule("allopurinol-60", "kidney", ("allopurinol",), When(egfr_below=60, daily_above=300), L, "its product piles up",
        "Start at 100 mg and increase by urate", _LABELS),
    DrugRule("colchicine-30", "kidney", ("colchicine",), When(clearance_below=30), M, "piles up", "A smaller dose, not repeated within two weeks",
        _LABELS),
    DrugRule("spironolactone-30", "kidney", ("potassium_sparing_diuretic",), When(egfr_below=30), M, "high potassium", "Avoid", _LABELS,
        nurse="Keep an eye on the monitor"),
    DrugRule("bisphosphonate-35", "kidney", ("alendronic acid", "zoledronic acid", "risedronic acid"), When(clearance_below=35), L,
        "not recommended below 30 to 35 mL/min", "Avoid", _LABELS),
    DrugRule("levetiracetam-50", "kidney", ("levetiracetam",), When(clearance_below=50, daily_above=1500), L, "piles up",
        "250 to 750 mg twice a day with 30 to 50 mL/min", _LABELS),
    DrugRule("valaciclovir-30", "kidney", ("valaciclovir", "aciclovir"), When(clearance_below=30), M, "piles up: confusion, crystals in the kidney",
        "Reduce; fluids", _LABELS, nurse="Confusion, urine output"),
    DrugRule("baclofen-30", "kidney", ("baclofen",), When(egfr_below=30), M, "piles up: coma", "Avoid", _LABELS, nurse="Drowsiness"),
)

LIVER: Final[tuple[DrugRule, ...]] = (
    DrugRule("rivaroxaban-liver", "liver", ("rivaroxaban",), When(has=(LIVER_CIRRHOSIS,)), M,
        "avoid with moderate or severe liver disease (Child-Pugh B, C)", "Find the Child-Pugh class; B or C: another anticoagulant", _RIVAROXABAN),
    DrugRule("statin-liver", "liver", ("simvastatin",), When(has=(LIVER_CIRRHOSIS,)), L, "contraindicated in active or decompensated liver disease",
        "Find out whether it is decompensated", Source("Simvastatin, contraindications, as in a national drug reference", "verified")),
    DrugRule("paracetamol-liver", "liver", ("paracetamol",), When(has=(LIVER_CIRRHOSIS,), daily_above=2000), M,
        "more than 2 g a day with cirrhosis", "At most 2 g a day", recalled("AASLD practice guidance"),
        nurse="Count all paracetamol, also in combinations"),
    DrugRule("nsaid-liver", "liver", ("nsaid",), When(has=(LIVER_CIRRHOSIS,)), M, "bleeding and kidney failure with cirrhosis", "Avoid",
        recalled("EASL guideline on decompensated cirrhosis, 2018")),
    DrugRule("sedative-liver", "liver", ("benzodiazepine", "opioid"), When(has=(LIVER_CIRRHOSIS,)), M, "hepatic encephalopathy",
        "Avoid, or small doses of a short-acting one", recalled("EASL guideline on encephalopathy, 2022"), nurse="Confusion, flapping hands"),
    DrugRule("methotrexate-liver", "liver", ("methotrexate",), When(has=(LIVER_CIRRHOSIS,)), M, "contraindicated in liver disease", "Do not give",
        Source("Methotrexate product label, contraindications: liver insufficiency", "verified")),
    DrugRule("valproate-liver", "liver", ("valproate",), When(has=(LIVER_CIRRHOSIS,)), M, "liver failure", "Do not give",
        recalled("US label of valproate, 4")),
    DrugRule("bosentan-liver", "liver", ("bosentan",), When(has=(LIVER_CIRRHOSIS,)), M, "avoid in moderate or severe liver disease", "Do not start",
        Source("US label of bosentan: 5, 8.6", "verified")),
)
# fmt: on
