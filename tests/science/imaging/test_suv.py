"""SUV: every way a scanner writes a series gives the known uptake or a refusal that names the tag; each constant says where it came from."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.reference import reference_data
from wardline.app.imaging.suv_agreement import CLINICAL_AIM, MAKER_AIM, against_published, makers, reference_objects, tried
from wardline.app.imaging.suv_variants import VARIANTS, Variant
from wardline.core.errors import Refused
from wardline.core.pet import PetAcquisition, PetSlice
from wardline.formats.dicom.pet import acquisition_of
from wardline.formats.dicom.volumes import volume_of
from wardline.science.imaging.suv import Kind, Suv, by_slice, scaled, suv_of, suv_volume
from wardline.science.imaging.suv.body import norm
from wardline.science.imaging.suv.decay import average_time
from wardline.simulator.pet_series import Scan, Style, pet_series

AT = datetime(2025, 3, 1, 11, 0)
PLAIN = PetAcquisition(
    slices=(PetSlice(AT, 180.0, 90_000.0),), units="BQML", corrections=("ATTN", "DECY"), decay_correction="ADMIN", dose=3.5e8,
    half_life_seconds=6586.2, injected_at=AT - timedelta(hours=1), series_at=AT, weight=70.0, height_metres=1.75, sex="M",
)  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_way_of_writing_it_gives_the_known_uptake_or_names_the_tag(variant: Variant) -> None:
    came = tried(variant)
    assert came.agrees, (came.off, came.said)


@pytest.mark.reference
def test_every_reference_object_agrees_to_two_decimals() -> None:
    objects = list(reference_objects(reference_data()))
    assert len(objects) >= 8
    assert [each for each in objects if not each.agrees] == []


@pytest.mark.reference
def test_a_patient_s_series_is_the_published_volume() -> None:
    clinical = against_published(reference_data())
    assert (clinical.slices, clinical.slopes) == (267, 267)
    assert clinical.highest == pytest.approx(25.41, abs=0.01)
    assert clinical.furthest <= CLINICAL_AIM


@pytest.mark.reference
def test_headers_of_real_scanners_give_a_factor_and_where_the_maker_wrote_its_own_the_same() -> None:
    found = list(makers(reference_data()))
    assert len(found) == 8
    assert [each for each in found if each.factor is None] == []
    own = [each for each in found if each.own is not None]
    assert len(own) == 2
    assert all(abs(each.factor / each.own - 1) < MAKER_AIM for each in own if each.factor and each.own)


BODIES = (
    # 70 kg, 175 cm; worked out by hand from the manual's formulas
    ("BW", "M", 70.0), ("LBMJAMES128", "M", 56.52), ("LBMJAMES128", "F", 51.22), ("LBMJAMES128", "O", 53.87), ("LBM", "M", 57.8), ("LBM", "F", 51.22),
    ("LBMJANMA", "M", 55.857), ("LBMJANMA", "F", 45.197), ("IBW", "M", 72.38), ("IBW", "F", 66.43), ("IBW", "O", 69.405),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "sex", "kg"), BODIES)
def test_a_body_is_as_large_as_worked_out_by_hand(kind: str, sex: str, kg: float) -> None:
    assert norm(replace(PLAIN, sex=sex), kind) == pytest.approx(kg * 1000.0, rel=1e-4)


def test_a_body_s_surface_is_du_bois_s() -> None:
    assert norm(PLAIN, "BSA") == pytest.approx(18_481, rel=1e-4)


def test_one_call_gives_every_kind() -> None:
    suv = suv_of(PLAIN)
    assert set(suv.factors) == set(Kind)
    assert suv.factors[Kind.BW] == (pytest.approx(70_000 / 3.5e8),)
    assert suv.factors[Kind.LBM_MORGAN] == (pytest.approx(57_800 / 3.5e8),)
    assert suv.factors[Kind.BSA] == (pytest.approx(18_481 / 3.5e8, rel=1e-4),)


@pytest.mark.parametrize(
    ("changes", "tag"),
    [({"height_metres": None}, "(0010,1020)"), ({"height_metres": 175.0}, "(0010,1020)"), ({"height_metres": 0.0}, "(0010,1020)"),
     ({"sex": ""}, "(0010,0040)"), ({"sex": "X"}, "(0010,0040)")],
)  # fmt: skip
def test_a_kind_whose_body_size_is_not_known_says_so_and_the_others_stand(changes: dict[str, object], tag: str) -> None:
    suv = suv_of(replace(PLAIN, **changes))  # type: ignore[arg-type]
    assert Kind.BW in suv.factors
    assert tag in suv.unavailable[Kind.LBM_JAMES]
    assert (Kind.BSA in suv.factors) == ("sex" in changes)


def test_values_that_are_an_suv_already_need_no_weight() -> None:
    suv = suv_of(replace(PLAIN, units="GML", suv_type="LBM", weight=None, height_metres=None, dose=None))
    assert suv.factors == {Kind.LBM_MORGAN: (1.0,)}
    assert "(0010,1030)" in suv.unavailable[Kind.BW]


def test_where_every_number_came_from_is_told() -> None:
    suv = suv_of(replace(PLAIN, decay_correction="START", dose=350.0, weight=70_000.0))
    told = {each.name: each for each in suv.provenance}
    assert (told["injected dose"].value, told["injected dose"].tag, told["injected dose"].rule) == (3.5e8, "(0018,1074)", "written in MBq")
    assert (told["weight"].value, told["weight"].rule) == (70.0, "written in g")
    assert told["half-life"].value == 6586.2
    assert told["from injection to reference"].value == 60.0
    assert "(0018,1078)" in told["injected at"].rule
    assert "(0008,0031)" in told["images corrected to"].rule
    assert told["dose at reference"].value == pytest.approx(3.5e8 * 2 ** (-3600 / 6586.2))


def test_the_rule_that_chose_the_reference_time_is_told() -> None:
    start = replace(PLAIN, decay_correction="START")
    assert "GE" in _rule(suv_of(replace(start, ge_scan_at=AT)))
    later = replace(start, series_at=AT + timedelta(minutes=30), slices=(PetSlice(AT, 180.0, 90.0),))
    assert "counted back" in _rule(suv_of(later))


def test_two_reference_times_more_than_one_percent_apart_are_told_and_less_are_not() -> None:
    def told(seconds: float) -> tuple[str, ...]:
        reference = average_time(np.log(2) / 6586.2, 180.0) + seconds
        return suv_of(replace(PLAIN, decay_correction="START", slices=(PetSlice(AT, 180.0, reference),))).warnings

    # 1 % of SUV is 6586.2 * log2(1.01) = 94.5 s of fluorine-18.
    assert told(94.0) == ()
    assert told(-94.0) == ()
    assert "1.0%" in told(96.0)[0]


def test_nothing_but_a_whole_number_of_tags_is_kept_from_a_header_that_cannot_be_read() -> None:
    for keyword, value in (("SeriesTime", "half past"), ("AcquisitionTime", "25"), ("SeriesDate", "20251399")):
        images = pet_series(Scan(), Style(tags={}))
        for image in images:
            image[keyword]._value = value  # a damaged file: pydicom would refuse to set it
        with pytest.raises(Refused, match="cannot be read"):
            acquisition_of(volume_of(images))


def test_only_pet_has_an_suv() -> None:
    volume = volume_of(pet_series())
    with pytest.raises(Refused, match="SUV is for PET"):
        acquisition_of(replace(volume, modality="CT"))
    with pytest.raises(Refused, match="no headers"):
        acquisition_of(replace(volume, headers=()))


def test_a_viewer_gets_each_image_s_factor_and_multiplies_to_the_same_value() -> None:
    volume = volume_of(pet_series(Scan(), Style(decay="NONE")))
    suv = suv_of(acquisition_of(volume))
    factors = by_slice(volume, suv)
    whole = suv_volume(volume, suv)
    assert whole.unit == "{SUVbw}g/ml"
    for place, uid in enumerate(volume.slices):
        assert np.allclose(volume.array[place] * factors[uid], whole.array[place], rtol=1e-6)
    assert len(set(factors.values())) == 2  # two bed positions


@given(st.lists(st.floats(1e-6, 10.0), min_size=3, max_size=3))
def test_one_pass_in_single_precision_is_the_slice_by_slice_product(factors: list[float]) -> None:
    stored = np.random.default_rng(1).integers(-2000, 32_000, (3, 4, 5)).astype(np.int16)
    expected = np.stack([stored[i].astype(np.float64) * factors[i] for i in range(3)])
    assert np.allclose(scaled(stored, factors), expected, rtol=2e-7)


@given(st.floats(1e-6, 0.05), st.floats(1.0, 3600.0))
def test_the_average_moment_lies_in_the_first_half_of_a_frame(constant: float, seconds: float) -> None:
    assert 0 < average_time(constant, seconds) <= seconds / 2 * (1 + 1e-6)


def _rule(suv: Suv) -> str:
    return next(each.rule for each in suv.provenance if each.name == "images corrected to")
