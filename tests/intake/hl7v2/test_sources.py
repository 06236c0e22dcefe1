"""What is agreed with each sender: character set, zone, numbers, codes; and senders nobody has heard of."""

from pathlib import Path

import pytest

from intake.hl7v2.door import NOW, PID, header, hearing, measured, reader, received
from wardline.core.errors import NotFound, Refused
from wardline.core.events import Registered
from wardline.core.statements import Fate
from wardline.formats.hl7v2.escapes import STANDARD
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.sources import STRANGERS, LocalCode, Source, Sources, source_from, zone_named

UMLAUT = f"{header('ADT^A08')}\rPID|1||1001^^^HOSP^MR||M\xf6\xdf^Ada\r"
PROFILE = """\
source: North laboratory
sends: {application: LAB, facility: NORTH}
zone: Europe/Berlin
charset: 8859/1
assigner: NORTH
decimal_comma: true
number_types: [PI, MR]
processing_ids: [P]
quarantined_answer: AA
ignored: [DFT]
codes:
  K: potassium
  NA^L: {concept: sodium, unit: mmol/L}
"""


def family(raw: bytes, by: Hl7v2Reader) -> str:
    (statement,) = by.read(raw, hearing(NOW)).statements
    assert isinstance(statement.value, Registered)
    return statement.value.family


# --- character sets ---


@pytest.mark.parametrize(("charset", "codec"), [("8859/1", "iso8859-1"), ("WINDOWS-1252", "cp1252"), ("", "utf-8")])
def test_a_message_that_declares_no_character_set_is_in_the_one_agreed_with_its_source(charset: str, codec: str) -> None:
    source = source_from({"source": "LAB", "sends": {"application": "LAB"}, "charset": charset}, "lab.yaml", "UTC")
    assert family(UMLAUT.encode(codec), reader(source)) == "Möß"


def test_bytes_that_happen_to_be_valid_utf8_are_still_read_in_the_agreed_character_set() -> None:
    source = Source("LAB", zone_named("UTC"), application="LAB", codec="iso8859-1")
    assert family(UMLAUT.replace("\xf6\xdf", "\xc3\xb6").encode("iso8859-1"), reader(source)) == "MÃ¶"


def test_a_declared_character_set_goes_before_the_agreed_one() -> None:
    source = Source("LAB", zone_named("UTC"), application="LAB", codec="iso8859-1")
    declared = UMLAUT.replace("|2.5.1", "|2.5.1||||||UNICODE UTF-8")
    assert family(declared.encode(), reader(source)) == "Möß"


def test_a_source_may_agree_to_hear_aa_for_what_is_kept_but_not_understood() -> None:
    source = Source("LAB", zone_named("UTC"), application="LAB", quarantined_answer="AA")
    result = received(header("ADT^A08"), "PID|1", by=reader(source))
    (answer,) = result.replies(Fate("quarantined", 1, NOW, result.problem))
    assert b"\rMSA|AA|M1" in answer


# --- finding the source ---


def test_a_source_is_found_by_application_and_facility_or_by_application_alone() -> None:
    exact = Source("exact", zone_named("UTC"), application="LAB", facility="NORTH")
    any_facility = Source("any", zone_named("UTC"), application="LAB")
    sources = Sources("UTC", [exact, any_facility])
    assert [sources.of("LAB", facility).name for facility in ("NORTH", "SOUTH", "")] == ["exact", "any", "any"]
    assert sources.of("RIS", "NORTH").name == "RIS NORTH"


def test_a_stranger_gets_the_defaults_of_the_house_and_is_remembered_as_unconfirmed() -> None:
    sources = Sources("Europe/London")
    stranger = sources.of("RIS", "SOUTH")
    assert (stranger.name, stranger.confirmed, stranger.zone, stranger.codec) == ("RIS SOUTH", False, zone_named("Europe/London"), "utf-8")
    assert sources.of("RIS", "SOUTH") is stranger
    assert sources.of("", "").name == "unnamed"


def test_a_flood_of_made_up_senders_fills_no_memory() -> None:
    sources = Sources("UTC")
    for number in range(STRANGERS + 500):
        assert sources.of(f"A{number}", "F").application == f"A{number}"
    sources.of("x" * 10_000_000, "F")
    assert len(sources.all) == STRANGERS


def test_two_strangers_whose_names_look_alike_share_nothing() -> None:
    sources = Sources("UTC")
    by = Hl7v2Reader(sources, lambda identifier: identifier.number)
    first, second = sources.of("A B", "C"), sources.of("A", "B C")
    assert first.name == second.name
    assert by.memory.of(first, STANDARD, authority=True) is not by.memory.of(second, STANDARD, authority=True)


# --- the profile file ---


def test_a_profile_says_everything_that_was_agreed(tmp_path: Path) -> None:
    (tmp_path / "north.yaml").write_text(PROFILE, encoding="utf-8")
    source = Sources.from_folder(tmp_path, "UTC").of("LAB", "NORTH")
    assert source == Source(
        "North laboratory", zone_named("Europe/Berlin"), "North laboratory", "LAB", "NORTH", "iso8859-1", "NORTH", ("PI", "MR"), True, ("P",), "AA",
        ("DFT",), {"K": LocalCode("potassium"), "NA^L": LocalCode("sodium", "mmol/L")}, True,
    )  # fmt: skip


def test_a_folder_that_is_not_there_holds_no_profile(tmp_path: Path) -> None:
    assert Sources.from_folder(tmp_path / "none", "UTC").all == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("- a list", "north.yaml: write `source: NAME` first"),
        ("label: x", "north.yaml: write `source: NAME` first"),
        ("source: X\ncolour: red", "north.yaml: 'colour' is not a key; there are"),
        ("source: X\nzone: Europe/Atlantis", "'Europe/Atlantis' is not a time zone; write it like Europe/London or UTC"),
        ("source: X\ncharset: EBCDIC", "the character set 'EBCDIC' is not supported"),
        ("source: X\nquarantined_answer: AR", "north.yaml: quarantined_answer is AA or AE"),
        ("source: X\nsends: LAB", "north.yaml: `sends` and `codes` are lists of `key: value` lines"),
        ("source: X\ncodes: [K]", "north.yaml: `sends` and `codes` are lists of `key: value` lines"),
        ("source: X\ncodes: {K: kryptonite}", "north.yaml: the code 'K' is mapped to 'kryptonite', which is not a concept"),
        ("source: X\ncodes: {K: {concept: potassium, unit: furlong}}", "north.yaml: 'furlong' is not a unit of potassium"),
        ("source: X\ncodes: {K: 7}", "north.yaml: the code 'K' is mapped to '7', which is not a concept"),
        ("source: [", "north.yaml is not valid YAML"),
    ],
)
def test_a_profile_that_is_not_right_names_file_and_key(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "north.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        Sources.from_folder(tmp_path, "UTC")
    assert refusal.value.reason.startswith(reason)


# --- learning what a code means ---


def test_a_mapping_that_is_learnt_is_used_at_once_and_kept_in_the_profile(tmp_path: Path) -> None:
    (tmp_path / "north.yaml").write_text(PROFILE, encoding="utf-8")
    by = Hl7v2Reader(Sources.from_folder(tmp_path, "UTC"), lambda identifier: identifier.number)
    lines = (header("ORU^R01").replace("|HOSP|WARD", "|NORTH|WARD"), PID, "OBX|1|NM|CREA^Kreatinin^L||1,1|mg/dL|||||F")
    assert received(*lines, by=by).statements[1].value.concept == ""  # type: ignore[union-attr]
    by.learn("North laboratory", "CREA^Kreatinin^L", "creatinine", "mg/dL")
    assert received(*lines, by=by).statements[1].value.concept == "creatinine"  # type: ignore[union-attr]
    again = Sources.from_folder(tmp_path, "UTC").of("LAB", "NORTH")
    assert (again.codes["CREA^L"], again.codes["K"], again.decimal_comma) == (LocalCode("creatinine", "mg/dL"), LocalCode("potassium"), True)


def test_a_stranger_gets_a_profile_by_the_first_mapping(tmp_path: Path) -> None:
    by = Hl7v2Reader(Sources("UTC", folder=tmp_path), lambda identifier: identifier.number)
    assert measured("OBX|1|NM|K^Kalium^L||4.1|mmol/L|||||F", by=by).concept == ""
    by.learn("LAB HOSP", "K^Kalium^L", "potassium", "")
    assert measured("OBX|1|NM|K^Kalium^L||4.1|mmol/L|||||F", by=by).concept == "potassium"
    assert Sources.from_folder(tmp_path, "UTC").of("LAB", "HOSP").codes == {"K^L": LocalCode("potassium")}


def test_profiles_of_sources_with_similar_names_do_not_overwrite_each_other(tmp_path: Path) -> None:
    sources = Sources("UTC", folder=tmp_path)
    for application in ("LAB A", "LAB-A", "lab/a"):
        sources.learn(sources.of(application, "").name, "K", LocalCode("potassium"))
    assert sorted(path.name for path in tmp_path.glob("*.yaml")) == ["lab-a-2.yaml", "lab-a-3.yaml", "lab-a.yaml"]
    assert {source.name for source in Sources.from_folder(tmp_path, "UTC").all} == {"LAB A", "LAB-A", "lab/a"}


def test_nothing_can_be_learnt_about_a_source_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="there is no source 'nobody'"):
        Sources("UTC").learn("nobody", "K", LocalCode("potassium"))


def test_a_feed_is_shown_by_its_label_and_a_stranger_as_unconfirmed(tmp_path: Path) -> None:
    (tmp_path / "north.yaml").write_text(PROFILE.replace("zone:", "label: North\nzone:"), encoding="utf-8")
    by = Hl7v2Reader(Sources.from_folder(tmp_path, "UTC"), lambda identifier: identifier.number)
    by.sources.of("RIS", "SOUTH")
    assert [by.label(feed) for feed in ("North laboratory", "RIS SOUTH", "nobody")] == [("North", True), ("RIS SOUTH", False), ("nobody", False)]


def test_an_outline_names_sender_and_patient_and_states_nothing() -> None:
    raw = f"{header('ORU^R01')}\r{PID}\rOBX|1|NM|||7\r".encode()
    outline = reader().outline(raw, hearing(NOW))
    assert (outline.feed, outline.control_id, outline.patient, outline.statements, outline.problem) == ("LAB HOSP", "M1", "HOSP/1001", (), None)
