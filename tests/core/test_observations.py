"""Originals, corrections, deletions: what counts is what was issued last, in whatever order it arrived."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from support.clocks import MORNING
from support.events import hours, potassium
from wardline.core.events import Event
from wardline.core.observations import Observations


def folded(*events: Event) -> Observations:
    observations = Observations()
    for event in events:
        observations.apply(event)
    return observations


def values(observations: Observations, name: str = "potassium") -> list[object]:
    return [event.value.value for event in observations.of(name)]


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def test_a_final_result_replaces_the_preliminary_one_of_the_same_order() -> None:
    observations = folded(potassium(4.9, "P", issued=at(1)), potassium(5.1, "F", issued=at(2)))
    assert values(observations) == [5.1]
    assert [event.value.value for event in observations.removed()] == [4.9]


def test_a_second_correction_replaces_the_first_one_too() -> None:
    chain = [potassium(value, status, issued=at(minute)) for minute, (value, status) in enumerate([(4.9, "P"), (5.0, "F"), (3.9, "C"), (4.1, "C")])]
    observations = folded(*chain)
    assert values(observations) == [4.1]
    assert [event.value.value for event in observations.versions(chain[-1])] == [4.9, 5.0, 3.9]


def test_a_deleted_result_is_no_value_and_stays_in_the_history() -> None:
    observations = folded(potassium(4.9, issued=at(1)), potassium(None, "D", issued=at(2)))
    assert values(observations) == []
    assert [event.value.status for event in observations.removed()] == ["F", "D"]


def test_a_result_of_the_wrong_patient_is_removed_even_if_it_comes_after_its_retraction() -> None:
    original, retraction = potassium(7.1, issued=at(1)), potassium(7.1, "W", issued=at(2))
    assert values(folded(retraction, original)) == []


def test_a_result_that_cannot_be_obtained_is_never_a_number() -> None:
    assert values(folded(potassium(4.9, "P", issued=at(1)), potassium(None, "X", issued=at(2)))) == []


def test_a_status_change_to_final_promotes_the_preliminary_value() -> None:
    (promoted,) = folded(potassium(4.9, "P", issued=at(1)), potassium(None, "U", issued=at(2))).of("potassium")
    assert (promoted.value.value, promoted.value.status, promoted.value.issued_at) == (4.9, "U", at(2))


def test_a_promotion_that_overtakes_its_value_promotes_the_newest_one_before_it() -> None:
    promotion, first, second = potassium(None, "U", issued=at(3)), potassium(4.9, "P", issued=at(1)), potassium(5.2, "P", issued=at(2))
    assert values(folded(promotion, first, second)) == [5.2]


def test_pending_results_are_listed_and_have_no_value() -> None:
    observations = folded(potassium(None, "I", issued=at(1)))
    assert values(observations) == []
    assert [event.value.status for event in observations.pending()] == ["I"]


def test_a_late_original_does_not_bring_back_what_was_corrected() -> None:
    assert values(folded(potassium(3.9, "C", issued=at(2)), potassium(4.9, issued=at(1)))) == [3.9]


def test_the_same_value_sent_again_is_one_observation() -> None:
    assert values(folded(potassium(4.9, issued=at(1)), potassium(4.9, issued=at(2)))) == [4.9]


def test_a_correction_of_the_time_moves_the_one_result_of_its_order() -> None:
    (moved,) = folded(potassium(4.9, at=at(0), issued=at(1)), potassium(4.9, "C", at=at(-60), issued=at(2))).of("potassium")
    assert moved.occurred_at == at(-60)


def test_a_result_after_a_correction_of_the_time_is_another_result() -> None:
    first, moved = potassium(4.9, at=at(0), issued=at(1)), potassium(4.9, "C", at=at(-60), issued=at(2))
    later = potassium(5.5, at=at(30), issued=at(31))
    for arrival in ((first, moved, later), (later, moved, first), (moved, later, first)):
        assert values(folded(*arrival)) == [4.9, 5.5]


def test_a_correction_among_several_results_of_an_order_corrects_the_one_of_its_time() -> None:
    series = [potassium(4.0 + hour, at=at(60 * hour), issued=at(60 * hour + 1)) for hour in range(3)]
    correction = potassium(9.0, "C", at=at(60), issued=at(300))
    assert values(folded(*series, correction)) == [4.0, 9.0, 6.0]


def test_two_values_of_one_moment_are_read_in_the_order_they_were_issued() -> None:
    first, second = potassium(4.0, order="L1", issued=at(1)), potassium(6.0, order="L2", issued=at(2))
    assert values(folded(second, first)) == values(folded(first, second)) == [4.0, 6.0]


def test_newest_stops_at_the_window_and_at_the_present() -> None:
    observations = folded(*(potassium(float(hour), order=f"L{hour}", at=at(60 * hour)) for hour in range(10)))
    newest = [event.value.value for event in observations.newest("potassium", at(300), hours(2))]
    assert newest == [5.0, 4.0, 3.0]


def test_a_mapped_reading_takes_the_place_of_the_unmapped_one() -> None:
    unmapped = potassium(4.9, issued=at(1))
    unmapped = unmapped._replace(value=unmapped.value._replace(concept="", code="K^Kalium^L"))
    mapped = potassium(4.9, issued=at(1), recorded=at(500))
    mapped = mapped._replace(value=mapped.value._replace(code="K^Kalium^L"))
    observations = folded(unmapped, mapped)
    assert values(observations) == [4.9]
    assert values(observations, "K^Kalium^L") == []


# Any order of the same versions gives the same current values -----------------------------------------------------------------

VERSIONS = st.lists(
    st.tuples(
        st.sampled_from("PFCADWXUIV"), st.sampled_from([0, 0, 0, 30, 60]), st.sampled_from([3.9, 4.9, 7.1]), st.sampled_from(["L1", "L1", "L2", ""])
    ),
    min_size=1,
    max_size=7,
)  # fmt: skip


def said(versions: list[tuple[str, int, float, str]]) -> list[Event]:
    """Versions issued a minute apart; U, I, X and D come without a value, as senders send them."""
    return [
        potassium(None if status in "UIXD" else value, status, at=at(minute), issued=at(100 + place), order=order)
        for place, (status, minute, value, order) in enumerate(versions)
    ]


def state(observations: Observations) -> object:
    def shown(event: Event) -> tuple[object, ...]:
        return event.occurred_at, event.value.issued_at, event.value.order, event.value.status, event.value.value

    return [shown(event) for event in observations.of("potassium")], sorted(map(shown, observations.removed()), key=repr), sorted(
        map(shown, observations.pending()), key=repr
    )  # fmt: skip


@given(VERSIONS, st.randoms(use_true_random=False))
def test_any_order_of_arrival_of_the_same_versions_ends_in_the_same_values(versions: list[tuple[str, int, float, str]], random: object) -> None:
    events = said(versions)
    arrivals = list(events)
    random.shuffle(arrivals)  # type: ignore[attr-defined]
    arrived = [event._replace(recorded_at=at(1000 + place), id=place + 1) for place, event in enumerate(arrivals)]
    in_order = [event._replace(recorded_at=at(1000 + place), id=place + 1) for place, event in enumerate(events)]
    assert state(folded(*arrived)) == state(folded(*in_order))


@given(VERSIONS)
def test_every_version_is_either_current_or_in_the_history_or_awaited(versions: list[tuple[str, int, float, str]]) -> None:
    observations = folded(*said(versions))
    counted = len(observations.of("potassium")) + len(observations.removed()) + len(list(observations.pending()))
    unconfirmed = sum(1 for event in said(versions) if event.value.status == "U")
    assert len(versions) - unconfirmed <= counted <= len(versions)
