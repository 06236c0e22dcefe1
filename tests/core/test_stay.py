"""Where a patient is, from movements in any order."""

from hypothesis import given
from hypothesis import strategies as st

from support.clocks import MORNING
from support.events import admitted, discharged, event, hours, transferred
from wardline.core.events import Admitted, Cancelled, Discharged, Event, Transferred
from wardline.core.stay import NOWHERE, place_after

ADMIT = admitted("7A")
TRANSFER = transferred("ICU", at=MORNING + hours(2))
DISCHARGE = discharged(at=MORNING + hours(10))


def cancelled(what: str, *, stated: float, visit: str = "V1") -> Event:
    at = MORNING + hours(stated)
    return event(Cancelled(visit, what, at), at=at)


def test_nobody_is_in_before_an_admission() -> None:
    assert place_after([]) == NOWHERE


def test_a_transfer_moves_the_bed_and_keeps_the_admission() -> None:
    place = place_after([ADMIT, TRANSFER])
    assert (place.is_in, place.unit, place.bed, place.admitted_at, place.since) == (True, "ICU", "3", MORNING, MORNING + hours(2))


def test_a_discharge_that_arrives_before_the_admission_still_ends_the_stay() -> None:
    assert not place_after([DISCHARGE, ADMIT]).is_in


def test_a_cancelled_discharge_puts_the_patient_back_in_the_same_bed() -> None:
    place = place_after([ADMIT, TRANSFER, DISCHARGE, cancelled("Discharged", stated=11)])
    assert (place.is_in, place.unit) == (True, "ICU")


def test_a_cancelled_transfer_brings_the_patient_back_to_the_unit_before() -> None:
    assert place_after([ADMIT, TRANSFER, cancelled("Transferred", stated=3)]).unit == "7A"


def test_a_cancelled_admission_leaves_nobody_in() -> None:
    assert not place_after([ADMIT, cancelled("Admitted", stated=1)]).is_in


def test_a_cancellation_strikes_nothing_that_was_stated_after_it() -> None:
    assert place_after([cancelled("Transferred", stated=1), ADMIT, TRANSFER]).unit == "ICU"


def test_the_discharge_of_another_visit_does_not_end_this_stay() -> None:
    assert place_after([ADMIT, discharged(at=MORNING + hours(3), visit="OTHER")]).is_in


def test_a_new_stay_does_not_inherit_the_bed_of_the_last_one() -> None:
    readmitted = event(Admitted("V2", issued_at=MORNING + hours(20)), at=MORNING + hours(20))
    place = place_after([ADMIT, TRANSFER, DISCHARGE, readmitted])
    assert (place.is_in, place.encounter, place.unit, place.bed, place.reason) == (True, "V2", "", "", "")


def test_a_transfer_without_a_visit_number_belongs_to_the_stay_that_is_going_on() -> None:
    nameless = event(Transferred("", "9B", issued_at=MORNING + hours(4)), at=MORNING + hours(4))
    place = place_after([admitted(reason="fall"), nameless])
    assert (place.unit, place.encounter, place.admitted_at, place.reason) == ("9B", "V1", MORNING, "fall")


def test_admission_and_discharge_in_one_moment_end_with_the_patient_gone() -> None:
    assert not place_after([discharged(at=MORNING), ADMIT]).is_in


MOVEMENTS = st.lists(
    st.tuples(
        st.sampled_from([Admitted, Transferred, Discharged, Cancelled]), st.sampled_from(["V1", "V2", ""]), st.sampled_from(["7A", "ICU", ""]),
        st.integers(0, 3), st.integers(0, 4), st.sampled_from(["Admitted", "Transferred", "Discharged"]),
    ),
    max_size=7,
    unique_by=lambda drawn: (drawn[0], drawn[3], drawn[4]),
)  # fmt: skip


def moved(drawn: tuple[type, str, str, int, int, str]) -> Event:
    kind, visit, unit, happened, stated, what = drawn
    issued_at = MORNING + hours(stated)
    if kind is Cancelled:
        return event(Cancelled(visit, what, issued_at), at=MORNING + hours(happened))
    if kind is Discharged:
        return event(Discharged(visit, issued_at=issued_at), at=MORNING + hours(happened))
    return event(kind(visit, unit, issued_at=issued_at), at=MORNING + hours(happened))


@given(MOVEMENTS, st.randoms(use_true_random=False))
def test_the_same_movements_in_any_order_end_in_the_same_place(drawn: list[tuple[type, str, str, int, int, str]], random: object) -> None:
    movements = [moved(each) for each in drawn]
    shuffled = list(movements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert place_after(shuffled) == place_after(movements)
