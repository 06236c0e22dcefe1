"""OBX: types NM SN ST TX CE CWE ED RP, statuses of table 0085, times, performers, codes that nobody has mapped."""

from datetime import UTC, datetime

import pytest

from intake.hl7v2.door import NOW, PID, SENT, header, measured, oru, problem, reader, received, stated, statements, timeline
from wardline.core import concepts as c
from wardline.core.events import Documented, Measured
from wardline.core.observations import usable
from wardline.intake.hl7v2.memory import LARGEST, SOURCES, TEXTS
from wardline.intake.hl7v2.sources import LocalCode, Source, zone_named

K = "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.0|N|||F|||20250301080000+0000"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, 1, hour, minute, tzinfo=UTC)


def test_an_observation_keeps_everything_the_sender_wrote_beside_its_value() -> None:
    (said,) = (each for each in statements(*oru(K + "|LAB^North lab^L|C12^Byrne^Ben||DEV7^EUI")) if isinstance(each.value, Measured))
    assert said.value == Measured(
        "potassium", 4.1, "mmol/L", "", "F", (), "2823-3^Potassium^LN", "F77", "", SENT, "", "3.5-5.0", "N", "DEV7"
    )  # fmt: skip
    assert (said.about, said.occurred_at) == ("HOSP/1001", at(8))


# --- statuses ---


@pytest.mark.parametrize("status", list("PRSFCABV"))
def test_a_status_with_a_value_keeps_it(status: str) -> None:
    read = measured(f"OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||{status}")
    assert (read.status, read.value, read.flags) == (status, 4.1, ())


@pytest.mark.parametrize("status", list("IONX"))
def test_a_status_without_a_value_has_none_whatever_the_field_holds(status: str) -> None:
    for field in ("", "4.1", "pending"):
        read = measured(f"OBX|1|NM|2823-3^^LN||{field}|mmol/L|||||{status}")
        assert (read.status, read.value) == (status, None)


@pytest.mark.parametrize("status", list("DW"))
def test_a_status_that_removes_keeps_the_value_it_removes(status: str) -> None:
    assert (measured(f"OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||{status}").status, measured(f"OBX|1|NM|2823-3^^LN|||mmol/L|||||{status}").flags) == (
        status,
        (),
    )


def test_final_without_resending_needs_no_value() -> None:
    read = measured("OBX|1|NM|2823-3^^LN|||mmol/L|||||U")
    assert (read.status, read.value, read.flags) == ("U", None, ())


def test_a_missing_status_is_final_and_an_unknown_one_is_not_believed() -> None:
    assert (measured("OBX|1|NM|2823-3^^LN||4.1|mmol/L").status, measured("OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||f").status) == ("F", "F")
    read = measured("OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||Q")
    assert (read.status, read.value, read.flags) == ("R", "4.1", ("status not known",))


def test_corrections_from_preliminary_over_final_to_deleted_end_in_nothing_to_show() -> None:
    def said(status: str, value: str, hour: int) -> list:  # type: ignore[type-arg]
        lines = (PID, "OBR|1||F77", f"OBX|1|NM|2823-3^^LN||{value}|mmol/L|||||{status}|||20250301060000+0000")
        return statements(header("ORU^R01", sent=f"2025030107{hour:02}00+0000"), *lines)

    story = [said("P", "6.9", 0), said("F", "4.9", 10), said("C", "3.9", 20), said("D", "", 30)]
    for length, value in ((1, 6.9), (2, 4.9), (3, 3.9)):
        (event,) = timeline(*story[:length]).observations.of("potassium")
        assert event.value.value == value
    assert timeline(*story).observations.of("potassium") == []
    assert timeline(*reversed(story)).observations.of("potassium") == []


# --- types ---


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("ST", "O positive", "O positive"),
        ("TX", r"first line\.br\second", "first line\nsecond"),
        ("FT", "one~two", "one\ntwo"),
        ("TX", r"5 \T\ 6", "5 & 6"),
        ("CE", "A^O positive^L", "O positive"),
        ("CWE", "A^^L", "A"),
        ("CWE", "^^^B^other^L^^^as written", "as written"),
        ("SN", "^1^:^128", "1:128"),
        ("SN", ">^90", ">90"),
        ("NM", "7", "7"),
        ("DT", "20250301", "20250301"),
    ],
)
def test_a_value_of_any_type_under_a_code_that_is_no_number_here_is_kept_as_people_read_it(kind: str, field: str, value: str) -> None:
    assert measured(f"OBX|1|{kind}|XYZ^Something^L||{field}||||||F").value == value


def test_an_embedded_file_becomes_a_document_that_names_its_kind() -> None:
    (document,) = stated(Documented, *oru("OBX|3|ED|PDF^Report^L||^application^pdf^Base64^JVBERi0=||||||F"))
    assert document == Documented("F77/3", "Report", "", "F", "application/pdf", "", SENT)


def test_a_pointer_to_a_file_becomes_a_document_with_the_pointer() -> None:
    pointer = r"http://pacs/view?a=1\T\b=2"
    (document,) = stated(Documented, *oru(f"OBX|1|RP|IMG^Image^L||{pointer}^^IM^JPEG||||||F"))
    assert (document.title, document.media_type, document.text) == ("Image", "im/jpeg", "http://pacs/view?a=1&b=2")


def test_a_file_needs_no_code_while_an_observation_does() -> None:
    assert len(stated(Documented, *oru("OBX|1|ED|||^application^pdf^Base64^JVBERi0=||||||F"))) == 1
    refused = problem(*oru("OBX|4|NM|||7||||||F"))
    assert (refused.where, refused.reason) == ("OBX(4)-3", "OBX-3 does not say what was observed")


def test_an_endless_text_is_shortened_and_says_so_while_an_endless_file_is_only_named() -> None:
    read = measured(f"OBX|1|TX|XYZ^Note^L||{'word ' * 10_000}||||||F")
    assert (len(str(read.value)), read.flags) == (20_000, ("text shortened",))
    assert stated(Documented, *oru(f"OBX|1|ED|P^R^L||^application^pdf^Base64^{'A' * 3_000_000}||||||F"))[0].media_type == "application/pdf"


@pytest.mark.parametrize(
    ("code", "answer", "meaning"),
    [("67775-7^^LN", "A", "A"), ("67775-7^^LN", "V^Voice^L", "V"), ("1104441000000107^^SCT", "130987000^New confusion^SCT", "C"),
     ("67775-7^^LN", "X9^unresponsive^L", "U"), ("67775-7^^LN", "LA1^^L^422768004^^SCT", "U")],
)  # fmt: skip
def test_a_coded_answer_is_found_by_code_or_text_in_either_coding(code: str, answer: str, meaning: str) -> None:
    read = measured(f"OBX|1|CWE|{code}||{answer}||||||F")
    assert (read.concept, read.value, read.flags) == ("consciousness", meaning, ())
    assert usable(c.CONSCIOUSNESS, read, preliminary=False) == meaning


def test_an_answer_nobody_knows_is_kept_as_text_and_not_used() -> None:
    read = measured("OBX|1|CWE|67775-7^^LN||D^Drowsy^L||||||F")
    assert (read.value, read.flags) == ("Drowsy", ("answer not known",))
    assert usable(c.CONSCIOUSNESS, read, preliminary=True) is None


def test_a_coded_answer_without_a_time_zone_can_still_be_used() -> None:
    read = measured("OBX|1|CWE|67775-7^^LN||V||||||F|||20250301080000")
    assert read.flags == ("zone assumed",)
    assert usable(c.CONSCIOUSNESS, read, preliminary=False) == "V"


def test_a_coded_answer_from_the_future_is_not_used() -> None:
    read = measured("OBX|1|CWE|67775-7^^LN||V||||||F|||20260301080000+0000")
    assert "in the future" in read.flags
    assert usable(c.CONSCIOUSNESS, read, preliminary=False) is None


# --- times ---


def test_the_time_is_obx_14_or_obr_7_or_the_specimens_or_the_messages() -> None:
    def observed(*lines: str) -> tuple[datetime, tuple[str, ...]]:
        (said,) = (each for each in statements(header("ORU^R01"), PID, *lines) if isinstance(each.value, Measured))
        return said.occurred_at, said.value.flags  # type: ignore[union-attr]

    bare, obr, spm = "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F", "OBR|1||F1", "SPM|1||||||||||||||||20250301070000+0000"
    assert observed(f"{obr}||||20250301063000+0000", f"{bare}|||20250301060000+0000", spm) == (at(6), ())
    assert observed(f"{obr}||||20250301063000+0000", bare, spm) == (at(6, 30), ())
    assert observed(obr, bare, spm) == (at(7), ("time of the specimen",))
    assert observed(spm, obr, bare) == (at(7), ("time of the specimen",))
    assert observed(obr, bare, "ORC|RE", obr, spm) == (SENT, ("time of the message",))
    assert observed(obr, bare) == (SENT, ("time of the message",))


def test_a_message_without_any_time_was_observed_when_it_was_received() -> None:
    (said,) = (
        each for each in statements(header("ORU^R01", sent=""), PID, "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F") if isinstance(each.value, Measured)
    )
    assert (said.occurred_at, said.value.flags) == (NOW, ("time of receipt",))  # type: ignore[union-attr]


def test_a_clock_slightly_ahead_means_now_and_one_far_ahead_is_the_future() -> None:
    near, far = (measured(f"OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F|||{time}") for time in ("20250301090400+0000", "20250301090600+0000"))
    assert (near.value, near.flags) == (4.1, ("sender's clock ahead",))
    assert (far.value, far.flags) == ("4.1", ("in the future",))


@pytest.mark.parametrize(("sent", "flags"), [("yesterday", ("time unreadable",)), ("20251332", ("time unreadable",)), ('""', ())])
def test_a_garbled_time_is_replaced_by_the_panels_and_says_so_while_a_deleted_one_says_nothing(sent: str, flags: tuple[str, ...]) -> None:
    said = statements(*oru(f"OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F|||{sent}"))[1]
    assert (said.occurred_at, said.value.flags, said.value.value) == (at(8), flags, 4.1)  # type: ignore[union-attr]
    assert usable(c.POTASSIUM, said.value, preliminary=False) == 4.1  # type: ignore[arg-type]


def test_each_source_has_its_own_time_zone() -> None:
    def occurred(zone: str) -> datetime:
        by = reader(Source("LAB", zone_named(zone), application="LAB"))
        return statements(*oru(K.replace("+0000", "")), by=by)[1].occurred_at

    assert occurred("Europe/London") == at(8)
    assert occurred("Europe/Berlin") == at(7)
    assert occurred("Asia/Kathmandu") == at(2, 15)


# --- who measured ---


@pytest.mark.parametrize(
    ("rest", "performer"),
    [
        ("", ""),
        ("|LAB1", "LAB1"),
        ("|LAB1^North laboratory^L", "North laboratory"),
        ("|LAB1^North^L|C12^Byrne^Ben^^^Dr", "Ben Byrne"),
        ("||C12^Byrne^Ben~C13^Moss", "Ben Byrne"),
        ("||C12", "C12"),
        ("||||DEV-7^ICU^0009FB^EUI-64~X", "DEV-7"),
    ],
)
def test_who_measured_is_the_device_or_the_person_or_the_laboratory(rest: str, performer: str) -> None:
    assert measured(f"{K}{rest}").performer == performer


def test_each_line_of_a_panel_has_its_own_performer_and_time() -> None:
    lines = [f"{K}|LAB1", K, f"{K}||C12^Byrne^Ben".replace("0800", "0700"), "OBX|4|NM|2823-3^^LN||4.4|mmol/L|||||F"]
    found = [each for each in statements(*oru(*lines)) if isinstance(each.value, Measured)]
    assert [each.value.performer for each in found] == ["LAB1", "", "Ben Byrne", ""]  # type: ignore[union-attr]
    assert [each.occurred_at for each in found] == [at(8), at(8), at(7), at(8)]


# --- codes ---


def test_a_code_nobody_has_mapped_is_kept_and_counted_unless_it_is_free_text() -> None:
    assert measured("OBX|1|NM|WXYZ^Something^L||7|u|||||F") == Measured(
        "", "7", "u", "", "F", ("unmapped",), "WXYZ^Something^L", "F77", issued_at=SENT
    )  # fmt: skip
    assert measured("OBX|1|ST|WXYZ^Something^L||7.2||||||F").flags == ("unmapped",)
    assert measured("OBX|1|ST|WXYZ^Something^L||O positive||||||F").flags == ()


def test_a_sites_mapping_is_found_by_code_and_system_or_code_alone() -> None:
    by = reader(Source("LAB", zone_named("UTC"), application="LAB", codes={"K^L": LocalCode("potassium"), "NA": LocalCode("sodium")}))
    assert measured("OBX|1|NM|K^Kalium^L||4.1|mmol/L|||||F", by=by).concept == "potassium"
    assert measured("OBX|1|NM|K^Kalium^X||4.1|mmol/L|||||F", by=by).concept == ""
    assert measured("OBX|1|NM|NA^Natrium^X||140|mmol/L|||||F", by=by).concept == "sodium"
    assert measured("OBX|1|NM|??^^L^NA^^X||140|mmol/L|||||F", by=by).concept == "sodium"


def test_a_loinc_code_is_known_by_its_system_or_without_one_by_its_check_digit() -> None:
    assert [measured(f"OBX|1|NM|{code}||4.1|mmol/L|||||F").concept for code in ("2823-3^^LN", "2823-3^^LOINC", "2823-3", "X^^L^2823-3^^LN")] == [
        "potassium"
    ] * 4
    assert measured("OBX|1|NM|2823-4||4.1|mmol/L|||||F").concept == ""
    assert measured("OBX|1|NM|2823-3^^L||4.1|mmol/L|||||F").concept == ""


def test_a_sender_that_changes_its_delimiters_is_read_anew() -> None:
    by = reader()
    line = "OBX|1|NM|2823-3^K^LN||4.1|mmol/L|||||F||||LAB^North"
    assert (measured(line, by=by).concept, measured(line, by=by).performer) == ("potassium", "North")
    other = "MSH|@~\\&|LAB|HOSP|||20250301081500+0000||ORU@R01|M2|P|2.5"
    (read,) = stated(Measured, other, "PID|1||1001", line, by=by)
    assert (read.concept, read.performer) == ("", "LAB^North")


def test_an_endless_code_is_refused() -> None:
    refused = problem(*oru(f"OBX|1|NM|{'x' * 3000}||7||||||F"))
    assert (refused.code, refused.where, refused.reason) == ("too-large", "OBX(1)-3", "OBX-3 and OBX-6 are longer than 2,000 characters")


# --- the fast way and the long way say the same ---


def test_escapes_elsewhere_in_a_message_change_nothing_about_a_plain_number() -> None:
    note = r"OBX|2|TX|NOTE^^L||a \T\ b||||||F"
    assert stated(Measured, *oru(K, note))[0] == stated(Measured, *oru(K))[0]


def test_escapes_in_range_and_part_are_resolved() -> None:
    read = measured(r"OBX|1|NM|6690-2^^LN|a\S\b|7|10*9/L|4\S\11|\T\|||F")
    assert (read.value, read.part, read.reference_range, read.abnormal) == (7.0, "a^b", "4^11", "&")


def test_a_deleted_part_range_or_flag_is_none_and_a_deleted_unit_is_no_unit() -> None:
    read = measured('OBX|1|NM|2823-3^^LN|""|4.1|mmol/L|""|""|||F')
    assert (read.value, read.part, read.reference_range, read.abnormal, read.flags) == (4.1, "", "", "", ())
    assert measured('OBX|1|NM|2823-3^^LN||4.1|""|||||F').flags == ("no unit",)


def test_more_observations_than_are_read_at_a_time_are_all_read_in_order() -> None:
    lines = [f"OBX|{number}|NM|2823-3^^LN|{number}|4.1|mmol/L|||||F" for number in range(1, 351)]
    found = stated(Measured, *oru(*lines[:250], "NTE|1||in between", *lines[250:]))
    assert [each.part for each in found] == [str(number) for number in range(1, 351)]


@pytest.mark.parametrize("number", [4, 7, 8])
def test_an_endless_part_range_or_flag_is_refused(number: int) -> None:
    fields = ["OBX", "1", "NM", "2823-3^^LN", "", "4.1", "mmol/L", "", "", "", "", "F"]
    fields[number] = "\\F\\" * 1_000
    refused = problem(*oru("|".join(fields)))
    assert (refused.code, refused.reason) == ("too-large", f"OBX-{number} is longer than 2,000 characters")


def test_what_is_remembered_has_a_limit_and_forgetting_changes_nothing() -> None:
    by = reader()
    first = measured(K, by=by)
    for start in range(0, LARGEST + 2_000, 1_000):
        lines = [f"OBX|1|NM|C{code}||{code}|u|||||F||||P{code}" for code in range(start, start + 1_000)]
        assert len(stated(Measured, *oru(*lines), by=by)) == 1_000
    for number in range(SOURCES + 1):
        received(header("ORU^R01", application=f"APP{number}"), PID, K, by=by)
    assert len(by.memory.performers) <= LARGEST
    assert measured(K, by=by) == first


def test_numbers_that_were_read_before_are_remembered_up_to_a_limit_and_forgetting_them_changes_nothing() -> None:
    by = reader()
    first = measured(K, by=by)
    kept = 0
    for start in range(0, TEXTS + 2_000, 2_000):
        lines = [f"OBX|1|NM|8867-4^Heart rate^LN||{60 + number / (10 * TEXTS):.7f}|/min|||||F" for number in range(start, start + 2_000)]
        assert len(stated(Measured, *oru(*lines), by=by)) == 2_000
        planned = [planned for known in by.memory._known.values() for planned in known.plans.values()]
        kept = max(kept, sum(len(each.texts) for each in planned))
    assert TEXTS - 2_000 <= kept <= TEXTS
    assert measured(K, by=by) == first
