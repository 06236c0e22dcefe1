"""No number without a source: what people type is one of the lesion's measurements, in words that mean that one."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from delivery.reports.lesions_found import followed_up
from wardline.delivery.reports.measured import signed_percent
from wardline.delivery.reports.numbers import without_source

MEASURED = followed_up()


def missing(text: str, *keys: str) -> list[str]:
    return without_source(text, MEASURED.of(keys or ("L1",)))


@pytest.mark.parametrize("text", [
    "Right upper lobe mass, SULpeak 5.41, was 9.84 (\u221245 %); volume 18.6 mL.",
    "SULpeak 5.4, previously 9.8, fallen by 45 %.",
    "SULpeak fell from 9.84 to 5.41.",
    "SUVmax 7.18, volume 18.6 cm3, long axis 2.3 cm.",
    "Long axis 23 mm.",
    "SULpeak 5,41 g/mL.",
    "Uptake time 62 min. Compared with the study of 18 Aug 2026.",
    "Compared with 2026-08-18 and 18 August 2026, 18.08.2026.",
    "Three lesions, PERCIST 1.0, station 10R, stations 4R and 7, 6th rib, segment 8, L1 and T12, 18F-FDG.",
])  # fmt: skip
def test_a_number_that_was_measured_may_be_typed(text: str) -> None:
    assert missing(text) == []


@pytest.mark.parametrize(("text", "number"), [
    ("SULpeak 5.42", "5.42"),
    ("SULpeak 5", "5"),  # too far from 5.41 to be that number rounded
    ("SULpeak 4.12", "4.12"),  # another lesion's
    ("SUVmax 5.41", "5.41"),  # this lesion's, but of something else
    ("SULpeak 9.84", "9.84"),  # what it was before, said of now
    ("SULpeak 5.41, was 5.41", "5.41"),
    ("volume 18.6 mm", "18.6 mm"),
    ("volume 18.6mm", "18.6mm"),
    ("SUV5.9", "5.9"),
    ("+45 %", "+45 %"),
    ("fallen by 54 %", "54 %"),
    ("Two lesions", "Two"),
    ("Compared with the study of 17 Aug 2026", "17 Aug 2026"),
    ("Compared with 08/18/2026", "08"),  # nobody knows which is the month
    ("volume 18,600 mL", "18,600 mL"),
    ("stage 4, Deauville 5", "4"),
    ("9" * 400, "9" * 400),
    ("1.2.3", "1.2.3"),
])  # fmt: skip
def test_a_number_that_nothing_stands_behind_is_named(text: str, number: str) -> None:
    assert number in missing(text)


def test_without_a_lesion_only_the_study_s_own_numbers_count() -> None:
    assert without_source("SULpeak 5.41", MEASURED.of(())) == ["5.41"]
    assert without_source("Uptake time 62 min", MEASURED.of(())) == []


@given(some.floats(0.1, 99).map(lambda value: round(value, 2)), some.sampled_from(["SULpeak {}", "SUVmax {}.", "it takes up {} g/mL"]))
def test_a_typed_number_passes_only_if_a_value_rounds_to_it(value: float, text: str) -> None:
    """Whatever is typed: accepted numbers are within a twentieth of one of the lesion's values."""
    accepted = not missing(text.format(value))
    near = any(abs(value - known) <= 0.05 * known for known in (5.41, 7.18, 18.6, 23.4, 62.0))
    assert not accepted or near or value in {0.0, 1.0, 3.0}


@pytest.mark.parametrize(("change", "shown"), [(-45.02, "\u221245 %"), (6.5, "+7 %"), (-0.4, "0 %"), (None, "")])
def test_a_change_is_written_with_its_sign(change: float | None, shown: str) -> None:
    assert signed_percent(change) == shown
