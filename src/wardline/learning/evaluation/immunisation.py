"""The immunisation forecast against CDC's own test cases: is every dose judged and every next dose dated as CDC expects?

A case is a made-up person with her doses and one vaccine group. It agrees when the status, the three dates and the validity of each dose
agree. CDC's cases are older than the schedule they are run on here, so some cannot.
"""

import gzip
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from wardline.science.immunisation.advising import GroupAdvice, advice
from wardline.science.immunisation.person import DoseGiven, Person
from wardline.science.immunisation.reading import cvx, read_schedule
from wardline.science.immunisation.schedule import Schedule

FOLDER: Final = "knowledge/cdc_cdsi"
SCHEDULE: Final = "supporting_data_4.64"
SETS: Final = {"healthy": "cases_healthy.jsonl.gz", "conditions": "cases_conditions.jsonl.gz"}
GROUPS: Final = {
    "dtap": "DTaP/Tdap/Td", "pol": "Polio", "ipol": "Polio", "pcv": "Pneumococcal", "var": "Varicella", "rota": "Rotavirus", "flu": "Influenza",
    "menb": "Meningococcal B", "mcv": "Meningococcal",
}  # fmt: skip
"""What CDC's cases call a vaccine group -> its name in the schedule, where they differ."""
GENDERS: Final = {"F": "Female", "M": "Male"}
PARTS: Final = ("status", "earliest", "recommended", "past due", "doses")
EXPLAINED: Final = {
    "2016-UC-0110": "the case dates the fourth dose six months after the third; the schedule's youngest age of 12 months is later",
    "2016-UC-0128": "the schedule gives the series for 2-23 months no oldest age to start and ranks it above the one for adults; the case does not",
    "2016-UC-0129": "as 2016-UC-0128: the adult's dose counts for the series the case means",
    "2016-UC-0198": "as 2016-UC-0128",
    "2016-UC-0131": "the case asks about the dose of this pregnancy alone; the group also needs the two further doses of a first course",
    "2024-UC-0012": "the case asks about the dose for travel alone; the group also needs the two doses of childhood",
    "2016-UC-0153": "the schedule's series for cochlear implants does not take a dose given at four months; the case does",
    "2023-UC-0048": "the case is of the season 2023-24; the schedule's season begins on 2025-09-01",
    "2023-UC-0051": "the case is of the season 2023-24; the schedule's season begins on 2025-09-01",
}
"""Why a case differs, by its number. One that is not here has not been explained."""


class Expected(NamedTuple):
    """What a case expects, or what came out."""

    status: str
    earliest: date | None
    recommended: date | None
    past_due: date | None
    doses: tuple[str, ...]


class Compared(NamedTuple):
    """One case and what came out for it."""

    id: str
    name: str
    group: str
    expected: Expected
    got: Expected

    @property
    def differences(self) -> tuple[str, ...]:
        return tuple(part for part, want, is_ in zip(PARTS, self.expected, self.got, strict=True) if want != is_)

    @property
    def why(self) -> str:
        return EXPLAINED.get(self.id, "not explained")


def schedule_of(reference: Path) -> Schedule:
    """The schedule among the reference data, read as a site's own would be."""
    contents = [json.loads(gzip.decompress(file.read_bytes())) for file in sorted((reference / FOLDER / SCHEDULE).glob("*.json.gz"))]
    (schedule,) = (each for each in contents if "scheduleSupportingData" in each)
    return read_schedule({"schedule": schedule, "antigens": [each for each in contents if "antigenSupportingData" in each]})


def cases_of(reference: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(reference / FOLDER / SETS[name], "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def compared(row: Mapping[str, Any], schedule: Schedule) -> Compared:
    """One case, answered and held against what CDC expects."""
    person = _person(row)
    names = {name.lower(): name for name in schedule.groups} | GROUPS
    group = names[str(row["Vaccine_Group"]).lower()]
    all_advice = advice(person, schedule)
    found = next((each for each in all_advice if each.group == group), None)
    # A dose of another group (varicella before MMR) is judged there.
    judged = {dose.given.id: dose.status for each in all_advice for dose in each.doses}
    judged |= {dose.given.id: dose.status for dose in (found.doses if found else ())}
    said = tuple("not valid" if judged.get(str(at)) == "inadvertent" else str(judged.get(str(at), "")) for at in _numbers(row))
    return Compared(str(row["CDC_Test_ID"]).strip(), " ".join(str(row["Test_Case_Name"]).split()), group, _expected(row), _got(found, said))


def _got(found: GroupAdvice | None, doses: tuple[str, ...]) -> Expected:
    if found is None:
        return Expected("no series", None, None, None, doses)
    return Expected(found.status, found.earliest, found.recommended, found.past_due, doses)


def _expected(row: Mapping[str, Any]) -> Expected:
    doses = tuple(str(row.get(f"Evaluation_Status_{at}") or "").lower() for at in _numbers(row))
    return Expected(str(row["Series_Status"]).lower(), _day(row, "Earliest_Date"), _day(row, "Recommended_Date"), _day(row, "Past_Due_Date"), doses)


def _person(row: Mapping[str, Any]) -> Person:
    observations = {
        str(row[f"Observation_Code_{at}"]).zfill(3): _day(row, f"Observation_Date_{at}") for at in range(1, 6) if row.get(f"Observation_Code_{at}")
    }
    doses = (DoseGiven(day, cvx(row[f"CVX_{at}"]), str(at)) for at in _numbers(row) if (day := _day(row, f"Date_Administered_{at}")))
    born, as_of = _day(row, "DOB"), _day(row, "Assessment_Date")
    if born is None or as_of is None:
        raise ValueError(f"the case {row.get('CDC_Test_ID')} has no birth date or no assessment date")
    gender = GENDERS.get(str(row.get("gender") or row.get("Gender") or ""), "Unknown")
    return Person(born, gender, as_of, tuple(sorted(doses)), observations)  # type: ignore[arg-type]


def _numbers(row: Mapping[str, Any]) -> list[int]:
    return [at for at in range(1, 10) if row.get(f"Date_Administered_{at}")]


def _day(row: Mapping[str, Any], key: str) -> date | None:
    text = str(row.get(key) or "")
    return date.fromisoformat(text[:10]) if len(text) >= 10 else None
