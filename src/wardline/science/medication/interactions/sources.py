"""Where the interaction rules come from. `verified`: that text was read; a class pair of a read list is verified, its members are our classes."""

from typing import Final

from wardline.science.medication.problem import Source


def label(drug: str, section: str) -> Source:
    """A US product label whose statement was read."""
    return Source(f"US label of {drug}: {section}", "verified")


def recalled(text: str) -> Source:
    """A source that was not read here."""
    return Source(f"{text} (not read here)", "provisional")


PHANSALKAR: Final = Source(
    "Phansalkar S et al., JAMIA 2012;19:735-43, table 2, the 15 critical class pairs; the same pairs in Am J Health Syst Pharm "
    "2022;79:1086-95, table 4",
    "verified",
)
PDDI_CDS: Final = Source("HL7 Potential Drug-Drug Interaction CDS implementation guide (Boyce RD et al., 2020)", "verified")
FDA_2016_OPIOIDS: Final = Source("FDA Drug Safety Communication, 31 August 2016: opioids with benzodiazepines", "verified")
FDA_2011_LINEZOLID: Final = Source("Am J Nurs report of the FDA safety communications on linezolid and methylene blue, 2012", "verified")
LITHIUM_2020: Final = Source(
    "Lithium therapy and its interactions, Australian Prescriber; US labels of torasemide, metolazone and ramipril", "verified"
)
STOPP: Final = Source("STOPP version 2 (O'Mahony D et al., Age Ageing 2015;44:213-8), as structured by Huibers CJA et al., 2019", "verified")
"""Written for people of 65 years and more; a rule that leaves the age out says what holds for everybody."""
