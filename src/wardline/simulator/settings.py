"""How the simulated hospital behaves: how many get worse, how often a measurement, a message or a feed goes wrong."""

from dataclasses import dataclass, field, fields
from typing import Final


@dataclass(frozen=True)
class Deteriorations:
    """Patients on wards who get worse, per day and 60 beds."""

    sepsis: float = 3.0
    kidney_injury: float = 2.0
    bleeding: float = 2.0
    respiratory_failure: float = 3.0


@dataclass(frozen=True)
class Artefacts:
    """Shares of charted rounds of vital signs in which something about the measurement is not as it should be."""

    missing_input: float = 0.03
    loose_probe: float = 0.01
    implausible: float = 0.003
    fahrenheit: float = 0.02
    wrong_entry: float = 0.006
    """A typing mistake that is corrected (OBX-11 C) some minutes later."""
    late_round: float = 0.06
    """Rounds that are done well after they were due."""


@dataclass(frozen=True)
class Faults:
    """Shares of messages (or of what is named) with which something goes wrong on the way."""

    duplicate: float = 0.004
    """Sent once more, byte for byte, seconds later."""
    late: float = 0.003
    """Of charted rounds and final laboratory reports: written one to five hours after the fact."""
    malformed: float = 0.002
    """Results and notes that cannot be read."""
    overtaken: float = 0.1
    """Of admissions and transfers: announced so late that observations from the new place come first."""
    cancelled: float = 0.03
    """Of admissions, transfers and discharges: taken back a few minutes later (A11, A12, A13)."""
    corrected: float = 0.015
    """Of laboratory panels: one value is corrected (C)."""
    deleted: float = 0.003
    """Of laboratory panels: one value is deleted (D)."""
    wrong_patient: float = 0.002
    """Of laboratory panels: filed under another patient first, then taken back (W)."""
    local_code: float = 0.02
    """Of laboratory panels: followed by a bedside result with a code that only this hospital knows."""
    duplicate_record: float = 0.06
    """Of emergency arrivals: registered a second time under a new number, merged later (A40)."""
    unmerged: float = 0.25
    """Of those merges: it was another person after all (A37)."""
    laboratory_silences_per_day: float = 1.0
    """How often a day the laboratory feed stays connected and says nothing for the better part of an hour."""


@dataclass(frozen=True)
class Settings:
    deteriorations: Deteriorations = field(default_factory=Deteriorations)
    artefacts: Artefacts = field(default_factory=Artefacts)
    faults: Faults = field(default_factory=Faults)
    occupancy: float = 0.93
    stories: bool = True
    """The patients whose course is told on purpose: see stories.py."""


NO_ARTEFACTS: Final = Artefacts(*(0.0 for _ in fields(Artefacts)))
NO_FAULTS: Final = Faults(*(0.0 for _ in fields(Faults)))
