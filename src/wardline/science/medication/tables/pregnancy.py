"""Drugs that harm an unborn or a breastfed child."""

from typing import Final

from wardline.core.findings import Severity
from wardline.science.medication.conditions import When
from wardline.science.medication.drug_rule import DrugRule
from wardline.science.medication.interactions.sources import label, recalled
from wardline.science.medication.problem import Source

H, M, L = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_YES: Final = When(pregnant=True)
_FEEDING: Final = When(breastfeeding=True)
_STOP: Final = "Do not give; choose another drug and tell the obstetric team"

# fmt: off
PREGNANCY_RULES: Final[tuple[DrugRule, ...]] = (
    DrugRule("raas-pregnancy", "pregnancy", ("raas_blocker", "sacubitril"), _YES, H, "harms and kills the unborn child",
        "Stop as soon as the pregnancy is known", label("ramipril", "Boxed warning, fetal toxicity; benazepril, valsartan, aliskiren"),
        "Blood flow to the child's kidneys falls", instead=("labetalol", "nifedipine", "methyldopa")),
    DrugRule("endothelin-pregnancy", "pregnancy", ("bosentan", "ambrisentan"), _YES, H, "malformations", _STOP,
        label("bosentan and ambrisentan", "Boxed warning; 4 Contraindications")),
    DrugRule("methotrexate-pregnancy", "pregnancy", ("methotrexate",), _YES, H, "death and malformation of the unborn child", _STOP,
        Source("Methotrexate product label: contraindicated in pregnancy", "verified")),
    DrugRule("mycophenolate-pregnancy", "pregnancy", ("mycophenolate",), _YES, H, "miscarriage and malformations", _STOP,
        Source("US label of mycophenolate, boxed warning, as in PMC4993926, table 1", "verified")),
    DrugRule("valproate-pregnancy", "pregnancy", ("valproate",), _YES, M, "malformations, lower intelligence",
        "Never stop suddenly; ask the neurologist today", recalled("US label of valproate, boxed warning")),
    DrugRule("warfarin-pregnancy", "pregnancy", ("vitamin_k_antagonist",), _YES, M, "malformations, bleeding",
        "A low molecular weight heparin instead; with a mechanical valve ask first", recalled("US label of warfarin, 4"), instead=("enoxaparin",)),
    DrugRule("retinoid-pregnancy", "pregnancy", ("retinol",), _YES, M, "malformations in high doses", "Stop",
        recalled("WHO guidance on vitamin A in pregnancy")),
    DrugRule("thalidomide-pregnancy", "pregnancy", ("thalidomide", "lenalidomide"), _YES, M, "malformations", _STOP,
        recalled("US labels, boxed warning")),
    DrugRule("statin-pregnancy", "pregnancy", ("statin",), _YES, L, "usually stopped in pregnancy", "Stop unless the risk is very high",
        recalled("FDA Drug Safety Communication, 20 July 2021")),
    DrugRule("tetracycline-pregnancy", "pregnancy", ("tetracycline",), _YES, M, "stains teeth, slows bone", "Another antibiotic",
        recalled("US label of doxycycline, 5")),
    DrugRule("nsaid-pregnancy", "pregnancy", ("nsaid",), _YES, M, "from week 20: too little amniotic fluid; later the duct closes",
        "Avoid from week 20", recalled("FDA Drug Safety Communication, 15 October 2020"), instead=("paracetamol",)),
    DrugRule("lithium-pregnancy", "pregnancy", ("lithium",), _YES, M, "heart malformations in the first trimester", "Ask the psychiatrist today",
        recalled("US label of lithium, 8.1")),
    DrugRule("antiepileptic-pregnancy", "pregnancy", ("topiramate", "phenytoin", "phenobarbital", "carbamazepine"), _YES, M, "malformations",
        "Never stop suddenly; ask the neurologist; folic acid", recalled("US labels, 8.1")),
    DrugRule("fluoroquinolone-pregnancy", "pregnancy", ("fluoroquinolone",), _YES, L, "little is known; joints in animals",
        "Another antibiotic where possible", recalled("US labels, 8.1")),
    DrugRule("trimethoprim-pregnancy", "pregnancy", ("trimethoprim",), _YES, M, "blocks folate in the first trimester", "Another antibiotic",
        recalled("US label of co-trimoxazole, 8.1")),
    DrugRule("misoprostol-pregnancy", "pregnancy", ("misoprostol",), _YES, M, "ends a pregnancy", "Only where that, or birth, is meant",
        recalled("US label of misoprostol, boxed warning")),
    DrugRule("doac-pregnancy", "pregnancy", ("direct_oral_anticoagulant",), _YES, M, "crosses to the child; bleeding",
        "A low molecular weight heparin instead", recalled("US labels, 8.1"), instead=("enoxaparin",)),
    DrugRule("codeine-lactation", "lactation", ("codeine", "tramadol"), _FEEDING, M, "fast metabolisers poison the breastfed child",
        "Another pain killer", recalled("FDA Drug Safety Communication, 20 April 2017"), instead=("paracetamol", "ibuprofen")),
    DrugRule("lithium-lactation", "lactation", ("lithium",), _FEEDING, M, "reaches the child", "Ask the psychiatrist and the paediatrician",
        recalled("US label of lithium, 8.2")),
    DrugRule("cytotoxic-lactation", "lactation", ("methotrexate", "cyclophosphamide", "mycophenolate", "leflunomide"), _FEEDING, M,
        "reaches the child", "Do not breastfeed", recalled("US labels, 8.2")),
    DrugRule("amiodarone-lactation", "lactation", ("amiodarone",), _FEEDING, M, "iodine reaches the child", "Do not breastfeed",
        recalled("US label of amiodarone, 8.2")),
)
# fmt: on
