"""Codes with the system they belong to, as feeds write them: "11289^warfarin^RXNORM" is code 11289 of RxNorm."""

from typing import Final, NamedTuple


class Coding(NamedTuple):
    """A code and its system by the name it has in this house: "rxnorm", "atc", "snomed", "icd10", "icd9", "loinc", "cvx", "hcpcs" ..."""

    code: str
    system: str


_WRITTEN: Final[dict[str, tuple[str, ...]]] = {
    # HL7 table 0396 and the usual misspellings of feeds; FHIR R4 addresses (hl7.org/fhir/R4/terminologies-systems.html).
    "rxnorm": ("rxnorm", "rxn", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    "atc": ("atc", "wc", "whoatc", "http://www.whocc.no/atc"),
    "snomed": ("sct", "snm", "snomed", "snomedct", "sctid", "http://snomed.info/sct"),
    "icd10": (
        "i10", "i10c", "i10p", "icd10", "icd-10", "icd10cm", "icd-10-cm", "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm",
    ),
    "icd9": ("i9", "i9c", "icd9", "icd-9", "icd9cm", "icd-9-cm", "http://hl7.org/fhir/sid/icd-9-cm", "http://hl7.org/fhir/sid/icd-9"),
    "loinc": ("ln", "loinc", "http://loinc.org"),
    "cvx": ("cvx", "http://hl7.org/fhir/sid/cvx"),
    "ndc": ("ndc", "http://hl7.org/fhir/sid/ndc"),
    "cpt": ("c4", "cpt", "cpt4", "http://www.ama-assn.org/go/cpt"),
    "hcpcs": ("hcpcs", "hpc", "https://www.cms.gov/medicare/coding/hcpcsreleasecodesets"),
    "icd10pcs": ("icd10pcs", "http://www.cms.gov/medicare/coding/icd10"),
}  # fmt: skip
_SYSTEMS: Final = {written: system for system, names in _WRITTEN.items() for written in names}


def system_of(written: str) -> str:
    """The house's name of a code system; one that is not known keeps the name it was written with, in lower case."""
    name = written.strip().lower().rstrip("/")
    return _SYSTEMS.get(name, name)


def codings(field: str) -> tuple[Coding, ...]:
    """The code and the alternate code of a coded field (HL7 CWE): "7917-8^HIV 1 Ab^LN^HIV^^L"."""
    parts = field.split("^")
    pairs = ((parts[place], parts[place + 2] if len(parts) > place + 2 else "") for place in range(0, min(len(parts), 6), 3))
    return tuple(Coding(code, system_of(system)) for code, system in pairs if code)
