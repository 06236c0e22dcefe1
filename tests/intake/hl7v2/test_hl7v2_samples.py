"""Two public message sets go through the reader; what it states agrees with what their publishers expect, or the reason is known."""

import pytest

from intake.hl7v2.comparing import AGREED, DIFFERENCES, NOW, explanation_of
from intake.hl7v2.door import hearing, reader
from intake.hl7v2.message_sets import needs_message_sets, samples
from intake.hl7v2.samples_page import PAGE, comparisons, page
from wardline.core.statements import Fate

pytestmark = [pytest.mark.reference, needs_message_sets]


def test_every_message_of_the_sets_is_taken_or_refused_for_want_of_a_patient_or_because_it_deletes_one() -> None:
    reasons = {
        "PID-3 has no patient number", "there is no PID segment, so the message speaks about nobody",
        "A29 deletes a person, which is not followed here",
    }  # fmt: skip
    by = reader()
    for sample in samples():
        result = by.read(sample.raw, hearing(NOW))
        assert result.problem is None or result.problem.reason in reasons, sample.name
        state = "stored" if result.problem is None else "quarantined"
        assert len(result.replies(Fate(state, 1, NOW, result.problem))) <= 2


def test_every_kind_of_difference_from_the_expected_bundles_is_known_and_none_is_listed_that_does_not_occur() -> None:
    found = [outcome for comparison in comparisons() for outcome in comparison.outcomes if outcome.found != AGREED]
    assert [outcome for outcome in found if explanation_of(outcome) is None] == []
    assert {difference.name for difference in DIFFERENCES} == {explained.name for explained in map(explanation_of, found) if explained is not None}


def test_the_page_says_what_a_fresh_run_finds() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
