"""The drugs that STOPP/START names together, by the beginning of their ATC codes.

Which drugs belong to a group is what the criteria's text names; the codes are identifiers of the WHO ATC index. A combination has its
own code and those of its substances, so a group lists substances and only such combinations as have no code of their parts.
"""

from wardline.science.criteria.terms import Group

# fmt: off
PPI = Group("proton-pump inhibitor", ("A02BC",))
H2_ANTAGONIST = Group("H2 antagonist", ("A02BA",))
GASTRIC_PROTECTION = Group("proton-pump inhibitor or H2 antagonist", PPI.codes + H2_ANTAGONIST.codes)
ALUMINIUM_ANTACID = Group("aluminium antacid", ("A02AB",))
LAXATIVE = Group("laxative", ("A06A", "A02AA02"))
BULK_LAXATIVE = Group("bulk-forming fibre", ("A06AC",))
METFORMIN = Group("metformin", ("A10BA02", "A10BD02", "A10BD03", "A10BD05", "A10BD07", "A10BD08", "A10BD10", "A10BD11", "A10BD13", "A10BD14",
    "A10BD15", "A10BD16", "A10BD17", "A10BD18"))
LONG_SULFONYLUREA = Group("long-acting sulfonylurea", ("A10BB01", "A10BB02", "A10BB09", "A10BB12", "A10BD04", "A10BD06"))
GLITAZONE = Group("thiazolidinedione", ("A10BG", "A10BD03", "A10BD04", "A10BD05", "A10BD06", "A10BD09", "A10BD12"))
VITAMIN_D = Group("vitamin D", ("A11CC", "A11CB", "A12AX", "M05BB03", "M05BB04", "M05BB05", "M05BB06", "M05BB07", "M05BB08"))
CALCIUM = Group("calcium supplement", ("A12AA", "A12AX", "A11GB01", "A11AA02", "M05BB01", "M05BB02", "M05BB04", "M05BB05", "M05BB08"))

ANTICOAGULANT = Group("oral anticoagulant", ("B01AA", "B01AE", "B01AF"))
ANY_ANTICOAGULANT = Group("anticoagulant", ("B01AA", "B01AB", "B01AE", "B01AF", "B01AX"))
THROMBIN_INHIBITOR = Group("direct thrombin inhibitor", ("B01AE",))
XA_INHIBITOR = Group("factor Xa inhibitor", ("B01AF",))
ANTIPLATELET = Group("antiplatelet drug", ("B01AC",))
ASPIRIN_LOW = Group("low-dose aspirin", ("B01AC06", "B01AC08", "B01AC30", "B01AC56"))
ASPIRIN_ANY = Group("aspirin", ("B01AC06", "B01AC08", "N02BA01", "N02BA15", "N02BA51", "N02BA65", "N02BA71", "M01BA03", "C10BX01", "C10BX02",
    "C10BX04", "C10BX05", "C10BX06", "C10BX08"))
ACETYLSALICYLIC_ACID = Group("aspirin", ("B01AC06",))
CARBASALATE = Group("carbasalate calcium", ("B01AC08",))
CLOPIDOGREL = Group("clopidogrel", ("B01AC04",))
TICLOPIDINE = Group("ticlopidine", ("B01AC05",))
BLEEDING_DRUG = Group("antiplatelet drug or anticoagulant", ANTIPLATELET.codes + ANTICOAGULANT.codes)
ORAL_IRON = Group("oral iron", ("B03AA", "B03AB", "B03AD", "B03AE"))
FERROUS_FUMARATE = Group("ferrous fumarate", ("B03AA02",))
FERROUS_SULFATE = Group("ferrous sulfate", ("B03AA07",))
FERROUS_GLUCONATE = Group("ferrous gluconate", ("B03AA03",))
FOLATE = Group("folic acid", ("B03BB", "B03AD", "B03AE01", "B03AE02"))

DIGOXIN = Group("digoxin", ("C01AA05",))
AMIODARONE = Group("amiodarone", ("C01BD01",))
NITRATE = Group("nitrate", ("C01DA",))
CENTRAL_ANTIHYPERTENSIVE = Group("centrally acting antihypertensive", ("C02AB", "C02AC", "C02LB", "C02LC"))
THIAZIDE = Group("thiazide diuretic", ("C03A", "C03BA", "C03EA01", "C03EA02", "C03EA07", "C03EA13", "C07B", "C07D", "C09DX01", "C09DX03", "C09XA52",
    "C09XA54"))
LOOP_DIURETIC = Group("loop diuretic", ("C03C", "C03EB"))
ALDOSTERONE_ANTAGONIST = Group("aldosterone antagonist", ("C03DA",))
POTASSIUM_SPARER = Group("other potassium-conserving drug", ("C09", "C03DB"))
ANTIHYPERTENSIVE = Group("antihypertensive drug", ("C03A", "C03EA", "C07", "C08", "C09"))
BETA_BLOCKER = Group("beta-blocker", ("C07",))
HEART_FAILURE_BETA_BLOCKER = Group(
    "bisoprolol, metoprolol, nebivolol or carvedilol",
    ("C07AB02", "C07AB07", "C07AB12", "C07AG02", "C07AB52", "C07AB57", "C07BB02", "C07BB07", "C07BB12", "C07BB52", "C07CB02", "C07FB02", "C07FB07",
        "C07FB12"),
)
RATE_LIMITER = Group("verapamil or diltiazem", ("C08DA01", "C08DA51", "C08DB01", "C09BB10"))
VERAPAMIL = Group("verapamil", ("C08DA01", "C08DA51", "C09BB10"))
RAAS_BLOCKER = Group("ACE inhibitor or angiotensin receptor blocker", ("C09A", "C09B", "C09C", "C09D"))
ANY_RAAS = Group("drug acting on the renin-angiotensin system", ("C09",))
ACE_INHIBITOR = Group("ACE inhibitor", ("C09A", "C09B"))
STATIN = Group("statin", ("C10AA", "C10B"))
SLOWING_DRUG = Group("drug that slows the heart", (*BETA_BLOCKER.codes, *DIGOXIN.codes, *RATE_LIMITER.codes))
VASODILATOR = Group("vasodilator", ("G04CA", "C02CA", "C02LE01", "C07AG", "C07BG", "C07CG", "C08", "C09", "C01DA"))
ALPHA_BLOCKER = Group("alpha-1 blocker", ("G04CA", "C02CA", "C02LE01"))

PROSTATE_ALPHA_BLOCKER = Group("alpha-1 blocker for the prostate", ("G04CA",))
REDUCTASE_INHIBITOR = Group("5-alpha-reductase inhibitor", ("G04CB",))
BLADDER_ANTIMUSCARINIC = Group("bladder antimuscarinic", ("G04BD02", "G04BD04", "G04BD07", "G04BD08", "G04BD10", "G04BD11"))
PDE5_INHIBITOR = Group("PDE5 inhibitor", ("G04BE03", "G04BE08", "G04BE09", "G04BE10"))
OESTROGEN = Group("oestrogen", ("G03AA", "G03AB", "G03C", "G03EA", "G03EB", "G03F", "G03HB", "G03XC", "L02AA", "G02BB"))
OESTROGEN_ALONE = Group("systemic oestrogen", ("G03C", "G03EA", "G03HB", "G03XC", "L02AA"))
PROGESTOGEN = Group("progestogen", ("G03AC", "G03D", "L02AB"))
VAGINAL_OESTROGEN = Group("vaginal oestrogen", ("G03CA03", "G03CA04"))
ANDROGEN = Group("androgen", ("G03B",))
STEROID = Group("systemic corticosteroid", ("H02AB", "H02BX01"))
STEROID_FOR_LUNGS = Group("systemic corticosteroid", ("H02AB01", "H02AB02", "H02AB04", "H02AB06", "H02AB07", "H02AB08", "H02AB09", "H02BX01"))
ANY_STEROID = Group("corticosteroid", ("H02A", "H02B", "N02CB01"))

NSAID = Group("NSAID", ("M01A", "N02BA", "M01BA"))
NSAID_ALONE = Group("NSAID", ("M01A", "M01BA01"))
NSAID_NOT_COX2 = Group("NSAID that is not COX-2 selective", ("M01AA", "M01AB", "M01AC", "M01AE", "M01AG", "M01AX", "N02BA", "M01BA"))
COX2 = Group("COX-2 selective NSAID", ("M01AH",))
NSAID_OR_COLCHICINE = Group("NSAID or colchicine", (*NSAID.codes, "M04AC01"))
COLCHICINE = Group("colchicine", ("M04AC01",))
URATE_LOWERING = Group("xanthine-oxidase inhibitor", ("M04AA",))
BISPHOSPHONATE = Group("bisphosphonate", ("M05BA", "M05BB"))
ORAL_BISPHOSPHONATE = Group("oral bisphosphonate", ("M05BA01", "M05BA02", "M05BA04", "M05BA05", "M05BA06", "M05BA07", "M05BB"))
BONE_DRUG = Group("bone-building or anti-resorptive drug", ("M05B", "H05AA02"))
DMARD = Group("disease-modifying antirheumatic drug", ("L04AX01", "L04AX03", "L04AA13", "L04AD01", "A07EC01", "P01BA", "M01CB", "M01CC"))
METHOTREXATE = Group("methotrexate", ("L04AX03",))

OPIOID = Group("opioid", ("N02A", "N07BC01", "N07BC02", "N07BC05", "N07BC06", "R05DA04"))
STRONG_OPIOID = Group("strong opioid", ("N02AA01", "N02AA51", "N02AA03", "N02AA04", "N02AA05", "N02AB02", "N02AB52", "N02AB72", "N02AB03", "N02AC52",
    "N02AD01", "N02AD02", "N02AE01", "N02AG01", "N02AG03", "N02AG04", "N07BC02", "N07BC05"))
OPIOID_FOR_MILD_PAIN = Group("strong opioid", ("N02AA01", "N02AA51", "N02AA05", "N02AB02", "N02AB52", "N02AB72", "N02AG03", "N02AB03", "N02AC52",
    "N02AD01", "N02AE01", "N07BC02", "N07BC06"))
WEAK_ANALGESIC = Group("weak opioid or NSAID", ("N02AA08", "N02AA58", "N02AA59", "N02AA79", "N02AX01", "N02AX02", "N02BA01", "N02BA15", "N02BA51",
    "N02BA65", "N02BA71", "M01A"))
PARACETAMOL = Group("paracetamol", ("N02BE01", "N02BE51", "N02BE71"))
SIMPLE_ANALGESIC = Group("paracetamol or NSAID", (*PARACETAMOL.codes, *NSAID.codes))
LEVODOPA_OR_AGONIST = Group("levodopa or dopamine agonist", ("N04B",))
RESTLESS_AGONIST = Group("ropinirole, pramipexole or rotigotine", ("N04BC04", "N04BC05", "N04BC09"))
PARKINSON_ANTICHOLINERGIC = Group("anticholinergic against extrapyramidal effects", ("N04A",))
NEUROLEPTIC = Group("antipsychotic", ("N05A",), ("N05AN",))
NEUROLEPTIC_IN_PARKINSON = Group("antipsychotic other than quetiapine or clozapine", ("N05A",), ("N05AN", "N05AH02", "N05AH04"))
ANTIMUSCARINIC_NEUROLEPTIC = Group("strongly antimuscarinic antipsychotic", ("N05AA01", "N05AA03", "N05AB02", "N05AC04", "N05AF01", "N05AF05",
    "N05AH02"))
PHENOTHIAZINE = Group("phenothiazine", ("N05AA", "N05AB", "N05AC", "N05AX07"))
BENZODIAZEPINE = Group("benzodiazepine", ("N05BA", "N05CD", "N03AE"))
SEDATIVE = Group("benzodiazepine or Z-drug", (*BENZODIAZEPINE.codes, "N05CF"))
Z_DRUG = Group("Z-drug", ("N05CF",))
TRICYCLIC = Group("tricyclic antidepressant", ("N06AA", "N06CA01", "N06CA02"))
SSRI = Group("SSRI", ("N06AB", "N06CA03"))
NEWER_ANTIDEPRESSANT = Group("SSRI or other newer antidepressant", ("N06AB", "N06AX", "N06CA03"))
NON_TRICYCLIC = Group("antidepressant that is no tricyclic", ("N06AB", "N06AF", "N06AG", "N06AX", "N06CA03"))
ANXIETY_DRUG = Group("SSRI, SNRI or pregabalin", ("N06AB", "N06AX16", "N06AX21", "N03AX16", "N06CA03"))
CHOLINESTERASE_INHIBITOR = Group("acetylcholinesterase inhibitor", ("N06DA",))
RIVASTIGMINE = Group("rivastigmine", ("N06DA03",))
ANTIEMETIC_BLOCKER = Group("prochlorperazine or metoclopramide", ("N05AB04", "A03FA01"))

INHALED_BRONCHODILATOR = Group("inhaled bronchodilator", ("R03AC", "R03BB", "R03AK04", "R03AK05", "R03AK06", "R03AK07", "R03AK08", "R03AK09",
    "R03AK10", "R03AK11", "R03AL"))
INHALED_STEROID = Group("inhaled corticosteroid", ("R03BA", "R03AK06", "R03AK07", "R03AK08", "R03AK09", "R03AK10", "R03AK11"))
ANTIMUSCARINIC_BRONCHODILATOR = Group("antimuscarinic bronchodilator", ("R03BB",))
INHALED = Group("inhaled bronchodilator or corticosteroid", ("R03A", "R03BA", "R03BB"))
THEOPHYLLINE = Group("theophylline", ("R03DA04",))
OXYGEN = Group("oxygen", ("V03AN01",))
GLAUCOMA_DROPS = Group("topical prostaglandin or beta-blocker", ("S01ED", "S01EE"))
INFLUENZA_VACCINE = Group("influenza vaccine", ("J07BB",))
PNEUMOCOCCAL_VACCINE = Group("pneumococcal vaccine", ("J07AL",))

OLD_ANTIHISTAMINE = Group("first-generation antihistamine", (
    "R06AA02", "R06AA04", "R06AA52", "R06AA54", "R06AB02", "R06AB03", "R06AB04", "R06AB52", "R06AB54", "R06AC04", "R06AD01", "R06AD02", "R06AD08",
        "R06AD52",
    "R06AE03", "R06AE04", "R06AE05", "R06AE06", "R06AE53", "R06AE55", "R06AX02", "R06AX15", "R06AX17", "N05BB01", "N05BB51", "N07CA02", "N07CA52",
))
ANTICHOLINERGIC = Group("drug with anticholinergic effect", (
    *OLD_ANTIHISTAMINE.codes, *BLADDER_ANTIMUSCARINIC.codes, "A03BB01", "A03BA01", "A03AB05", "A07DA03", "C01BA03", "M03BX01", "N02CX01", "N03AF01",
    "N04AA01", "N04AA02", "N04AC01", "N04BB01", "N05AA01", "N05AB04", "N05AB06", "N05AC01", "N05AD01", "N05AE04", "N05AH03", "N05AH04", "N05AX08",
        "N05AX13",
    "N06AA", "N06AB05",
))
# fmt: on
