"""Drug classes that rules speak of: "an NSAID", "a strong CYP3A4 inhibitor". Our own grouping of the substances by what they do.

A class is the substances whose ATC code begins as said, with some more and without some. The enzyme and transporter classes name the
usual strong ones (US FDA, Drug Development and Drug Interactions: table of substrates, inhibitors and inducers; recalled, not read here)
and are therefore provisional; a rule whose own source names its substances names them itself.
"""

from functools import cache
from typing import Final, NamedTuple

from wardline.science.medication.recognising import BY_NAME, SUBSTANCES
from wardline.science.medication.substance import Substance


class DrugClass(NamedTuple):
    """`atc`: beginnings of ATC codes; `more` and `less`: substances by name."""

    name: str
    atc: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()


# fmt: off
CLASSES: Final[dict[str, DrugClass]] = {
    # Blood
    "vitamin_k_antagonist": DrugClass("vitamin K antagonist", ("B01AA",)),
    "factor_xa_inhibitor": DrugClass("factor Xa inhibitor", ("B01AF",)),
    "direct_oral_anticoagulant": DrugClass("direct oral anticoagulant", ("B01AF",), ("dabigatran",)),
    "heparin": DrugClass("heparin", ("B01AB",), ("fondaparinux",)),
    "anticoagulant": DrugClass("anticoagulant", ("B01AA", "B01AB", "B01AE", "B01AF"), ("fondaparinux",)),
    "platelet_inhibitor": DrugClass("platelet inhibitor", ("B01AC",)),
    # Pain
    "nsaid": DrugClass("NSAID", ("M01A",), ("diflunisal", "salsalate")),
    "salicylate": DrugClass("salicylate", (), ("aspirin", "diflunisal", "salsalate", "methyl salicylate")),
    "opioid": DrugClass("opioid", ("N02A", "N01AH"), ("methadone", "hydrocodone", "codeine", "levorphanol", "buprenorphine")),
    "serotonergic_opioid": DrugClass("serotonergic opioid", (), ("pethidine", "tramadol", "methadone", "dextromethorphan", "tapentadol",
        "dextropropoxyphene")),
    "triptan": DrugClass("triptan", ("N02CC",)),
    "ergot": DrugClass("ergot alkaloid", ("N02CA",), ("ergometrine", "methylergometrine")),
    # Mind
    "ssri": DrugClass("SSRI", ("N06AB",)),
    "snri": DrugClass("SNRI", (), ("venlafaxine", "desvenlafaxine", "duloxetine", "milnacipran")),
    "tricyclic": DrugClass("tricyclic antidepressant", ("N06AA",), (), ("maprotiline",)),
    "mao_inhibitor": DrugClass("MAO inhibitor", ("N06AF",), ("selegiline", "procarbazine", "moclobemide", "rasagiline", "safinamide", "linezolid",
        "methylthioninium chloride")),
    "irreversible_mao_inhibitor": DrugClass("MAO inhibitor", ("N06AF",), ("procarbazine", "selegiline")),
    "amphetamine": DrugClass("amphetamine or derivative", ("N06BA01", "N06BA02", "N06BA03", "N06BA12"), ("methylphenidate", "dexmethylphenidate",
        "atomoxetine", "phentermine", "pseudoephedrine", "phendimetrazine", "benzphetamine", "amfepramone")),
    "antipsychotic": DrugClass("antipsychotic", ("N05A",), (), ("lithium",)),
    "benzodiazepine": DrugClass("benzodiazepine", ("N05BA", "N05CD"), ("clonazepam",)),
    "sedative": DrugClass("sedative", ("N05BA", "N05CD", "N05CF"), ("clonazepam", "chlordiazepoxide")),
    "anticholinergic": DrugClass("anticholinergic", ("G04BD", "N04A", "R06AA", "R06AD", "A03AB", "A03BB"), ("amitriptyline", "atropine"),
        ("mirabegron",)),
    "cholinesterase_inhibitor": DrugClass("cholinesterase inhibitor", ("N06DA", "N07AA")),
    # Heart and kidney
    "ace_inhibitor": DrugClass("ACE inhibitor", ("C09AA",)),
    "angiotensin_blocker": DrugClass("angiotensin receptor blocker", ("C09CA",)),
    "raas_blocker": DrugClass("blocker of the renin-angiotensin system", ("C09AA", "C09CA"), ("aliskiren",)),
    "potassium_sparing_diuretic": DrugClass("potassium-sparing diuretic", ("C03D",)),
    "aldosterone_antagonist": DrugClass("aldosterone antagonist", ("C03DA",)),
    "potassium_supplement": DrugClass("potassium supplement", ("A12B",), ("potassium phosphate",)),
    "thiazide": DrugClass("thiazide diuretic", ("C03A", "C03B")),
    "loop_diuretic": DrugClass("loop diuretic", ("C03C",)),
    "diuretic": DrugClass("diuretic", ("C03",), (), ("tolvaptan", "conivaptan")),
    "beta_blocker": DrugClass("beta blocker", ("C07A",)),
    "rate_limiting_calcium_blocker": DrugClass("rate-limiting calcium channel blocker", ("C08D",)),
    "calcium_blocker": DrugClass("calcium channel blocker", ("C08",)),
    "nitrate": DrugClass("nitrate or nitric oxide donor", ("C01DA",), ("nicorandil", "nitroprusside")),
    "pde5_inhibitor": DrugClass("phosphodiesterase-5 inhibitor", ("G04BE",)),
    "digitalis": DrugClass("digitalis glycoside", ("C01AA",)),
    "statin": DrugClass("statin", ("C10AA",), ("mevastatin",)),
    "fibrate": DrugClass("fibrate", ("C10AB",)),
    # Infection
    "penicillin": DrugClass("penicillin", ("J01CA", "J01CE", "J01CF")),
    "cephalosporin": DrugClass("cephalosporin", ("J01DB", "J01DC", "J01DD", "J01DE", "J01DI"), ("ceftolozane",)),
    "carbapenem": DrugClass("carbapenem", ("J01DH",), ("imipenem",)),
    "beta_lactam": DrugClass("beta-lactam antibiotic", ("J01C", "J01D"), ("imipenem", "ceftolozane")),
    "macrolide": DrugClass("macrolide", ("J01FA",)),
    "fluoroquinolone": DrugClass("fluoroquinolone", ("J01MA",)),
    "tetracycline": DrugClass("tetracycline", ("J01AA",)),
    "aminoglycoside": DrugClass("aminoglycoside", ("J01G",)),
    "glycopeptide": DrugClass("glycopeptide", ("J01XA",)),
    "sulfonamide_antibiotic": DrugClass("sulfonamide antibiotic", ("J01EB", "J01EC", "J01ED"), ("sulfasalazine",)),
    "azole": DrugClass("azole antifungal", ("J02AB", "J02AC")),
    "hiv_protease_inhibitor": DrugClass("HIV protease inhibitor", (), ("atazanavir", "darunavir", "fosamprenavir", "indinavir", "lopinavir",
        "nelfinavir", "ritonavir", "saquinavir", "tipranavir")),
    # The rest
    "proton_pump_inhibitor": DrugClass("proton pump inhibitor", ("A02BC",)),
    "h2_blocker": DrugClass("H2 blocker", ("A02BA",)),
    "corticosteroid": DrugClass("corticosteroid", ("H02AB",)),
    "calcineurin_inhibitor": DrugClass("calcineurin inhibitor", ("L04AD",)),
    "mtor_inhibitor": DrugClass("mTOR inhibitor", (), ("sirolimus", "everolimus")),
    "thiopurine": DrugClass("thiopurine", (), ("azathioprine", "mercaptopurine")),
    "sulfonylurea": DrugClass("sulfonylurea", ("A10BB",)),
    "insulin": DrugClass("insulin", ("A10A",)),
    "sglt2_inhibitor": DrugClass("SGLT2 inhibitor", ("A10BK",)),
    "dpp4_inhibitor": DrugClass("DPP-4 inhibitor", ("A10BH",)),
    "glp1_agonist": DrugClass("GLP-1 receptor agonist", ("A10BJ",), ("tirzepatide",)),
    "bisphosphonate": DrugClass("bisphosphonate", ("M05BA",)),
    "iodinated_contrast": DrugClass("iodinated contrast medium", ("V08AA", "V08AB")),
    "antihistamine": DrugClass("antihistamine", ("R06A",)),
    "beta_agonist_inhaled": DrugClass("long-acting beta agonist", ("R03AC12", "R03AC13", "R03AC18"), ("vilanterol",)),
    "antimuscarinic_inhaled": DrugClass("inhaled antimuscarinic", ("R03BB",)),
    "estrogen": DrugClass("oestrogen", ("G03C",), ("ethinylestradiol",), ("tibolone",)),
    "retinoid": DrugClass("retinoid", (), ("retinol",)),
    "antiepileptic": DrugClass("antiepileptic", ("N03A",)),
    # Enzymes and transporters (provisional, see above)
    "strong_cyp3a4_inhibitor": DrugClass("strong CYP3A4 inhibitor", (), (
        "clarithromycin", "telithromycin", "itraconazole", "ketoconazole", "posaconazole", "voriconazole", "nefazodone", "ritonavir", "cobicistat",
        "indinavir",
        "nelfinavir", "saquinavir", "atazanavir", "darunavir", "lopinavir", "fosamprenavir", "tipranavir", "boceprevir", "telaprevir", "conivaptan")),
    "moderate_cyp3a4_inhibitor": DrugClass("moderate CYP3A4 inhibitor", (), ("erythromycin", "fluconazole", "diltiazem", "verapamil", "aprepitant",
        "dronedarone", "imatinib", "ciprofloxacin", "isavuconazole")),
    "cyp3a4_inducer": DrugClass("strong CYP3A4 inducer", (), ("rifampicin", "carbamazepine", "phenytoin", "fosphenytoin", "phenobarbital",
        "primidone", "enzalutamide", "st john's wort", "rifapentine")),
    "cyp1a2_inhibitor": DrugClass("strong CYP1A2 inhibitor", (), ("ciprofloxacin", "fluvoxamine")),
    "p_gp_inhibitor": DrugClass("P-glycoprotein inhibitor", (), (
        "amiodarone", "dronedarone", "verapamil", "quinidine", "ciclosporin", "clarithromycin", "erythromycin", "itraconazole", "ketoconazole",
        "ritonavir", "ranolazine")),
    "p_gp_and_strong_cyp3a4_inhibitor": DrugClass("combined P-gp and strong CYP3A4 inhibitor", (), ("ketoconazole", "itraconazole", "posaconazole",
        "ritonavir", "cobicistat", "indinavir", "saquinavir")),
}
# fmt: on


@cache
def members(name: str) -> frozenset[str]:
    """Names of the substances of a class; a name that is no class is the substance itself."""
    group = CLASSES.get(name)
    if group is None:
        return frozenset({BY_NAME[name].name})
    found = {substance.name for substance in SUBSTANCES if group.atc and substance.is_in(*group.atc)}
    return frozenset((found | {BY_NAME[each].name for each in group.more}) - set(group.less))


def in_class(substance: Substance, name: str) -> bool:
    return substance.name in members(name)


@cache
def classes_of(substance: str) -> frozenset[str]:
    """The classes a substance belongs to."""
    return frozenset(name for name in CLASSES if substance in members(name))


def title_of(name: str) -> str:
    """How people call a class or a substance."""
    return CLASSES[name].name if name in CLASSES else name
