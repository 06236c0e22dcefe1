"""Comorbidity groups: ranges as printed become prefixes, and the lists are those another package has."""

import gzip
import runpy
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from support.reference import reference_data
from wardline.core.course import Condition
from wardline.science.comorbidity.charlson_groups import CHARLSON, SUPERSEDED, WEIGHTS_1987, WEIGHTS_2011
from wardline.science.comorbidity.elixhauser_groups import ELIXHAUSER, VAN_WALRAVEN
from wardline.science.comorbidity.groups import Group, grouped, icd_of, prefixes

FOLDER = reference_data() / "knowledge" / "icd_codes"
is_there = pytest.mark.skipif(not FOLDER.exists(), reason="the reference data set is not here (WARDLINE_REFERENCE_DATA)")
# Read as a file: the package itself does not start beside the pandas of today.
THEIRS: dict[str, dict[str, tuple[str, ...]]] = runpy.run_path(str(distribution("comorbidipy").locate_file("comorbidipy/mapping.py")))["mapping"]
NAMES = {
    "myocardial_infarction": "ami", "heart_failure": "chf", "peripheral_vascular": "pvd", "cerebrovascular": "cevd", "chronic_pulmonary": "copd",
    "rheumatic": "rheumd", "peptic_ulcer": "pud", "mild_liver": "mld", "diabetes": "diab", "diabetes_complicated": "diabwc", "paralysis": "hp",
    "renal": "rend", "malignancy": "canc", "severe_liver": "msld", "metastatic": "metacanc",
}  # fmt: skip
ORDER = (
    "chf", "carit", "valv", "pcd", "pvd", "hypunc", "hypc", "para", "ond", "cpd", "diabunc", "diabc", "hypothy", "rf", "ld", "pud", "aids", "lymph",
    "metacanc", "solidtum", "rheumd", "coag", "obes", "wloss", "fed", "blane", "dane", "alcohol", "drug", "psycho", "depre",
)  # fmt: skip


def theirs(index: str, system: str, group: Group, place: int) -> set[str]:
    name = NAMES.get(group.id, group.id) if index == "charlson" else ORDER[place]
    return set(THEIRS[f"{index}_{system}_quan"][name])


@pytest.mark.parametrize("system", ["icd10", "icd9"])
@pytest.mark.parametrize(("index", "groups"), [("charlson", CHARLSON), ("elixhauser", ELIXHAUSER)])
def test_every_group_has_the_codes_another_package_has(index: str, groups: tuple[Group, ...], system: str) -> None:
    differing = {group.id for place, group in enumerate(groups) if set(group.by_system[system]) != theirs(index, system, group, place)}

    assert differing == set()


def weights(index: str, name: str) -> dict[str, int]:
    namespace: dict[str, Any] = {"mapping": THEIRS}
    source = Path(str(distribution("comorbidipy").locate_file("comorbidipy/weights.py"))).read_text(encoding="utf-8")
    exec(source.replace("from .mapping import mapping", ""), namespace)
    found: dict[str, int] = namespace["weights"][f"{index}_icd10_quan"][name]
    return found


def test_the_weights_are_those_of_another_package_except_for_its_mistake() -> None:
    for ours, name in ((WEIGHTS_1987, "charlson"), (WEIGHTS_2011, "quan")):
        other = weights("charlson", name)
        differing = {id for id, weight in ours.items() if other[NAMES.get(id, id)] != weight}
        assert differing == ({"aids"} if name == "quan" else set()), "it weighs AIDS with 2 in 2011; two R packages have 4"
    van_walraven = weights("elixhauser", "vw")
    assert [VAN_WALRAVEN[group.id] for group in ELIXHAUSER] == [van_walraven[name] for name in ORDER]


@pytest.mark.reference
@is_there
def test_every_code_of_the_classification_falls_into_the_groups_of_the_other_package() -> None:
    with gzip.open(FOLDER / "icd10cm_2022.tsv.gz", "rt", encoding="utf-8") as lines:
        codes = [line.split("\t")[0] for line in lines][1::7]

    assert len(codes) > 10_000
    for place, group in enumerate(CHARLSON):
        other = tuple(theirs("charlson", "icd10", group, place))
        assert [code for code in codes if group.includes(code, "icd10") != code.startswith(other)] == [], group.id


def test_a_printed_range_is_every_code_of_it() -> None:
    assert prefixes("I42.5-I42.7 I43") == ("I425", "I426", "I427", "I43")
    assert prefixes("C00-C03") == ("C00", "C01", "C02", "C03")
    assert prefixes("490-492 506.4") == ("490", "491", "492", "5064")


def test_the_milder_of_a_pair_steps_back_and_what_cannot_be_read_is_counted() -> None:
    there = grouped(
        (Condition("E11.9"), Condition("E11.2"), Condition("73211009", "SCT"), Condition("I50.1", is_resolved=True)), CHARLSON, SUPERSEDED
    )

    assert list(there.found) == ["heart_failure", "diabetes_complicated"]
    assert there.unread == 1


def test_a_code_without_a_system_is_read_as_icd_10_only_where_it_looks_like_one() -> None:
    assert icd_of(Condition("I50.1")) == "icd10"
    assert icd_of(Condition("4280")) == ""
    assert icd_of(Condition("428.0", "I9C")) == "icd9"
