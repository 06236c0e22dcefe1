"""The fifteen pairs that should warn in every hospital: list of Phansalkar 2012, by class."""

from typing import Final

from wardline.core.findings import Severity
from wardline.science.medication.interactions.rule import Interaction
from wardline.science.medication.interactions.sources import PHANSALKAR, label

_MAO: Final = ("irreversible_mao_inhibitor",)
_SEROTONIN: Final = "Serotonin is released or kept in the synapse while its breakdown is blocked"
_STOP_MAO: Final = "Do not combine. Leave at least 14 days between them (fluoxetine: five weeks before the MAO inhibitor)"
_WATCH_SEROTONIN: Final = "Watch for fever, agitation, tremor, clonus and a fast pulse; call at once"
H: Final = Severity.HIGH


def _pair(
    id: str, one: tuple[str, ...], other: tuple[str, ...], effect: str, mechanism: str, management: str, nurse: str = "", instead: tuple[str,
        ...] = ()
) -> Interaction:  # fmt: skip
    return Interaction(id, one, other, H, effect, mechanism, management, PHANSALKAR, nurse, instead, settles=False, high_priority=True)


# fmt: off
HIGH_PRIORITY: Final[tuple[Interaction, ...]] = (
    _pair("amphetamine-mao", ("amphetamine",), _MAO, "hypertensive crisis", "Noradrenaline released by the amphetamine is not broken down",
          "Do not combine; wait 14 days after the MAO inhibitor", "Blood pressure and pulse often; headache is an alarm"),
    _pair("ssri-mao", ("ssri", "snri", "nefazodone"), _MAO, "serotonin syndrome", _SEROTONIN, _STOP_MAO, _WATCH_SEROTONIN),
    _pair("tricyclic-mao", ("tricyclic",), _MAO, "serotonin syndrome or hypertensive crisis", _SEROTONIN, _STOP_MAO, _WATCH_SEROTONIN),
    _pair("triptan-mao", ("almotriptan", "rizatriptan", "sumatriptan", "zolmitriptan"), _MAO,
          "triptan levels rise; coronary spasm, serotonin syndrome", "Monoamine oxidase A breaks these triptans down",
          "Do not combine; choose a triptan that is not broken down by it", instead=("naratriptan", "frovatriptan")),
    _pair("opioid-mao", ("serotonergic_opioid",), _MAO, "serotonin syndrome, respiratory depression", _SEROTONIN,
          "Do not combine; use morphine with care instead", _WATCH_SEROTONIN, ("morphine",)),
    _pair("tranylcypromine-procarbazine", ("tranylcypromine",), ("procarbazine",), "hypertensive crisis", "Both block monoamine oxidase",
          "Do not combine; leave 14 days between them"),
    _pair("atazanavir-ppi", ("atazanavir",), ("proton_pump_inhibitor",), "atazanavir fails", "It needs stomach acid to dissolve",
          "Avoid the proton pump inhibitor; ask the HIV team"),
    _pair("protease-inhibitor-inducer", ("hiv_protease_inhibitor",), ("cyp3a4_inducer",), "the HIV drug fails and resistance grows",
          "Induction of CYP3A4 clears the protease inhibitor", "Do not combine; ask the HIV team for an alternative"),
    Interaction("simvastatin-cyp3a4", ("simvastatin",), ("strong_cyp3a4_inhibitor", "erythromycin", "ciclosporin", "danazol", "gemfibrozil"), H,
        "muscle breakdown with kidney failure", "CYP3A4, by which simvastatin is cleared, is blocked",
        "Do not combine: pause simvastatin for as long as the other drug is given", label("simvastatin", "4 Contraindications; 7.1"),
        "Ask about muscle pain and dark urine", ("pravastatin", "rosuvastatin"), settles=False, high_priority=True),
    _pair("lovastatin-cyp3a4", ("lovastatin",), ("strong_cyp3a4_inhibitor", "erythromycin"), "muscle breakdown with kidney failure",
          "CYP3A4, by which lovastatin is cleared, is blocked", "Do not combine: pause lovastatin for as long as the other drug is given",
          "Ask about muscle pain and dark urine", ("pravastatin", "rosuvastatin")),
    _pair("ergot-cyp3a4", ("ergot",), ("strong_cyp3a4_inhibitor", "erythromycin"), "ergotism: fingers, toes or gut without blood",
          "CYP3A4 is blocked", "Do not combine", "Look at colour and warmth of hands and feet"),
    _pair("irinotecan-cyp3a4", ("irinotecan",), ("strong_cyp3a4_inhibitor",), "severe neutropenia and diarrhoea",
          "Less of irinotecan and its active product is cleared", "Stop the inhibitor a week before irinotecan, or choose another drug"),
    Interaction("tizanidine-cyp1a2", ("tizanidine",), ("cyp1a2_inhibitor",), H, "low blood pressure, slow pulse, drowsiness",
        "CYP1A2, by which tizanidine is cleared, is blocked", "Do not combine", label("tizanidine", "4 Contraindications; 7.1, 7.2"),
        "Blood pressure lying and standing; falls", ("baclofen",), settles=False, high_priority=True),
    _pair("ramelteon-cyp1a2", ("ramelteon",), ("fluvoxamine", "ciprofloxacin"), "ramelteon rises many times over", "CYP1A2 is blocked",
          "Do not combine"),
    Interaction("febuxostat-thiopurine", ("febuxostat",), ("thiopurine",), H, "bone marrow failure",
        "Xanthine oxidase, which clears mercaptopurine, is blocked", "Do not combine", label("febuxostat", "4 Contraindications; 7"), settles=False,
        high_priority=True),
)
# fmt: on
