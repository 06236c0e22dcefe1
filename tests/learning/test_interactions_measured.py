"""The interaction rules against reference sets, as far as that is cheap: what docs/evaluation/interactions.md states."""

import pytest

from support.reference import reference_data
from wardline.learning.evaluation.formulary import burden
from wardline.learning.evaluation.interaction_sets import Stated, label_statements, non_interruptive, patients
from wardline.learning.evaluation.interactions import HIGH_PRIORITY, Share, labels, recall, shipped, tiers


def test_every_pair_of_the_high_priority_list_interrupts() -> None:
    found = {title: recall(one, other) for title, (one, other) in HIGH_PRIORITY.items()}

    assert len(found) == 15
    assert [title for title, share in found.items() if share.hits < share.of] == []


def test_fewer_than_five_orders_of_a_hundred_are_interrupted() -> None:
    assert 0 < burden(patients=150).per_hundred <= 5


def test_a_pair_counts_once_and_interacts_if_any_sentence_says_so() -> None:
    warfarin, ibuprofen, zinc = frozenset({"warfarin"}), frozenset({"ibuprofen"}), frozenset({"zinc sulfate"})
    stated = [
        Stated(warfarin, ibuprofen, False, ""), Stated(ibuprofen, warfarin, True, "Caution"), Stated(warfarin, zinc, True, "Caution"),
        Stated(ibuprofen, zinc, False, ""),
    ]  # fmt: skip

    found = labels(stated)

    assert found.recall == Share(1, 2)
    assert found.precision == Share(1, 1)
    assert found.by_type == {"Caution": Share(1, 2)}


@pytest.mark.reference
def test_no_pair_of_the_quiet_list_interrupts() -> None:
    quiet = non_interruptive(reference_data())

    assert len(quiet) > 1000
    assert [pair for pair in quiet if "interrupt" in tiers(*pair)] == []


@pytest.mark.reference
def test_the_shipped_patients_get_the_card_of_the_guide_and_no_other() -> None:
    found = [shipped(name, resources) for name, resources in patients(reference_data())]

    assert [(each.name, each.expected, [problem.key for problem in each.found]) for each in found] == [
        ("f301", True, ["ciclosporin+digoxin"]), ("f302", False, []),
    ]  # fmt: skip


@pytest.mark.reference
def test_half_of_what_the_labels_state_is_found_and_two_thirds_of_what_is_said_is_stated() -> None:
    found = labels(label_statements(reference_data()))

    assert found.recall.hits / found.recall.of >= 0.5
    assert found.precision.hits / found.precision.of >= 0.66
