"""PET findings on a made-up body, from the scanner's files on: SUV, lesions with their numbers, and the response between two scans."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from wardline.capabilities.imaging.percist import TwoScans, percist
from wardline.capabilities.imaging.pet_lesions import PetCt, border, pet_lesions
from wardline.core.errors import Refused
from wardline.core.findings import Finding, Unknown
from wardline.core.imaging import Result, Volume
from wardline.formats.dicom.volumes import series_in, volume_of
from wardline.science.imaging.phantoms import Lesion, pet_ct
from wardline.simulator.scanner import Visit
from wardline.simulator.scanner import pet_ct as scanned

AT = datetime(2026, 3, 1, 10, 0)
NO_BLOOD_POOL = (None, None, None, None)
VISIT = Visit("4711", "HOSP", "TESTER", "ANNA", "19610622", "F", AT, tags={"ReconstructionMethod": "OSEM"})
LUNG = Lesion(position=(70.0, 0.0, 60.0), radii=(14.0, 14.0, 14.0), suv=9.0, hounsfield=40, site="lung")


@lru_cache(maxsize=8)
def scan(suv: float, *more: Lesion, without: tuple[str, ...] = ()) -> dict[str, Volume]:
    phantom = pet_ct(np.random.default_rng(7), lesions=(replace(LUNG, suv=suv), *more), spacing=(6.0, 6.0, 6.0))
    datasets = scanned(replace(VISIT, without=without), phantom.ct, phantom.pet_suv)
    return {volume.modality: volume for volume in map(volume_of, series_in(list(datasets)).values())}


@lru_cache(maxsize=16)
def finding(suv: float, *more: Lesion, drawn: str = "41%", without: tuple[str, ...] = ()) -> Finding:
    volumes = scan(suv, *more, without=without)
    answer = pet_lesions(PetCt(volumes["PT"], volumes["CT"], drawn, None))
    assert isinstance(answer, Finding), answer
    return answer


def kept(answer: Finding, **changes: Any) -> Result:
    artefacts: dict[str, Any] = {each.name: each.content for each in answer.artefacts}
    return Result("pet_lesions", "1.2.3", AT, answer.value, 0, artefacts | changes)


def test_a_lesion_is_found_where_it_is_as_hot_and_as_large_as_it_is() -> None:
    found = kept(finding(9.0))
    lesion = found.artefacts["lesions"][0]
    assert np.linalg.norm(np.array(lesion["position"]) - LUNG.position) < 15
    values = {each["id"]: each["value"] for each in lesion["values"]}
    assert values["suv_peak"] == pytest.approx(9.0, rel=0.15)
    assert values["suv_mean"] < values["suv_peak"] < values["suv_max"]
    assert values["mtv"] == pytest.approx(LUNG.volume_ml, rel=0.35)
    assert values["tlg"] == pytest.approx(values["suv_mean"] * values["mtv"], rel=1e-3)
    # SUL by James 128 of a woman of 78 kg and 172 cm: 1.07 x 78 - 148 (78 / 172)^2 = 53.02 kg.
    assert values["sul_peak"] == pytest.approx(values["suv_peak"] * 53.02 / 78, rel=1e-3)
    mask = found.artefacts["mask"]
    assert mask.label(lesion["label"]).name.startswith(lesion["key"])
    assert lesion["side"] == "left"  # DICOM counts x towards the patient's left
    assert found.artefacts["scan"]["uptake_minutes"] == pytest.approx(62)


def test_the_liver_is_the_yardstick_in_both_units() -> None:
    liver = kept(finding(9.0)).artefacts["liver"]
    assert liver["refused"] == ""
    assert liver["lean"]["mean"] == pytest.approx(liver["mean"] * 53.02 / 78, rel=1e-3)


def test_a_site_chooses_how_the_border_is_drawn() -> None:
    sizes = {each: kept(finding(9.0, drawn=each)).artefacts["lesions"][0]["values"][4]["value"] for each in ("41%", "60%", "gradient")}
    assert 0 < sizes["60%"] < sizes["41%"]
    assert sizes["gradient"] > 0
    for wrong in ("0%", "100%", "-1", "liver", 41, ""):
        with pytest.raises(Refused, match="pet_border"):
            border(wrong)


def test_without_a_weight_nothing_is_measured_and_the_tag_is_named() -> None:
    volumes = scan(9.0, without=("PatientWeight",))
    answer = pet_lesions(PetCt(volumes["PT"], volumes["CT"], "41%", None))
    assert isinstance(answer, Unknown)
    assert "(0010,1030)" in answer.reason


def test_without_a_height_there_is_no_sul_and_no_response() -> None:
    small = kept(finding(9.0, without=("PatientSize",)))
    sul = next(each for each in small.artefacts["lesions"][0]["values"] if each["id"] == "sul_peak")
    assert sul["value"] is None
    assert "(0010,1020)" in sul["why"]
    assert isinstance(percist(TwoScans(scan(9.0, without=("PatientSize",))["PT"], small, small, *NO_BLOOD_POOL)), Unknown)


def test_a_lesion_that_cools_is_followed_and_its_response_stated() -> None:
    before, now = kept(finding(9.0)), kept(finding(5.0))
    answer = percist(TwoScans(scan(5.0)["PT"], now, before, *NO_BLOOD_POOL))
    assert isinstance(answer, Finding)
    assert answer.value == "PMR"
    matches = next(each.content for each in answer.artefacts if each.name == "matches")
    pair = next(each for each in matches if each["prior"])
    assert pair["prior"]["key"] == before.artefacts["lesions"][0]["key"]
    assert pair["prior"]["match"] > 0.7
    assert -55 < pair["change_percent"] < -30


def test_a_lesion_too_faint_to_be_a_candidate_is_measured_where_it_was_and_not_called_gone() -> None:
    before, now = kept(finding(9.0)), kept(finding(2.6))
    assert len(now.artefacts["lesions"]) < len(before.artefacts["lesions"])
    answer = percist(TwoScans(scan(2.6)["PT"], now, before, *NO_BLOOD_POOL))
    assert isinstance(answer, Finding)
    assert answer.value == "PMR"
    matches = next(each.content for each in answer.artefacts if each.name == "matches")
    faint = next(each for each in matches if each["key"] is None)
    assert faint["left"] == pytest.approx(2.6 * 53.02 / 78, rel=0.2)


def test_a_new_lesion_is_progression_and_has_no_prior() -> None:
    second = Lesion(position=(-70.0, 10.0, 90.0), radii=(12.0, 12.0, 12.0), suv=7.0, hounsfield=40, site="lung")
    before, now = kept(finding(9.0)), kept(finding(9.0, second))
    answer = percist(TwoScans(scan(9.0, second)["PT"], now, before, *NO_BLOOD_POOL))
    assert isinstance(answer, Finding)
    assert answer.value == "PMD"
    matches = next(each.content for each in answer.artefacts if each.name == "matches")
    assert [each["prior"] is None for each in matches].count(True) == 1
    assert sorted(each["side"] for each in now.artefacts["lesions"] if each["site"] == "lung") == ["left", "right"]


def test_scans_that_cannot_be_compared_keep_the_pairs_and_get_no_category() -> None:
    before, now = kept(finding(9.0)), kept(finding(5.0))
    late = now._replace(artefacts={**now.artefacts, "scan": {**now.artefacts["scan"], "uptake_minutes": 62 + timedelta(minutes=16).seconds / 60}})
    answer = percist(TwoScans(scan(5.0)["PT"], late, before, *NO_BLOOD_POOL))
    assert isinstance(answer, Finding)
    assert answer.value == "not evaluable"
    assert "minutes after the injection" in answer.summary
    assert any(each.content for each in answer.artefacts if each.name == "matches")
