"""Reading a message: line ends, delimiters, character sets, what is empty and what is deleted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardline.core.errors import Refused
from wardline.formats.hl7v2 import message as limits
from wardline.formats.hl7v2.message import Message, check_segment, header_of, parse, parse_as

HEADER = "MSH|^~\\&|LAB|HOSP|WARDLINE|HOSP|20250301081500+0000||ORU^R01^ORU_R01|M1|P|2.5.1"
LINES = [HEADER, "PID|1||1001^^^HOSP^MR||Moss^Ada", "OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F"]


def declaring(charset: str, *lines: str) -> str:
    return "\r".join([f"{HEADER}||||||{charset}", *lines]) + "\r"


def refusal_of(raw: bytes) -> Refused:
    with pytest.raises(Refused) as refusal:
        parse(raw)
    return refusal.value


# --- line ends ---


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_segments_may_end_with_cr_lf_or_both_and_the_last_end_may_be_missing(end: str, last: bool) -> None:
    message = parse((end.join(LINES) + (end if last else "")).encode())
    assert message.lines == LINES


def test_blank_lines_and_whitespace_around_a_message_are_no_segments() -> None:
    raw = "\r\n  " + "\r\r".join(LINES) + "\r \r\n\r\n"
    assert parse(raw.encode()).lines == LINES


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse(b"\xef\xbb\xbf" + "\r".join(LINES).encode()).control_id == "M1"


def test_a_line_feed_inside_a_text_of_a_cr_separated_message_stays_in_the_text() -> None:
    message = parse("\r".join([*LINES, "OBX|2|TX|NOTE||first line\nsecond line||||||F"]).encode())
    assert message.segments[-1].text(5) == "first line\nsecond line"


def test_a_sender_that_mixes_line_feeds_and_carriage_returns_loses_no_segment() -> None:
    raw = HEADER + "\n" + LINES[1] + "\r" + LINES[2] + "\nOBX|2|NM|2951-2^^LN||140|mmol/L|||||F\r\nZAL|1\r"
    assert [segment.name for segment in parse(raw.encode()).segments] == ["MSH", "PID", "OBX", "OBX", "ZAL"]


# --- fields ---


def test_fields_are_numbered_as_the_standard_numbers_them() -> None:
    header = parse("\r".join(LINES).encode()).header
    assert (header.field(1), header.field(2), header.field(3), header.field(10), header.field(12)) == ("|", "^~\\&", "LAB", "M1", "2.5.1")


def test_reading_beyond_what_was_sent_gives_nothing() -> None:
    pid = parse("\r".join(LINES).encode()).segments[1]
    assert (pid.field(99), pid.text(99, 3), pid.repetitions(99), pid.text(5, 9), pid.text(5, 1, 4)) == ("", "", [], "", "")


def test_components_subcomponents_and_repetitions() -> None:
    pid = parse(f"{HEADER}\rPID|1||A&B&C^D^E&F~G^H".encode()).segments[1]
    assert pid.repetitions(3) == ["A&B&C^D^E&F", "G^H"]
    assert [pid.text(3, 1), pid.text(3, 1, 2), pid.text(3, 2), pid.text(3, 3, 2), pid.text(3, 2, 2)] == ["A", "B", "D", "F", ""]


def test_two_double_quotes_mean_delete_and_read_as_nothing_while_an_empty_field_is_not_deleted() -> None:
    pid = parse(f'{HEADER}\rPID|1||""|X^""^Y'.encode()).segments[1]
    assert pid.is_deleted(3)
    assert not pid.is_deleted(2)
    assert (pid.text(3), pid.text(3, 1), pid.text(4, 2), pid.text(4, 3)) == ("", "", "", "Y")


def test_custom_delimiters_are_those_of_the_header() -> None:
    message = parse(b"MSH#:*!%#LAB:X#HOSP#####ORU:R01#M|1#P#2.5.1\rPID#1##1001:::HOSP%U*1002#~#A!S!B")
    pid = message.segments[1]
    assert (message.type, message.trigger, message.control_id, message.sending_application) == ("ORU", "R01", "M|1", "LAB")
    assert (pid.repetitions(3), pid.text(3, 4), pid.text(3, 4, 2), pid.text(4), pid.text(5)) == (["1001:::HOSP%U", "1002"], "HOSP", "U", "~", "A:B")


def test_a_segment_of_ones_own_is_kept() -> None:
    message = parse(f"{HEADER}\rZBE|1|own&data".encode())
    assert message.all("ZBE")[0].text(2, 1, 2) == "data"


def test_a_message_is_plain_when_it_is_not_large_and_nothing_in_it_is_escaped_or_deleted() -> None:
    assert parse("\r".join(LINES).encode()).is_plain
    assert not parse("\r".join([*LINES, "NTE|1||5\\S\\3"]).encode()).is_plain
    assert not parse("\r".join([*LINES, 'NTE|1||""']).encode()).is_plain
    assert not parse("\r".join([*LINES, "x" * limits.LARGEST_SEGMENT]).encode()).is_plain


@given(
    st.lists(
        st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters='|^~\\&\r\n"'), max_size=5), max_size=8), max_size=6
    )
)
def test_what_is_put_into_fields_is_read_from_them(rows: list[list[str]]) -> None:
    lines = ["|".join(["ZZZ", *row]) for row in rows]
    message = parse("\r".join([HEADER, *lines]).encode())
    assert [[segment.field(number) for number in range(1, len(row) + 1)] for segment, row in zip(message.segments[1:], rows, strict=True)] == rows


# --- character sets ---


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("", "utf-8"), ("ASCII", "ascii"), ("UNICODE UTF-8", "utf-8"), ("utf-8", "utf-8"), ("8859/1", "iso8859-1"), ("8859/15", "iso8859-15"),
        ("ISO-8859-1", "iso8859-1"), ("WINDOWS-1252", "cp1252"), ("UNICODE UTF-8~8859/1", "utf-8"), ("GB 18030-2000", "gb18030"),
        ("ISO IR87", "iso2022_jp"), ("BIG-5", "big5"), ("KS X 1001", "euc_kr"), ("8859/5", "iso8859-5"),
    ],
)  # fmt: skip
def test_the_declared_character_set_is_used(charset: str, codec: str) -> None:
    names = {"gb18030": "王芳", "big5": "王芳", "iso2022_jp": "山田", "euc_kr": "김영희", "iso8859-5": "Иванов", "ascii": "Moss"}
    name = names.get(codec, "Möß")
    message = parse(declaring(charset, f"PID|1||1||{name}^Ada").encode(codec))
    assert message.segments[1].text(5, 1) == name


@pytest.mark.parametrize(
    ("charset", "codec", "family", "given"),
    [
        # The second byte of these is that of a delimiter: 許 "\\", 育 "|" in Big5; 皘 "|", 癪 "^", 皛 "~" in GB 18030.
        ("BIG-5", "big5", "許", "育"), ("GB 18030-2000", "gb18030", "皘癪", "皛"),
        # ISO 2022 writes Kanji in seven bits: 奥 is "1|", 緯 "0^", 蔭 "0~", 移 "0\\", 愛 "0&".
        ("ISO IR87", "iso2022_jp", "奥緯", "蔭移愛"), ("~ISO IR87", "iso2022_jp", "山田", "太郎"),
        ("ASCII~ISO IR87~ISO IR159", "iso2022_jp_1", "丂", "太郎"),
        ("~ISO IR14~ISO IR87", "iso2022_jp_ext", "ﾔﾏﾀﾞ", "太郎"), ("JAS2020", "iso2022_jp", "山田", "太郎"),
        ("JIS X 0202", "iso2022_jp", "山田", "太郎"),
    ],
)  # fmt: skip
def test_bytes_that_look_like_delimiters_are_parts_of_letters(charset: str, codec: str, family: str, given: str) -> None:
    message = parse(declaring(charset, f"PID|1||1||{family}^{given}|after").encode(codec))
    assert [message.segments[1].text(5, 1), message.segments[1].text(5, 2), message.segments[1].text(6)] == [family, given, "after"]


def test_switching_between_character_sets_in_another_way_is_refused_instead_of_read_wrongly() -> None:
    switching = declaring("8859/1~8859/5", "PID|1||1||\x1b\x2d\x4c\xb8").encode("iso8859-1")
    refused = refusal_of(switching)
    assert (refused.code, refused.reason) == ("charset-unknown", "the message switches between character sets in a way that is not followed here")
    assert parse(declaring("8859/1~8859/5", "PID|1||1||Möss").encode("iso8859-1")).segments[1].text(5) == "Möss"


def test_windows_1252_has_characters_that_latin_1_has_not() -> None:
    assert parse(declaring("WINDOWS-1252", "NTE|1||12 €").encode("cp1252")).segments[1].text(3) == "12 €"


def test_a_message_that_is_not_in_the_character_set_it_declares_is_refused_and_never_repaired_by_guessing() -> None:
    raw = declaring("UNICODE UTF-8", "PID|1||1||Möss").encode("iso8859-1")
    refused = refusal_of(raw)
    assert (refused.code, refused.where) == ("charset-wrong", "MSH-18")
    assert refused.reason == f"byte {raw.index(0xF6)} is not valid utf-8, which the message declares or its source is set to"


def test_a_message_without_a_character_set_is_read_in_the_one_agreed_with_its_sender() -> None:
    raw = "\r".join([HEADER, "PID|1||1||Möss"]).encode("iso8859-1")
    assert parse(raw, "iso8859-1").segments[1].text(5) == "Möss"
    assert refusal_of(raw).code == "charset-wrong"


def test_an_unknown_character_set_is_refused_by_name() -> None:
    refused = refusal_of(declaring("EBCDIC", "PID|1").encode())
    assert (refused.code, refused.reason, refused.rejected) == ("charset-unknown", "the character set 'EBCDIC' is not supported", True)


def test_only_the_header_can_be_read_of_a_message_whose_rest_is_in_the_wrong_character_set() -> None:
    header = header_of(declaring("EBCDIC", "PID|1||\xff").encode("iso8859-1"))
    assert (header.control_id, header.type, header.lines) == ("M1", "ORU", [declaring("EBCDIC").rstrip("\r")])


def test_a_character_set_can_be_forced() -> None:
    assert parse_as(declaring("EBCDIC", "NTE|1||\xe9").encode("iso8859-1"), "iso8859-1").segments[1].text(3) == "é"


# --- what is no message ---


@pytest.mark.parametrize(
    "raw", [b"", b" ", b"\r\n", b"PID|1||1001", b"msh|^~\\&|A", b"GET / HTTP/1.1\r\n", b"\x00MSH|^~\\&", "MSH|^~\\&|A".encode("utf-16")]
)
def test_bytes_that_do_not_start_with_msh_are_refused(raw: bytes) -> None:
    refused = refusal_of(raw)
    assert (refused.code, refused.reason) == ("header-missing", "the message does not start with an MSH segment")
    assert refused.rejected


def test_the_smallest_header_is_a_message_that_says_nothing() -> None:
    message = parse(b"MSH|^~\\&")
    assert (message.type, message.trigger, message.control_id, message.processing_id, message.version) == ("", "", "", "", "")


@pytest.mark.parametrize("line", ["pid|1", "P|1", "PI|1", "PID^1", "1ID|1", "PIDX|1", " PID|1", "PÏD|1", "(x)", "|", "OBXX|1|NM"])
def test_a_line_without_a_segment_name_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(Refused, match="line 7 does not start with a segment name") as refusal:
        check_segment(line, 7, parse(HEADER.encode()).separators)
    assert refusal.value.where == "line 7"


@pytest.mark.parametrize("line", ["PID|1", "PID", "ZZ1|", "PV1|1"])
def test_a_line_with_a_segment_name_is_a_segment(line: str) -> None:
    check_segment(line, 7, parse(HEADER.encode()).separators)


# --- limits ---


def test_more_segments_than_anyone_sends_are_refused_before_they_are_split() -> None:
    refused = refusal_of((HEADER + "\rZZZ" * (limits.MOST_SEGMENTS + 1)).encode())
    assert (refused.code, refused.reason) == ("too-large", "the message has more than 10,000 segments")


def test_an_endless_header_is_refused() -> None:
    assert refusal_of((HEADER + "|" * 20_000).encode()).reason == "MSH is longer than 9,999 characters"


def test_an_endless_segment_is_refused() -> None:
    with pytest.raises(Refused, match="PID is longer than 1,000,000 characters"):
        check_segment("PID|" + "x" * limits.LARGEST_SEGMENT, 2, parse(HEADER.encode()).separators)


def test_endless_repetitions_are_refused() -> None:
    pid = parse(f"{HEADER}\rPID|1||{'1~' * 1_000}1".encode()).segments[1]
    with pytest.raises(Refused, match="PID-3 has more than 1,000 repetitions"):
        pid.repetitions(3)


def test_nul_bytes_are_just_characters() -> None:
    assert parse(f"{HEADER}\rNTE|1||a\x00b".encode()).segments[1].text(3) == "a\x00b"


def test_a_message_keeps_the_bytes_it_came_in() -> None:
    raw = b"\xef\xbb\xbf\r\n" + HEADER.encode() + b"\r\n"
    assert parse(raw).raw == raw


def test_a_person_is_called_by_name_or_else_by_number() -> None:
    message: Message = parse(f"{HEADER}\rPV1|1|I|||||C1^Woolfson^Kathleen^A~C2|C006|^Condoc".encode())
    pv1 = message.segments[1]
    assert [pv1.person(7), pv1.person(8), pv1.person(9), pv1.person(10)] == ["Kathleen Woolfson", "C006", "Condoc", ""]
