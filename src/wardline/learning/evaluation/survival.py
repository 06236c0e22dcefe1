"""The survival suite: both kinds of model on open sets, each person predicted by a model that has not seen them."""

import csv
import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from wardline.learning.survival.fitting import KINDS, Kind
from wardline.learning.survival.measuring import Interval, Measured, difference, measured
from wardline.learning.survival.table import Columns, Table, table
from wardline.learning.survival.training import Wish, read_back, train
from wardline.science.statistics.survival.observed import observed

FOLDER: Final = Path("clinical", "survival")
SEED: Final = 20260101
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenSet:
    """One public table and the question asked of it."""

    name: str
    file: str
    question: str
    horizon: float
    """Months."""
    columns: Columns
    make: Callable[[Row], dict[str, str] | None] = dict
    """A line with columns of numbers; None for a line that is no person of the question."""


@dataclass(frozen=True, slots=True)
class Result:
    what: OpenSet
    table: Table
    by_kind: Mapping[Kind, Measured]

    @property
    def boosting_gains(self) -> Interval:
        """By how much the trees' C is higher than the regression's."""
        return difference(self.by_kind["boosted"], self.by_kind["cox"])


def _rotterdam(row: Row) -> dict[str, str]:
    return {**row, "size_20_50": str(int(row["size"] == "20-50")), "size_over_50": str(int(row["size"] == ">50"))}


def _marrow(row: Row) -> dict[str, str]:
    return {**row, "aml_low_risk": str(int(row["group"] == "2")), "aml_high_risk": str(int(row["group"] == "3"))}


def _cirrhosis(row: Row) -> dict[str, str] | None:
    """The first visit of each person. 2 is death; who got a transplant (1) was watched until then."""
    return {**row, "died": str(int(row["status"] == "2"))} if row["day"] == "0" else None


SETS: Final = (
    OpenSet(
        "Breast cancer, Rotterdam", "survival_rotterdam.csv", "death", 120,
        Columns("dtime", "death", "pid", ("age", "meno", "size_20_50", "size_over_50", "grade", "nodes", "pgr", "er", "hormon", "chemo"), "days"),
        _rotterdam,
    ),
    OpenSet("Free light chains, a part", "survival_flchain_dev.csv.gz", "death", 120,
            Columns("futime", "death", "", ("age", "sex", "kappa", "lambda", "creatinine", "mgus"), "days")),
    OpenSet("Monoclonal gammopathy", "survival_mgus2.csv", "death", 120,
            Columns("futime", "death", "id", ("age", "sex", "hgb", "creat", "mspike"), "months")),
    OpenSet("Primary biliary cirrhosis, first visit", "survival_pbcseq.csv", "death without transplant", 60,
            Columns("futime", "died", "id", ("age", "sex", "edema", "bili", "albumin", "protime"), "days"), _cirrhosis),
    OpenSet(
        "Heart failure, Faisalabad", "heart_failure_clinical_records_dataset.csv", "death", 6,
        Columns("time", "DEATH_EVENT", "", ("age", "anaemia", "creatinine_phosphokinase", "diabetes", "ejection_fraction", "high_blood_pressure",
                                            "platelets", "serum_creatinine", "serum_sodium", "sex", "smoking"), "days"),
    ),
    OpenSet("Bone marrow transplant", "KMsurv_bmt.csv", "relapse or death", 24,
            Columns("t2", "d3", "", ("aml_low_risk", "aml_high_risk", "z1", "z2", "z3", "z4", "z5", "z6", "z7", "z8", "z10"), "days"), _marrow),
)  # fmt: skip
"""By number of persons. Follow-up is never a feature."""


INVENTED: Final = 250
"""Persons in each table whose truth is known."""
TABLES: Final = 12
MARKERS: Final = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
YEAR: Final = 12.0


@dataclass(frozen=True, slots=True)
class Held:
    """How often a person's interval held the chance that is true by construction."""

    held: int
    asked: int
    width: float
    """Mean width of the intervals."""


def held(kind: Kind) -> Held:
    """Persons with one marker, exponential times of 15 months divided by exp(marker), watched for 6 to 40 months."""
    inside, widths = [], []
    for number in range(TABLES):
        model = read_back(train(invented(number), Wish(kind, YEAR, "one marker", seed=SEED)))
        for marker in MARKERS:
            curve, truth = model.curve({"marker": marker}), float(np.exp(-YEAR / 15 * np.exp(marker)))
            inside.append(curve.low[-1] <= truth <= curve.high[-1])
            widths.append(curve.high[-1] - curve.low[-1])
    return Held(sum(inside), len(inside), float(np.mean(widths)))


def invented(number: int) -> Table:
    drawn = np.random.default_rng([SEED, number])
    marker = drawn.normal(size=INVENTED)
    time, ended = drawn.exponential(15 * np.exp(-marker)), drawn.uniform(6, 40, INVENTED)
    return Table(("marker",), marker[:, None], observed(np.minimum(time, ended), time <= ended), np.arange(INVENTED))


def evaluated(reference: Path, which: Iterable[OpenSet] = SETS) -> list[Result]:
    found = []
    for each in which:
        people = read(reference, each)
        found.append(Result(each, people, {kind: measured(kind, people, each.horizon, seed=SEED) for kind in KINDS}))
    return found


def read(reference: Path, what: OpenSet) -> Table:
    """The set as a site would give it."""
    file = reference / FOLDER / what.file
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8", newline="") as lines:
        rows = [made for row in csv.DictReader(lines) if (made := what.make(row)) is not None]
    return table(rows, what.columns)
