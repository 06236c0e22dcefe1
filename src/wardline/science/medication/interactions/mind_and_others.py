"""Interactions of drugs for the mind, of lithium, opioids, antibiotics, transplants and joints."""

from datetime import timedelta
from typing import Final

from wardline.core.concepts.drug_levels import LITHIUM_LEVEL
from wardline.core.diseases import CHRONIC_KIDNEY_DISEASE, EPILEPSY, LIVER_CIRRHOSIS
from wardline.core.findings import Severity
from wardline.science.medication.interactions.context import aged, filtration_below, has, measured
from wardline.science.medication.interactions.rule import Interaction
from wardline.science.medication.interactions.sources import FDA_2011_LINEZOLID, FDA_2016_OPIOIDS, LITHIUM_2020, label, recalled
from wardline.science.medication.problem import Source

H, M, L = Severity.HIGH, Severity.MEDIUM, Severity.LOW
_LITHIUM_WATCHED: Final = measured(LITHIUM_LEVEL, within=timedelta(days=7), words="lithium is being measured")
_TREMOR: Final = "Coarse tremor, vomiting, drowsiness: hold lithium and call"
_SEROTONIN: Final = "Watch for fever, agitation, tremor, clonus and a fast pulse; call at once"
_COLCHICINE: Final = label("colchicine", "4 Contraindications; 5.3; 7")
_METHOTREXATE: Final = Source("Methotrexate interactions, Can Fam Physician 2014;60:53 (PMC3994806), table 1", "verified")
_CARBAPENEM: Final = Source("US label of valproate: carbapenem antibiotics; the same in a systematic review of 12 studies", "verified")

# fmt: off
MIND_AND_OTHERS: Final[tuple[Interaction, ...]] = (
    Interaction("opioid-benzodiazepine", ("opioid",), ("benzodiazepine",), M, "deep sedation, breathing stops",
        "Breathing is depressed in two ways", "Only where nothing else will do; lowest doses, shortest time", FDA_2016_OPIOIDS,
        "Breathing rate, sedation score and saturation after each dose", worse=(aged(75),)),
    Interaction("opioid-gabapentinoid", ("opioid",), ("gabapentin", "pregabalin"), L, "sedation, shallow breathing",
        "Breathing is depressed in two ways", "Lower doses in the old and with weak lungs or kidneys",
        recalled("FDA Drug Safety Communication, 19 December 2019"), "Breathing rate and sedation score"),
    Interaction("linezolid-serotonin", ("linezolid", "methylthioninium chloride"),
        ("ssri", "snri", "tricyclic", "serotonergic_opioid", "triptan", "mao_inhibitor"), M, "serotonin syndrome",
        "Both raise serotonin; linezolid and methylene blue block its breakdown",
        "Choose another antibiotic; if urgent, stop the serotonergic drug and watch for two weeks", FDA_2011_LINEZOLID, _SEROTONIN, settles=False,
        without=(("linezolid", "methylthioninium chloride"),)),
    Interaction("moclobemide-serotonin", ("moclobemide", "rasagiline", "safinamide"), ("ssri", "snri", "tricyclic", "serotonergic_opioid"), M,
        "serotonin syndrome", "Breakdown of serotonin is blocked", "Avoid", recalled("US label of rasagiline, 4 and 5"), _SEROTONIN),
    Interaction("tramadol-ssri", ("tramadol",), ("ssri", "snri"), L, "serotonin syndrome, fits",
        "Both raise serotonin; some block CYP2D6, without which tramadol does not work", "Prefer another pain killer",
        recalled("US label of tramadol, 7"), _SEROTONIN),
    Interaction("lithium-thiazide", ("lithium",), ("thiazide",), M, "lithium poisoning within days", "The kidney holds lithium back with sodium",
        "Generally do not combine; otherwise halve lithium and measure after 3 to 5 days", LITHIUM_2020, _TREMOR, worse=(filtration_below(30),),
        better=(_LITHIUM_WATCHED,), settles=False),
    Interaction("lithium-raas", ("lithium",), ("ace_inhibitor", "angiotensin_blocker"), M, "lithium poisoning over weeks",
        "The kidney holds lithium back with sodium", "Measure lithium every week until steady; expect to need less", LITHIUM_2020, _TREMOR,
        worse=(filtration_below(30),), better=(_LITHIUM_WATCHED,)),
    Interaction("lithium-nsaid", ("lithium",), ("nsaid",), M, "lithium poisoning", "Blood flow to the kidney falls",
        "Use paracetamol, or measure lithium within a week", LITHIUM_2020, _TREMOR, ("paracetamol",), worse=(filtration_below(30),),
        better=(_LITHIUM_WATCHED,)),
    Interaction("lithium-loop", ("lithium",), ("loop_diuretic", "potassium_sparing_diuretic"), L, "lithium may rise",
        "The kidney holds lithium back with sodium", "Measure lithium after a week", LITHIUM_2020, _TREMOR, better=(_LITHIUM_WATCHED,)),
    Interaction("lithium-verapamil", ("lithium",), ("verapamil",), L, "nerve poisoning also at usual levels", "Not known",
        "Watch for tremor and confusion", label("verapamil", "7 Drug interactions"), _TREMOR),
    Interaction("valproate-carbapenem", ("valproate",), ("carbapenem",), H, "valproate falls within a day, fits",
        "Carbapenems keep valproate bound to glucuronic acid", "Choose another antibiotic; more valproate does not help", _CARBAPENEM,
        "Fits; padded rails", worse=(has(EPILEPSY),), settles=False),
    Interaction("valproate-aspirin", ("valproate",), ("aspirin",), L, "free valproate rises", "It is displaced from protein",
        "Measure free valproate with high doses of aspirin", label("aspirin with dipyridamole", "7")),
    Interaction("methotrexate-trimethoprim", ("methotrexate",), ("trimethoprim",), H, "bone marrow failure",
        "Both block folate, and the kidney clears less methotrexate", "Do not combine; choose another antibiotic", _METHOTREXATE,
        "Mouth ulcers, fever, bruises: call", settles=False),
    Interaction("methotrexate-nsaid", ("methotrexate",), ("nsaid", "aspirin"), M, "bone marrow failure", "The kidney clears less methotrexate",
        "With weekly low doses: blood count and creatinine; never with high doses", _METHOTREXATE, "Mouth ulcers, fever, bruises: call",
        worse=(filtration_below(60),)),
    Interaction("methotrexate-penicillin", ("methotrexate",), ("penicillin",), L, "methotrexate rises", "The kidney clears less methotrexate",
        "Blood count after a week", _METHOTREXATE, "Mouth ulcers, fever: call"),
    Interaction("methotrexate-ppi", ("methotrexate",), ("proton_pump_inhibitor",), L, "methotrexate rises after high doses",
        "The kidney clears less methotrexate", "Pause the proton pump inhibitor around high doses",
        recalled("US labels of proton pump inhibitors, 7")),
    Interaction("allopurinol-thiopurine", ("allopurinol",), ("thiopurine",), M, "bone marrow failure",
        "Xanthine oxidase, which clears mercaptopurine, is blocked", "Reduce the thiopurine to a quarter or a third; blood count every week",
        Source("US label of febuxostat, 7: allopurinol raises azathioprine and mercaptopurine substantially", "verified"),
        "Fever, bruises: call", settles=False),
    Interaction("colchicine-inhibitor", ("colchicine",), ("strong_cyp3a4_inhibitor", "ciclosporin"), M, "colchicine poisoning, can be fatal",
        "P-glycoprotein and CYP3A4 are both blocked", "Avoid; contraindicated where kidneys or liver are weak", _COLCHICINE,
        "Diarrhoea, weakness: hold the next dose and call", worse=(filtration_below(60), has(CHRONIC_KIDNEY_DISEASE, LIVER_CIRRHOSIS)),
        settles=False),
    Interaction("colchicine-moderate", ("colchicine",), ("verapamil", "diltiazem", "erythromycin", "amiodarone", "dronedarone"), L,
        "colchicine rises", "P-glycoprotein or CYP3A4 is blocked", "A smaller dose; watch for weakness",
        Source("Colchicine drug interactions, Drug Saf 2023;46:223-42 (PMC9754312), table 3", "verified")),
    Interaction("calcineurin-azole", ("calcineurin_inhibitor", "mtor_inhibitor"),
        ("azole", "clarithromycin", "erythromycin", "diltiazem", "verapamil"), M, "the level rises within days, kidney damage",
        "CYP3A4 and P-glycoprotein are blocked", "Reduce at once and measure levels every two or three days",
        recalled("US labels of tacrolimus and ciclosporin, 7")),
    Interaction("calcineurin-inducer", ("calcineurin_inhibitor", "mtor_inhibitor"), ("cyp3a4_inducer",), M, "the level falls, rejection",
        "CYP3A4 is induced", "Measure levels every two or three days; expect to need much more",
        recalled("US labels of tacrolimus and ciclosporin, 7")),
    Interaction("ciclosporin-verapamil", ("ciclosporin",), ("verapamil",), M, "ciclosporin rises", "CYP3A4 is blocked", "Measure ciclosporin",
        label("verapamil", "7 Drug interactions")),
    Interaction("carbamazepine-calcium", ("carbamazepine",), ("verapamil", "diltiazem"), M, "carbamazepine rises by half or more, poisoning",
        "CYP3A4 is blocked", "Measure carbamazepine; choose another calcium blocker", label("diltiazem", "Drug interactions; verapamil, 7"),
        "Dizziness, double vision: call", ("amlodipine",)),
    Interaction("theophylline-inhibitor", ("theophylline", "aminophylline"), ("ciprofloxacin", "fluvoxamine", "erythromycin", "clarithromycin"), M,
        "theophylline rises, fits, fast rhythm", "CYP1A2 or CYP3A4 is blocked", "Measure theophylline; reduce it",
        recalled("US label of theophylline")),
    Interaction("theophylline-verapamil", ("theophylline", "aminophylline"), ("verapamil",), L, "theophylline rises", "Less is cleared",
        "Measure theophylline", label("verapamil", "7 Drug interactions")),
    Interaction("midazolam-inhibitor", ("midazolam", "triazolam"), ("diltiazem", "verapamil", "conivaptan"), M, "long and deep sedation",
        "CYP3A4 is blocked", "A smaller dose; watch breathing", label("diltiazem", "Drug interactions; conivaptan, 7"),
        "Breathing rate and sedation score"),
    Interaction("buspirone-inhibitor", ("buspirone",), ("diltiazem", "verapamil"), L, "buspirone rises several times", "CYP3A4 is blocked",
        "A smaller dose", label("diltiazem", "Drug interactions")),
    Interaction("levothyroxine-binding", ("levothyroxine",),
        ("calcium carbonate", "ferrous sulfate", "ferrous fumarate", "colestyramine", "sucralfate"), L, "thyroxine is not taken up",
        "It is bound in the gut", "Four hours apart", recalled("US label of levothyroxine, 7"), "Give four hours apart"),
    Interaction("quinolone-cations", ("fluoroquinolone", "tetracycline"),
        ("calcium carbonate", "ferrous sulfate", "ferrous fumarate", "magnesium hydroxide", "aluminium hydroxide", "sucralfate"), L,
        "the antibiotic is not taken up", "It is bound in the gut", "Two hours before or six hours after", recalled("US label of ciprofloxacin, 7"),
        "Give two hours before or six hours after"),
    Interaction("metformin-contrast", ("metformin",), ("iodinated_contrast",), M, "lactic acidosis if the kidneys fail",
        "Metformin leaves only through the kidneys", "Stop metformin at the procedure; start again after 48 hours with a stable eGFR",
        Source("FDA 2016 labelling of metformin, as in Clin J Am Soc Nephrol review (PMC5533243), table 3", "verified"),
        "No metformin until the doctor says so", only_if=filtration_below(60)),
    Interaction("insulin-sulfonylurea", ("insulin",), ("sulfonylurea",), L, "low blood sugar", "Insulin is given and released",
        "Glucose before meals and at night", recalled("US labels of sulfonylureas, 7"), "Glucose before meals and at night"),
    Interaction("beta-agonist-blocker", ("salbutamol", "terbutaline", "formoterol", "salmeterol"), ("propranolol", "nadolol", "timolol", "sotalol"),
        L, "the inhaler does not work", "Beta-2 receptors are blocked", "Use a cardioselective beta blocker", recalled("US label of salbutamol, 7"),
        instead=("bisoprolol",)),
    Interaction("nitroglycerin-ergot", ("glyceryl trinitrate",), ("ergotamine", "dihydroergotamine"), M, "ergotism", "Ergot is taken up more",
        "Avoid", label("glyceryl trinitrate", "7 Drug interactions"), "Look at colour and warmth of hands and feet"),
)
# fmt: on
