"""What people have drawn on studies: folded from events, the same after a restart, gone with the patient or when the study is somebody else's."""

from datetime import UTC, datetime

import msgspec

from wardline.core.events import ELSEWHERE, Contoured, Erased, Event, Imaged, Marked, Unmarked, Value
from wardline.delivery.worklists.drawings import Drawings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIRST = Contoured("1.2", "m1", "m0", "m0", (("L1", 1, "lung", "changed"), ("L3", 5, "", "drawn")), ("L2",), "1.2.2", 299, "runs into the bladder")
LENGTH = Marked("1.2", "M1", "1.2.1", "length", ((0.0, 0.0, 0.0), (3.0, 4.0, 0.0)), (("length", "Length", 5.0, "mm", ""),), "duct", 300)


def event(value: Value, about: str = "elena", *, id: int = 1) -> Event:
    return Event(value, about, NOON, NOON, actor="u-1", id=id)


def imaged(state: str = "complete", pet: int = 299) -> Imaged:
    return Imaged("1.2", state, 1, series=(("1.2.1", "CT", 2, "", 300), ("1.2.2", "PT", 3, "", pet)))


def folded(*values: Value) -> Drawings:
    drawings = Drawings()
    for id, each in enumerate(values, 1):
        drawings.apply(event(each, id=id))
    return drawings


def test_the_last_drawing_stands_until_it_is_taken_back() -> None:
    drawings = folded(imaged(), FIRST)
    standing = drawings.standing(imaged())
    assert standing is not None
    assert (standing.contoured.mask, standing.by, standing.event) == ("m1", "u-1", 2)

    drawings.apply(event(Contoured("1.2", "", "m1", "m0"), id=3))
    assert drawings.standing(imaged()) is None
    assert set(drawings.masks("1.2")) == {"m0", "m1"}, "every version stays readable"


def test_a_drawing_on_fewer_images_is_kept_and_does_not_stand() -> None:
    drawings = folded(imaged(), FIRST)
    assert drawings.standing(imaged(pet=300)) is None
    assert drawings.standing(imaged()) is not None
    assert drawings.newest("1.2") is not None


def test_no_key_and_no_mark_is_ever_given_twice() -> None:
    drawings = folded(FIRST, Contoured("1.2", "m2", "m1", "m0", (("L1", 1, "lung", "changed"),), ("L3",)), LENGTH, Unmarked("1.2", "M1"))
    assert drawings.last_key("1.2") == 3
    assert drawings.next_mark("1.2") == "M2"
    assert (drawings.marks("1.2"), drawings.mark("1.2", "M1")) == ([], None)


def test_what_was_drawn_does_not_follow_a_study_to_another_patient() -> None:
    for moved in (event(imaged(ELSEWHERE), id=9), event(imaged(), "bruno", id=9)):
        drawings = folded(imaged(), FIRST, LENGTH)
        drawings.apply(moved)
        assert (drawings.newest("1.2"), drawings.marks("1.2"), drawings.next_mark("1.2")) == (None, [], "M1")


def test_a_study_that_is_stated_again_keeps_what_was_drawn() -> None:
    assert folded(imaged(), FIRST, LENGTH, imaged("arriving"), imaged()).newest("1.2") is not None


def test_an_erased_patient_leaves_nothing() -> None:
    drawings = folded(imaged(), FIRST, LENGTH)
    drawings.apply(event(Erased("request", ("someone",)), id=8))
    assert drawings.newest("1.2") is not None
    drawings.apply(event(Erased("request", ("elena",)), id=9))
    assert drawings.dump() == Drawings().dump()


def test_what_was_folded_is_the_same_after_a_snapshot() -> None:
    drawings = folded(imaged(), FIRST, LENGTH, Marked("1.2", "M2", "1.2.1", "sphere", ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0))), Unmarked("1.2", "M2"))
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(drawings.dump()))
    again = Drawings()
    again.load(kept)
    assert msgspec.msgpack.encode(again.dump()) == msgspec.msgpack.encode(drawings.dump())
    assert again.newest("1.2").contoured == FIRST  # type: ignore[union-attr]
    assert again.marks("1.2")[0].marked == LENGTH
