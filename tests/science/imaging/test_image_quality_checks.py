"""What makes an image poor is seen, and what is merely different is not taken for it."""

from typing import Any

import numpy as np
import pytest

from wardline.formats.volumes import DescribedStack
from wardline.science.imaging.quality import pixels, projections, sections
from wardline.science.imaging.quality.check import Check, passed_if, verdict
from wardline.science.imaging.quality.pet import pet
from wardline.science.imaging.quality.text import looks_written

DICE = np.random.default_rng(20261121)
ROWS, COLUMNS = np.mgrid[:160, :160]
DISC = ((ROWS - 80) ** 2 + (COLUMNS - 80) ** 2 <= 50**2).astype(np.float32)


class Pictures(DescribedStack):
    """A series of pictures that a test drew itself."""

    def __init__(self, modality: str, picture: Any, **header: Any) -> None:
        super().__init__("series", {"modality": modality, "headers": [header]})
        self.picture = picture

    def stored(self, place: int) -> Any:
        return self.picture


def by_name(checks: Any) -> dict[str, Check]:
    return {each.name: each for each in checks}


@pytest.mark.parametrize("spread", [5.0, 20.0, 60.0])
def test_white_noise_is_measured_as_strong_as_it_was_made_whatever_lies_under_it(spread: float) -> None:
    ramp = np.linspace(0, 400, 160, dtype=np.float32)[None, :] + 300 * DISC

    assert pixels.noise(ramp + DICE.normal(0, spread, ramp.shape).astype(np.float32)) == pytest.approx(spread, rel=0.06)


def test_noise_is_not_told_from_a_handful_of_pixels() -> None:
    assert pixels.noise(np.zeros((10, 10), np.float32)) is None


def test_signal_to_noise_is_the_mean_of_the_bright_over_the_noise() -> None:
    picture = 100 * DISC + DICE.normal(0, 5, DISC.shape).astype(np.float32)

    assert pixels.signal_to_noise(picture) == pytest.approx(20, rel=0.1)


def test_blurring_widens_edges() -> None:
    from scipy import ndimage

    sharp = 1000 * DISC + DICE.normal(0, 2, DISC.shape).astype(np.float32)
    blurred = ndimage.gaussian_filter(1000 * DISC, 5) + DICE.normal(0, 2, DISC.shape).astype(np.float32)
    widths = pixels.sharpness(sharp), pixels.sharpness(blurred)

    assert widths[0] is not None
    assert widths[1] is not None
    assert widths[0] < 3 < 6 < widths[1]


def test_a_plateau_at_the_top_is_clipping_and_a_single_bright_pixel_is_not() -> None:
    picture = (1000 * DISC).astype(np.int32) + ROWS
    clipped = np.minimum(picture, 1050)
    single = picture.copy()
    single[3, 3] = 4000

    assert pixels.clipped(clipped) > 0.15
    assert pixels.clipped(single) == 0.0


def letters(picture: Any, *, count: int, value: int) -> Any:
    written = picture.copy()
    for place in range(count):
        left = 8 + 9 * place
        written[6:18, left : left + 2] = value
        written[6:8, left : left + 6] = value
        written[11:13, left : left + 5] = value
    return written


def test_letters_in_a_line_are_suspected_and_a_few_marks_are_not() -> None:
    picture = (500 * DISC + DICE.normal(100, 10, DISC.shape)).astype(np.int32)

    assert looks_written(letters(picture, count=8, value=4095))
    assert not looks_written(letters(picture, count=2, value=4095))
    assert not looks_written(picture)


def test_a_body_that_repeats_itself_beside_itself_has_moved() -> None:
    still = 100 * DISC + np.abs(DICE.normal(0, 2, DISC.shape))
    moved = still + 0.25 * np.roll(still, 60, axis=1) + 0.25 * np.roll(still, -60, axis=1)

    assert sections.ghosts(still).ok is True
    assert sections.ghosts(moved).ok is False


def test_an_exposure_far_from_its_target_fails_both_ways() -> None:
    def checks(deviation: float | None) -> Check:
        header = {"DeviationIndex": deviation} if deviation is not None else {}
        return by_name(projections.x_ray(Pictures("DX", (2000 * DISC + ROWS).astype(np.int32), BitsStored=12, **header)))["Exposure"]

    assert [checks(each).ok for each in (0.4, -3.5, 4.0, None)] == [True, False, False, None]


def test_a_paired_part_without_its_side_is_named() -> None:
    hand = Pictures("DX", (2000 * DISC + ROWS).astype(np.int32), BitsStored=12, BodyPartExamined="HAND")
    chest = Pictures("DX", (2000 * DISC + ROWS).astype(np.int32), BitsStored=12, BodyPartExamined="CHEST")

    assert by_name(projections.x_ray(hand))["Side"].ok is False
    assert "Side" not in by_name(projections.x_ray(chest))


def test_a_mammogram_must_say_which_breast_and_which_view() -> None:
    checks = by_name(projections.mammography(Pictures("MG", (2000 * DISC + ROWS).astype(np.int32), BitsStored=12, ImageLaterality="L")))

    assert (checks["Side"].ok, checks["View"].ok) == (True, False)


def test_what_the_header_says_of_writing_goes_before_what_the_pixels_look_like() -> None:
    sure = Pictures("US", (2000 * DISC + ROWS).astype(np.int32), BitsStored=12, BurnedInAnnotation="YES")

    assert by_name(projections.ultrasound(sure))["Writing in the pixels"].shown == "the header says so"


def test_a_pet_without_attenuation_correction_weight_or_in_the_wrong_minute_is_said_to_be() -> None:
    series = DescribedStack("pet", {"modality": "PT", "headers": [{"CorrectedImage": ["DECY"]}]})
    checks = by_name(pet(series, "the weight (0010,1030) is 0", 90.0))

    assert [checks[name].ok for name in ("Attenuation", "Weight, dose, clock", "Uptake time")] == [False, False, False]
    assert checks["Weight, dose, clock"].reason == "the weight (0010,1030) is 0"


def test_the_score_falls_by_what_failed_and_what_was_not_looked_at_costs_nothing() -> None:
    fine, unseen = passed_if(True, "a", "1", "", 0.5), Check("b", None, "not checked", "why", 0.5)
    judged = verdict([fine, unseen, passed_if(False, "c", "2", "bad", 0.25), passed_if(False, "d", "3", "worse", 0.1)])

    assert (judged.score, judged.accepted) == (0.65, False)
    assert [each.name for each in judged.failed] == ["c", "d"]
    assert verdict([passed_if(False, "c", "2", "bad", 0.25)], accept_from=0.75).accepted
    assert verdict([passed_if(False, "c", "2", "bad", 0.9), passed_if(False, "d", "2", "bad", 0.9)]).score == 0.0
