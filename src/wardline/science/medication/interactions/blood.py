"""Interactions of drugs against clotting: warfarin, direct oral anticoagulants, heparins, platelet inhibitors."""

from datetime import timedelta
from typing import Final

from wardline.core.concepts.coagulation import INR
from wardline.core.diseases import PEPTIC_ULCER, UPPER_GI_BLEED
from wardline.core.findings import Severity
from wardline.science.medication.interactions.context import above, aged, also_taking, filtration_below, has, measured, nothing_worse, protected_by
from wardline.science.medication.interactions.rule import Context, Interaction
from wardline.science.medication.interactions.sources import PDDI_CDS, label, recalled
from wardline.science.medication.problem import Source

_BLEEDING: Final = "Look for bruises, black stool, blood in urine; tell the doctor about any"
_WARFARIN_LABEL: Final = recalled("US label of warfarin, 7 Drug interactions")
_DOAC: Final = Source(
    "US labels of rivaroxaban and apixaban as in Burnett AE et al., J Thromb Thrombolysis 2016;41:206-32, table 14, and the American Society of "
    "Hematology's table of labels of factor Xa inhibitors", "verified",
)  # fmt: skip
_INR_HIGH: Final = above(INR, 3.0, within=timedelta(days=7))
_ULCER_BLEED: Final = has(UPPER_GI_BLEED, PEPTIC_ULCER)
# HL7 PDDI-CDS, warfarin with NSAIDs: 65 years or a history of upper gastrointestinal bleeding; systemic corticosteroids, aldosterone
# antagonists or more than one NSAID; a proton pump inhibitor or misoprostol protects. The INR is our addition: above the usual range of 2 to 3.
_NSAID_WORSE: Final[tuple[Context, ...]] = (
    _INR_HIGH,
    aged(65),
    _ULCER_BLEED,
    also_taking("corticosteroid", "aldosterone_antagonist", "nsaid", "aspirin"),
)
M, L = Severity.MEDIUM, Severity.LOW


def _warfarin(id: str, other: tuple[str, ...], effect: str, mechanism: str, management: str, source: Source) -> Interaction:
    checked = measured(INR, within=timedelta(days=3), words="INR is being watched")
    return Interaction(
        id, ("vitamin_k_antagonist",), other, M, effect, mechanism, management, source, _BLEEDING, worse=(_INR_HIGH,), better=(checked,)
    )  # fmt: skip


# fmt: off
BLOOD: Final[tuple[Interaction, ...]] = (
    Interaction("warfarin-nsaid", ("vitamin_k_antagonist",), ("nsaid",), M, "bleeding, above all from the stomach",
        "NSAIDs hold back platelets and hurt the lining of the stomach, some also raise the INR",
        "Use another pain killer where possible: paracetamol, at most 2 g a day. Otherwise a proton pump inhibitor, and check the INR",
        PDDI_CDS, _BLEEDING, ("paracetamol",), worse=_NSAID_WORSE,
        better=(protected_by("proton_pump_inhibitor", "misoprostol"), nothing_worse(*_NSAID_WORSE)), settles=False),
    Interaction("anticoagulant-aspirin", ("anticoagulant",), ("aspirin",), M, "bleeding", "Platelets and clotting factors are both held back",
        "Ask whether both are needed; if so, the lowest dose of aspirin, and protect the stomach",
        label("aspirin with dipyridamole", "7 Drug interactions"), _BLEEDING, worse=(_INR_HIGH, _ULCER_BLEED),
        better=(protected_by("proton_pump_inhibitor"),), settles=False),
    Interaction("doac-nsaid", ("direct_oral_anticoagulant", "heparin"), ("nsaid",), M, "bleeding",
        "Platelets and clotting factors are both held back, and the stomach is hurt", "Use another pain killer where possible",
        label("apixaban", "7: chronic NSAID use; indometacin with anticoagulants"), _BLEEDING,
        ("paracetamol",), worse=(_ULCER_BLEED, filtration_below(30)), better=(protected_by("proton_pump_inhibitor"),), settles=False),
    Interaction("anticoagulant-platelet-inhibitor", ("anticoagulant",),
        ("clopidogrel", "prasugrel", "ticagrelor", "ticlopidine", "tirofiban", "dipyridamole"), M, "bleeding",
        "Platelets and clotting factors are both held back", "Ask for how long both are needed; watch for bleeding",
        label("tirofiban", "7 Drug interactions; aspirin with dipyridamole, 7"), _BLEEDING, worse=(_INR_HIGH, _ULCER_BLEED), settles=False),
    _warfarin("warfarin-azole", ("fluconazole", "voriconazole", "miconazole", "itraconazole", "ketoconazole"), "INR rises within days, bleeding",
              "CYP2C9 and CYP3A4 are blocked", "Check the INR every two or three days; expect to need less warfarin", _WARFARIN_LABEL),
    _warfarin("warfarin-macrolide", ("clarithromycin", "erythromycin", "azithromycin"), "INR rises, bleeding",
              "Less warfarin is broken down, and less vitamin K made in the gut", "Check the INR after three days and again at the end",
              _WARFARIN_LABEL),
    _warfarin("warfarin-co-trimoxazole", ("sulfamethoxazole",), "INR rises steeply, bleeding", "CYP2C9 is blocked",
              "Choose another antibiotic, or check the INR every two or three days", _WARFARIN_LABEL),
    _warfarin("warfarin-metronidazole", ("metronidazole",), "INR rises, bleeding", "CYP2C9 is blocked", "Check the INR every two or three days",
              _WARFARIN_LABEL),
    _warfarin("warfarin-fluoroquinolone", ("ciprofloxacin", "levofloxacin", "moxifloxacin"), "INR may rise", "Less warfarin is broken down",
              "Check the INR after three days", _WARFARIN_LABEL),
    _warfarin("warfarin-amiodarone", ("amiodarone",), "INR rises over weeks and stays high for months after",
              "CYP2C9 and CYP3A4 are blocked; amiodarone stays in the body",
              "Expect to need a quarter to a third less warfarin; check the INR every week",
              Source("Potential interactions of warfarin in inpatients (PMC3798168), table 3: within two weeks, long lasting", "verified")),
    _warfarin("warfarin-inducer", ("rifampicin", "carbamazepine", "phenytoin", "phenobarbital", "st john's wort"),
              "INR falls, clots; bleeding when it is stopped", "CYP2C9 is induced", "Check the INR every week, also for weeks after stopping",
              _WARFARIN_LABEL),
    Interaction("warfarin-propranolol", ("warfarin",), ("propranolol",), L, "warfarin rises", "Less warfarin is broken down",
        "Check the INR when either changes", label("propranolol", "Drug interactions")),
    Interaction("warfarin-bosentan", ("warfarin",), ("bosentan",), L, "warfarin falls", "CYP2C9 and CYP3A4 are induced",
        "Check the INR when bosentan is started or stopped", label("bosentan", "7 Drug interactions")),
    Interaction("xa-strong-inhibitor", ("rivaroxaban", "apixaban"), ("p_gp_and_strong_cyp3a4_inhibitor",), Severity.HIGH,
        "the anticoagulant rises two- to threefold, bleeding", "P-glycoprotein and CYP3A4 are both blocked",
        "Rivaroxaban: do not combine. Apixaban: halve the dose; at 2.5 mg twice a day do not combine", _DOAC, _BLEEDING, settles=False),
    Interaction("xa-inducer", ("rivaroxaban", "apixaban", "edoxaban"),
        ("rifampicin", "carbamazepine", "phenytoin", "phenobarbital", "st john's wort"), Severity.HIGH, "the anticoagulant is halved, clots",
        "P-glycoprotein and CYP3A4 are induced", "Do not combine; use warfarin or a heparin and measure", _DOAC, settles=False),
    Interaction("rivaroxaban-moderate", ("rivaroxaban",), ("diltiazem", "verapamil", "erythromycin", "dronedarone"), M,
        "rivaroxaban rises where the kidneys are weak", "P-glycoprotein and, in part, CYP3A4 are blocked",
        "Do not use with a creatinine clearance of 15 to 80 mL/min unless the benefit justifies it", _DOAC, _BLEEDING,
        only_if=filtration_below(80)),
    Interaction("dabigatran-p-gp", ("dabigatran",), ("p_gp_inhibitor",), M, "dabigatran rises, bleeding", "P-glycoprotein is blocked",
        "Reduce or avoid where the kidneys are weak", recalled("US label of dabigatran, 7 Drug interactions"), _BLEEDING),
    Interaction("cilostazol-inhibitor", ("cilostazol",),
        ("ketoconazole", "erythromycin", "itraconazole", "diltiazem", "omeprazole", "fluconazole", "fluvoxamine"), M, "cilostazol rises",
        "CYP3A4 or CYP2C19 is blocked", "Halve cilostazol", label("cilostazol", "Precautions, Drug interactions")),
    Interaction("cilostazol-platelets", ("cilostazol",), ("clopidogrel", "aspirin", "ticagrelor", "prasugrel"), L, "bleeding",
        "Platelets are held back in two ways", "Watch for bleeding", label("cilostazol", "Precautions, Drug interactions")),
    Interaction("ticagrelor-cyp3a4", ("ticagrelor",), ("strong_cyp3a4_inhibitor",), Severity.HIGH, "ticagrelor rises, bleeding",
        "CYP3A4 is blocked", "Do not combine", label("ticagrelor", "7.1 Drug interactions"), settles=False),
    Interaction("ticagrelor-inducer", ("ticagrelor",), ("rifampicin", "phenytoin", "carbamazepine", "phenobarbital", "dexamethasone"),
        Severity.HIGH, "ticagrelor fails, stent clots", "CYP3A4 is induced", "Do not combine", label("ticagrelor", "7.2 Drug interactions"),
        settles=False),
    Interaction("ticagrelor-statin", ("ticagrelor",), ("simvastatin", "lovastatin"), L, "the statin rises", "CYP3A4 is blocked",
        "Not more than 40 mg of the statin", label("ticagrelor", "7.3 Drug interactions")),
    Interaction("clopidogrel-omeprazole", ("clopidogrel",), ("omeprazole", "esomeprazole"), L, "clopidogrel may work less",
        "CYP2C19, which activates it, is blocked", "Prefer pantoprazole", recalled("US label of clopidogrel, 7.1"), instead=("pantoprazole",)),
    Interaction("ssri-bleeding", ("ssri", "snri"), ("anticoagulant", "platelet_inhibitor", "nsaid"), L, "bleeding", "Platelets hold less serotonin",
        "Watch for bleeding; protect the stomach where there are other risks", recalled("US labels of SSRIs, 5 Warnings: abnormal bleeding")),
    Interaction("nsaid-aspirin", ("nsaid",), ("aspirin",), L, "bleeding from the stomach, weaker kidneys",
        "The lining of the stomach is hurt twice", "Ask whether the NSAID is needed; protect the stomach",
        label("aspirin with dipyridamole", "7 Drug interactions"), better=(protected_by("proton_pump_inhibitor"),)),
)
# fmt: on
