"""What was said reads as it would have been typed: numbers, units, punctuation; and nothing is made of words that only sound like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from wardline.science.language.dictation import edited


@pytest.mark.parametrize(("said", "written"), [
    ("right upper lobe mass comma s u v max five point four one full stop", "Right upper lobe mass, SUVmax 5.41."),
    ("SUL peak 5 point 4 1 comma was nine point eight four", "SULpeak 5.41, was 9.84"),
    ("twenty three by fourteen millimetres", "23 \u00d7 14 mm"),
    ("one hundred and twenty millilitres", "120 mL"),
    ("two point three centimeters", "2.3 cm"),
    ("minus forty five percent", "\u221245 %"),
    ("reduced by forty five per cent", "Reduced by 45 %"),
    ("open bracket l 1 close bracket full stop new line no effusion", "(L1).\nNo effusion"),
    ("first new paragraph second", "First\n\nSecond"),
    ("nodule in the lt lung, rt lung clear", "Nodule in the left lung, right lung clear"),
    ("thirty hounsfield units", "30 HU"),
])  # fmt: skip
def test_what_was_said_is_written_as_one_writes_it(said: str, written: str) -> None:
    assert edited(said) == written


@pytest.mark.parametrize("said", [
    "Uptake in the colon.", "Over a period of time.", "One of the lesions.", "Two lesions in the left lung.", "The tent sign.", "Left and right.",
])  # fmt: skip
def test_words_that_are_no_command_stay(said: str) -> None:
    assert edited(said) == said


@given(some.text("abcdefgh .,\n", max_size=60))
def test_editing_twice_changes_nothing_more(said: str) -> None:
    assert edited(edited(said)) == edited(said)
