"""Every patient in one line: found by name, number or bed, listed by unit."""

from hypothesis import given
from hypothesis import strategies as st

from support.clocks import MORNING
from support.events import hours
from support.hospital import Hospital
from support.messages import ADA, BEN, adt
from wardline.engine.directory import Directory, Entry

ZOE = Entry("z", "Müller-Žižek", "Zoë", "19900101", "F", "7001", "7A", "3", True)
SAM = Entry("s", "Miller", "Sam", "19800101", "M", "7002", "7A", "4", True)
OUT = Entry("o", "Muller", "Otto", "19700101", "M", "7003")


def filled(*entries: Entry) -> Directory:
    directory = Directory()
    for entry in entries:
        directory.put(entry)
    return directory


def test_a_name_is_found_without_its_accents_and_in_any_case() -> None:
    directory = filled(ZOE, SAM, OUT)
    assert [entry.about for entry in directory.search("MULLER")] == ["z", "o"]
    assert [entry.about for entry in directory.search("zoe zizek")] == ["z"]
    assert directory.search("") == directory.search("nobody") == []


def test_a_number_or_a_bed_finds_a_patient_too() -> None:
    assert [entry.about for entry in filled(ZOE, SAM).search("7002")] == ["s"]


def test_those_in_the_hospital_come_first() -> None:
    assert [entry.is_in for entry in filled(OUT, ZOE, SAM).search("m l l e r")] == [True, True, False]


def test_a_transfer_and_a_discharge_change_the_lists_of_units() -> None:
    directory = filled(ZOE, SAM)
    directory.put(SAM._replace(unit="ICU"))
    assert (directory.units(), directory.in_unit("7A"), directory.in_unit("ICU")) == (["7A", "ICU"], ["z"], ["s"])
    directory.put(SAM._replace(unit="ICU", is_in=False))
    assert (directory.units(), directory.known_units(), directory.inpatients()) == (["7A"], ["7A", "ICU"], ["z"])


def test_an_entry_that_says_nothing_new_is_not_written_again() -> None:
    directory = Directory()
    assert directory.put(ZOE) is not None
    assert directory.put(ZOE) is None
    assert directory.put(ZOE._replace(bed="9")) is not None


def test_a_removed_entry_is_nowhere_any_more() -> None:
    directory = filled(ZOE, SAM)
    directory.remove("z")
    directory.remove("z")
    assert ("z" in directory, directory.get("z"), directory.in_unit("7A"), len(directory)) == (False, None, ["s"], 1)


TEXT = st.text(max_size=5)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.sampled_from("abc"),
        TEXT,
        TEXT,
        st.just(""),
        st.just(""),
        TEXT,
        st.sampled_from(["7A", "ICU", ""]),
        st.text(max_size=3),
        st.booleans(),
    )
)


@given(ENTRIES)
def test_loading_what_was_kept_gives_the_same_directory(entries: list[Entry]) -> None:
    directory, again = filled(*entries), Directory()
    again.load(directory.items())
    assert list(again.items()) == list(directory.items())
    assert (again.inpatients(), again.units()) == (directory.inpatients(), directory.units())


def test_the_ward_sees_where_everybody_is(hospital: Hospital) -> None:
    hospital.send(adt("A01", ADA, at=MORNING), adt("A01", BEN, at=MORNING, visit="B1", unit="ICU"))
    hospital.clock.step(hours(1))
    hospital.send(adt("A02", ADA, at=hospital.clock.now(), unit="ICU"))
    assert hospital.engine.house.directory.in_unit("ICU") == sorted([hospital.key(ADA), hospital.key(BEN)])
    hospital.clock.step(hours(1))
    hospital.send(adt("A03", BEN, at=hospital.clock.now(), visit="B1"))
    assert hospital.engine.house.directory.in_unit("ICU") == [hospital.key(ADA)]
    entry = hospital.engine.house.directory.get(hospital.key(BEN))
    assert entry is not None
    assert (entry.name, entry.is_in) == ("Byrne, Ben", False)
