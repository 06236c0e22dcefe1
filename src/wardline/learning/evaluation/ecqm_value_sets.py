"""Stand-ins for the licensed value sets when the quality measures are evaluated: a few codes and drug names of our own writing.

They are not the published sets and are used nowhere else. Codes are those the look-at half of the cases carries, judged by what each means
and where in the record it stands, and those of public documentation (SNOMED CT's inpatient admissions, the Source of
Payment Typology's Medicare, CDC's HSLOC). Drugs count by the ingredients in their RxNorm names, so that a code nobody looked at counts, too.
"""

from collections.abc import Iterable
from typing import Any, Final

_SNOMED, _RXNORM, _LOINC, _ICD10, _PAYMENT = (
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://loinc.org",
    "icd10",
    "https://nahdo.org/sopt",
)
_ICD10PCS: Final = ("http://www.cms.gov/medicare/coding/icd10", "http://hl7.org/fhir/sid/icd-10-pcs")
_SECTIONS: Final = ("10D00Z0", "10D00Z1", "10D00Z2")
_BIRTHS: Final = ("10D07Z3", "10D07Z4", "10D07Z5", "10D07Z6", "10D07Z7", "10D07Z8", "10E0XZZ")
_HSLOC: Final = ("https://www.cdc.gov/nhsn/cdaportal/terminology/codesystem/hsloc.html", "http://cts.nlm.nih.gov/fhir/cs/hsloc", "hsloc")


def _codes(system: str, *codes: str) -> list[Any]:
    return [[system, code] for code in codes]


def _named(systems: Iterable[str], words: str) -> list[Any]:
    return [[system, "", word.strip()] for system in systems for word in words.split(",")]


OPIOIDS: Final = (
    "codeine, dihydrocodeine, hydrocodone, oxycodone, morphine, hydromorphone, oxymorphone, fentanyl, sufentanil, alfentanil, remifentanil, "
    "meperidine, methadone, levorphanol, tapentadol, tramadol, butorphanol, pentazocine, opium, buprenorphine"
)
STAND_INS: Final[dict[str, list[Any]]] = {
    "2.16.840.1.113883.3.666.5.307": _codes(_SNOMED, "183452005", "32485007", "8715000"),  # Encounter Inpatient
    "2.16.840.1.113883.3.117.1.7.1.292": _codes(_SNOMED, "4525004"),  # Emergency Department Visit
    "2.16.840.1.113762.1.4.1111.143": _codes(_SNOMED, "448951000124107"),  # Observation Services
    "2.16.840.1.113762.1.4.1110.38": _codes(_SNOMED, "110468005"),  # Outpatient Surgery Service
    "2.16.840.1.113762.1.4.1046.241": _named([_RXNORM], OPIOIDS),  # Schedule II, III and IV Opioid Medications
    "2.16.840.1.113762.1.4.1125.1": _named(  # Schedule IV Benzodiazepines
        [_RXNORM],
        "alprazolam, chlordiazepoxide, clobazam, clonazepam, clorazepate, diazepam, estazolam, flurazepam, lorazepam, midazolam, oxazepam, "
        "quazepam, temazepam, triazolam",
    ),
    "2.16.840.1.113762.1.4.1111.180": [  # Cancer Related Pain
        *_codes(_ICD10, "G89.3"),
        *_named([_SNOMED], "cancer pain, cancer related pain, neoplasm related pain, pain after cancer treatment"),
        *_named([_SNOMED], "pain due to malignant neoplastic disease, pain due to neoplastic disease"),
    ],
    "2.16.840.1.113762.1.4.1111.175": _named([_SNOMED, _ICD10], "sickle cell, sickle"),  # Sickle Cell Disease
    "2.16.840.1.113883.3.600.1.1579": [*_codes(_SNOMED, "103735009", "385763009"), *_named([_SNOMED], "palliative, hospice")],
    "2.16.840.1.113762.1.4.1111.171": _named([_SNOMED, _ICD10], "opioid use disorder, opioid dependence, opioid abuse, opioid type dependence"),
    "2.16.840.1.113762.1.4.1046.269": _named([_RXNORM], "buprenorphine, methadone, naltrexone"),  # Medications for Opioid Use Disorder
    "2.16.840.1.113762.1.4.1111.177": _named([_SNOMED], "methadone, buprenorphine, naltrexone, medication assisted treatment"),
    "2.16.840.1.113883.3.117.1.7.1.87": _named(  # Discharge To Acute Care Facility
        [_SNOMED], "discharge to community hospital, discharge to tertiary referral hospital, discharge to acute care hospital, discharge to hospital"
    ),
    "2.16.840.1.113762.1.4.1116.365": [*_codes(_SNOMED, "428361000124107", "428371000124100"), *_named([_SNOMED], "hospice")],
    "2.16.840.1.113883.3.117.1.7.1.309": _codes(_SNOMED, "419099009", "371828006"),  # Patient Expired
    "2.16.840.1.113883.3.117.1.7.1.308": _codes(_SNOMED, "445060000"),  # Left Against Medical Advice
    "2.16.840.1.113762.1.4.1104.10": _codes(_PAYMENT, "1", "12", "121", "122", "123", "129", "19"),  # Medicare FFS payer
    "2.16.840.1.113762.1.4.1104.12": _codes(_PAYMENT, "11", "111", "112", "113", "119"),  # Medicare Advantage payer
    "2.16.840.1.113762.1.4.1248.34": _codes(  # Glucose Lab Test Mass Per Volume
        _LOINC, "2345-7", "2339-0", "1556-0", "1558-6", "2340-8", "2341-6", "32016-8", "41651-1", "41652-9", "41653-7"
    ),
    "2.16.840.1.113762.1.4.1196.393": _named(  # Hypoglycemics Severe Hypoglycemia
        [_RXNORM], "insulin, glimepiride, glipizide, glyburide, tolbutamide, tolazamide, chlorpropamide, nateglinide, repaglinide"
    ),
    "2.16.840.1.113762.1.4.1196.226": [*_codes(_RXNORM, "1010600"), *_named([_RXNORM], OPIOIDS + ", nalbuphine")],  # Opioids, All
    "2.16.840.1.113762.1.4.1248.119": _named([_RXNORM], "naloxone, nalmefene"),  # Opioid Antagonist
    "2.16.840.1.113762.1.4.1248.187": [  # Routes of Administration for Opioid Antagonists
        *_codes(_SNOMED, "34206005", "78421000", "47625008", "46713006"),
        *_named([_SNOMED], "intravenous, intramuscular, subcutaneous, nasal, intraosseous"),
    ],
    "2.16.840.1.113762.1.4.1248.141": [[system, "1096-7"] for system in _HSLOC],  # Operating Room Suite
    "2.16.840.1.113762.1.4.1029.369": _codes(_SNOMED, "4525004"),  # ED Visit and OB Triage
    "2.16.840.1.113762.1.4.1045.59": [  # Delivery Procedures
        *(member for system in _ICD10PCS for member in _codes(system, *_SECTIONS, *_BIRTHS)),
        *_codes(_SNOMED, "11466000", "22633006", "10745001", "4504004"),
    ],
    "2.16.840.1.113883.3.117.1.7.1.282": [  # Cesarean Birth
        *(member for system in _ICD10PCS for member in _codes(system, *_SECTIONS)),
        *_codes(_SNOMED, "11466000"),
    ],
    "2.16.840.1.113762.1.4.1045.99": [*_codes(_SNOMED, "169826009", "169827000"), *_codes(_ICD10, "Z37.0", "Z37.1")],  # Delivery of Singleton
    "2.16.840.1.113762.1.4.1110.68": [  # 37 to 42 Plus Weeks Gestation
        *_codes(_ICD10, *(f"Z3A.{week}" for week in (*range(37, 43), 49))),
        *_codes(_SNOMED, "43697006", "13798002", "80487005", "46230007", "63503002", "36428009"),
    ],
    "2.16.840.1.113762.1.4.1045.26": _codes(_LOINC, "11884-4", "11885-1", "18185-9"),  # Estimated Gestational Age at Delivery
    "2.16.840.1.113762.1.4.1045.105": [  # Abnormal Presentation
        *_codes(_SNOMED, "18559007", "6096002"),
        *_named([_SNOMED, _ICD10], "breech presentation, transverse lie, face presentation, brow presentation"),
    ],
    "2.16.840.1.113883.3.464.1003.110.12.1049": [  # Genital Herpes
        *_codes(_SNOMED, "129670002"),
        *_named([_SNOMED, _ICD10], "genital herpes, herpetic vulvovaginitis, herpesviral vulvovaginitis"),
    ],
    "2.16.840.1.113762.1.4.1110.37": _named([_SNOMED, _ICD10], "placenta previa, vasa previa, placenta accreta, placenta increta, placenta percreta"),
}  # fmt: skip
"""Object identifier -> members, as `science.quality.value_sets` reads them."""
