"""The header scan: every transfer syntax, nothing guessed, nothing believed that is not there, and no input that takes its time or memory."""

import base64
import struct
import zlib
from contextlib import suppress
from io import BytesIO

import msgspec
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from support.dicom_door import bytes_of, ct
from support.reference import reference_data
from wardline.core.errors import Refused
from wardline.formats.dicom.part10 import head_of, read_head
from wardline.formats.dicom.scanning import DEEPEST, MOST_HELD, MOST_REFERRED, Scanned, scan, scan_bytes
from wardline.formats.dicom.syntaxes import DEFLATED, EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, syntax_of
from wardline.formats.dicom.window import MOST_INFLATED

JPEG = "1.2.840.10008.1.2.4.50"
SYNTAXES = (EXPLICIT_LITTLE, IMPLICIT_LITTLE, EXPLICIT_BIG)


def rich() -> Dataset:
    """One of each kind of value."""
    inner = Dataset()
    inner.ReferencedSOPClassUID, inner.ReferencedSOPInstanceUID = "1.2.3", "1.2.3.4"
    return ct(
        SpecificCharacterSet="ISO_IR 192", PatientName="Müller^Änne=山田^太郎", PixelSpacing=["0.5", "0.25"], ImageType=["ORIGINAL", "PRIMARY"],
        RescaleSlope="1e-3", SmallestImagePixelValue=0, FrameIncrementPointer=0x00181063, ReferencedImageSequence=Sequence([inner, inner]),
        ImageComments="one\\two", RedPaletteColorLookupTableData=b"\1\2\3\4", TriggerTime="12", PatientWeight="71.5",
    )  # fmt: skip


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_values_are_those_that_pydicom_reads(syntax: str) -> None:
    content, kind = bytes_of(rich(), syntax), syntax_of(syntax)
    read = pydicom.filereader.read_dataset(BytesIO(content), kind.is_implicit, not kind.is_big)
    expected = read.to_json_dict(bulk_data_threshold=1024, bulk_data_element_handler=lambda element: "@/7FE00010")
    if kind.is_big:  # pydicom leaves the bytes as they stand; JSON's are little endian (PS3.18 Annex F)
        expected["00281201"]["InlineBinary"] = base64.b64encode(b"\2\1\4\3").decode()

    found = scan_bytes(content, syntax).attributes

    assert found == expected
    assert msgspec.json.decode(msgspec.json.encode(found)) == found


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_pixels_are_found_where_they_are(syntax: str) -> None:
    content = bytes_of(ct(), syntax)

    pixels = scan_bytes(content, syntax).pixels

    assert pixels is not None
    found = content[pixels.offset : pixels.offset + pixels.length]
    assert len(found) == 2 * 32 * 32
    assert found == ct().PixelData


def encapsulated(*fragments: bytes) -> bytes:
    dataset = ct()
    del dataset.PixelData
    items = b"".join(struct.pack("<HHL", 0xFFFE, 0xE000, len(each)) + each for each in (b"", *fragments))
    return bytes_of(dataset) + b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff" + items + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


def test_fragments_of_encapsulated_pixels_are_located() -> None:
    content = encapsulated(b"first!", b"second")

    pixels = scan_bytes(content, JPEG).pixels

    assert pixels is not None
    assert [content[at : at + length] for at, length in pixels.fragments] == [b"", b"first!", b"second"]


def test_of_a_large_object_only_the_header_is_read() -> None:
    """3 GB of pixels that nobody has: whoever asks for a byte of them fails."""
    dataset = ct()
    del dataset.PixelData
    size = 3 << 30
    head = bytes_of(dataset) + b"\xe0\x7f\x10\0OW\0\0" + struct.pack("<L", size)

    scanned = scan(head, len(head) + size, lambda position, length: pytest.fail("pixels were read"), EXPLICIT_LITTLE)

    assert scanned.pixels is not None
    assert (scanned.pixels.offset, scanned.pixels.length) == (len(head), size)


def test_a_long_private_value_before_the_study_does_not_hide_it() -> None:
    dataset = ct()
    dataset.private_block(0x0009, "A MAKER", create=True).add_new(1, "OB", bytes(3_000_000))
    content = bytes_of(dataset)

    scanned = scan(content[:1000], len(content), lambda position, length: content[position : position + length], EXPLICIT_LITTLE)

    assert scanned.text("0020000D") == ct().StudyInstanceUID
    assert [each.path for each in scanned.bulk] == ["00091001", "7FE00010"]


def test_a_study_uid_within_a_sequence_is_not_the_objects() -> None:
    other, dataset = Dataset(), ct()
    other.StudyInstanceUID = "9.9.9"
    dataset.add_new(0x00081200, "SQ", Sequence([other]))

    assert scan_bytes(bytes_of(dataset), EXPLICIT_LITTLE).text("0020000D") == dataset.StudyInstanceUID


@pytest.mark.parametrize(
    ("stated", "raw", "shown", "is_noted"),
    [
        ("ISO_IR 100", "Müller".encode("latin-1"), "Müller", False),
        ("ISO_IR 192", "Müller".encode(), "Müller", False),
        ("ISO_IR 192", "Müller".encode("latin-1"), "M\ufffdller", True),
        ("", "Müller".encode("latin-1"), "M\ufffdller", True),
        ("KLINGON", "Müller".encode("latin-1"), "M\ufffdller", True),
        ("\\ISO 2022 IR 87", b"Yamada\x1b$B;3ED\x1b(B", "Yamada山田", False),
        ("GB18030", "王".encode("gb18030"), "王", False),
    ],
)
def test_text_is_read_by_the_character_set_that_is_stated_and_what_does_not_fit_is_shown_as_such(
    stated: str, raw: bytes, shown: str, is_noted: bool
) -> None:
    def element(head: bytes, value: bytes) -> bytes:
        value += b" " * (len(value) % 2)
        return head + struct.pack("<H", len(value)) + value

    content = element(b"\x08\0\x05\0CS", stated.encode()) + element(b"\x10\0\x10\0PN", raw)

    scanned = scan_bytes(content, EXPLICIT_LITTLE)

    assert scanned.text("00100010") == shown
    assert bool(scanned.problems) == is_noted


def test_a_deflated_data_set_is_read_like_any_other() -> None:
    engine = zlib.compressobj(wbits=-15)
    content = engine.compress(bytes_of(ct())) + engine.flush()

    assert scan_bytes(content, DEFLATED).text("00100020") == "4711"
    with pytest.raises(Refused, match="cut off"):
        scan_bytes(content[:-20], DEFLATED)
    with pytest.raises(Refused, match="damaged"):
        scan_bytes(b"\xff" + content, DEFLATED)


def test_a_deflate_bomb_is_refused_before_it_fills_the_memory() -> None:
    """FT-19: some 300 kB that become more than 256 MiB."""
    engine = zlib.compressobj(9, wbits=-15)
    content = (engine.compress(bytes(4 << 20)) + engine.flush(zlib.Z_FULL_FLUSH)) * ((MOST_INFLATED >> 22) + 1)
    assert len(content) < 1 << 19

    with pytest.raises(Refused, match="becomes more than"):
        scan_bytes(content, DEFLATED)


def test_sequences_within_sequences_without_end_are_refused() -> None:
    """FT-19: undefined length, a hundred deep."""
    content = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff" * 100

    with pytest.raises(Refused, match=f"nested more than {DEEPEST}"):
        scan_bytes(content, EXPLICIT_LITTLE)


@pytest.mark.parametrize(
    "content",
    [
        b"\x08\0\x18\0UI\x10\0" + b"1.2.3",
        b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff",
        b"\x08\0\x40\x11SQ\0\0\x08\0\0\0\x08\0\x18\0UI\0\0",
        b"\x08\0\x40\x11SQ\0\0\x10\0\0\0\xfe\xff\0\xe0\xff\0\0\0" + bytes(8),
        b"\x08\0\x40\x11SQ\0\0\x10\0\0\0\xfe\xff\0\xe0\x08\0\0\0\x08\0\x18\0UI\x10\x001.2.3.4.5.6.7.8.",
        b"\x08\0\x18\0LO\0\0\x00",
        b"\x10\0\x10\0LT\xff\xff",
        b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\x08\0\0\0ab",
        b"\x10\0\x20\0OF\0\0\xff\xff\xff\xff",
        b"\x02\0\x10\0UI\x04\x001.2\0",
        b"",
    ],
)
def test_broken_lengths_are_refused_with_a_sentence(content: bytes) -> None:
    """FT-19: each of them says more, or less, than is there."""
    with pytest.raises(Refused) as refused:
        scan_bytes(content, EXPLICIT_LITTLE)
    assert str(refused.value)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_bytes_make_the_scan_do_anything_but_answer_or_refuse(data: st.DataObject) -> None:
    syntax = data.draw(st.sampled_from((*SYNTAXES, JPEG, DEFLATED)))
    content = bytearray(bytes_of(rich(), syntax if syntax in SYNTAXES else EXPLICIT_LITTLE))
    for _ in range(data.draw(st.integers(0, 12))):
        place = data.draw(st.integers(0, 700))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        scanned = scan_bytes(bytes(content[:cut]), syntax)
    except Refused:
        return
    msgspec.json.decode(msgspec.json.encode(scanned.attributes))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from((*SYNTAXES, JPEG, DEFLATED)))
def test_noise_is_refused_or_read(noise: bytes, syntax: str) -> None:
    with suppress(Refused):
        scan_bytes(noise, syntax)


def test_a_files_head_says_what_was_put_into_it() -> None:
    head = head_of(sop_class="1.2.3", sop_instance="1.2.3.4", syntax=JPEG, source="CT1")

    assert read_head(head + b"data set") == ("1.2.3", "1.2.3.4", JPEG, len(head))
    with pytest.raises(Refused, match="DICM"):
        read_head(b"PK" + bytes(200))
    with pytest.raises(Refused):
        read_head(head[:-3])
    with pytest.raises(Refused, match=r"Transfer Syntax"):
        read_head(head_of(sop_class="1.2.3", sop_instance="1.2.3.4", syntax="", source="CT1"))


@pytest.mark.reference
@pytest.mark.parametrize(
    "name",
    ["emri_small_big_endian.dcm", "liver_deflate.dcm", "eCT_Supplemental.dcm", "emri_small_RLE.dcm", "vlut_04.dcm", "US1_J2KR.dcm", "693_UNCR.dcm"],
)
def test_real_files_are_read_as_pydicom_reads_them(name: str) -> None:
    path = next(iter(sorted((reference_data() / "imaging" / "pydicom_data").rglob(name))))
    content, dataset = path.read_bytes(), pydicom.dcmread(path)
    head = read_head(content)

    found = scan_bytes(content[head.length :], head.syntax).attributes

    for tag, element in dataset.to_json_dict(bulk_data_threshold=1024, bulk_data_element_handler=lambda each: "@").items():
        if tag.endswith("0000"):
            continue
        assert _without_blanks(found[tag]) == _without_blanks(element) or _is_private_or_long(tag, found[tag], element), tag


def _is_private_or_long(tag: str, mine: dict[str, object], theirs: dict[str, object]) -> bool:
    """pydicom has a dictionary of makers' elements; and both may hold a value to be long."""
    return int(tag[:4], 16) % 2 == 1 or "BulkDataURI" in mine or "BulkDataURI" in theirs


def _without_blanks(value: object) -> object:
    match value:
        case dict():
            return {key: _without_blanks(each) for key, each in value.items() if key != "Value" or _without_blanks(each) not in ([None], [])}
        case list():
            return [_without_blanks(each) for each in value]
        case str():
            return value.rstrip() or None
        case float():
            return round(value, 9)
    return value


def test_short_bytes_stand_in_json_and_turn_round_in_big_endian() -> None:
    dataset = ct(RedPaletteColorLookupTableData=b"\1\2\3\4")
    little, big = (scan_bytes(bytes_of(dataset, each), each).attributes["00281201"] for each in (EXPLICIT_LITTLE, EXPLICIT_BIG))

    assert little == {"vr": "OW", "InlineBinary": base64.b64encode(b"\1\2\3\4").decode()}
    assert big == {"vr": "OW", "InlineBinary": base64.b64encode(b"\2\1\4\3").decode()}  # JSON's bytes are little endian (PS3.18 Annex F)


def received(content: bytes) -> Scanned:
    """As the store reads what arrives."""
    return scan(content[:1024], len(content), lambda position, length: content[position : position + length], EXPLICIT_LITTLE)


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr, len(value)) + value


def sequence(*items: bytes) -> bytes:
    content = b"".join(struct.pack("<HHL", 0xFFFE, 0xE000, len(item)) + item for item in items)
    return struct.pack("<HH2sHL", 0x0040, 0xA730, b"SQ", 0, len(content)) + content


def test_sequences_of_what_arrives_are_json_at_once_and_say_the_same() -> None:
    inner = element(0x0008_0100, b"SH", b"A1") + sequence(b"", element(0x0008_0104, b"LO", "Fuß ".encode("latin-1")))
    content = element(0x0008_0005, b"CS", b"ISO_IR 100") + sequence(inner, element(0x0020_0013, b"IS", b"12"), b"")

    held = scan_bytes(content, EXPLICIT_LITTLE)

    assert isinstance(received(content).attributes["0040A730"]["Value"], msgspec.Raw)
    assert msgspec.json.encode(received(content).attributes) == msgspec.json.encode(held.attributes)
    assert held.attributes["0040A730"]["Value"][0]["0040A730"]["Value"][1]["00080104"]["Value"] == ["Fuß"]


def test_a_sequence_in_the_place_of_a_patient_number_is_no_number() -> None:
    content = sequence(element(0x0020_0013, b"IS", b"12")).replace(struct.pack("<HH", 0x0040, 0xA730), struct.pack("<HH", 0x0010, 0x0020))

    assert [received(content).text("00100020"), scan_bytes(content, EXPLICIT_LITTLE).text("00100020")] == ["", ""]


def test_more_elements_than_memory_is_meant_for_are_refused_in_a_sentence() -> None:
    many = b"".join(element(0x0009_1000 + (number // 50_000 << 17) + number % 50_000, b"LO", b"") for number in range(MOST_HELD + 1))

    with pytest.raises(Refused, match="side by side"):
        received(many)


def test_more_fragments_than_memory_is_meant_for_are_refused_in_a_sentence() -> None:
    begin, one = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF), struct.pack("<HHL", 0xFFFE, 0xE000, 0)

    with pytest.raises(Refused, match="fragments"):
        received(begin + one * (MOST_REFERRED + 1))


def test_long_values_behind_very_many_others_are_referred_to() -> None:
    names = b"a\\" * 30_000

    found = received(b"".join(element(0x0040_A130 + number, b"PN", names) for number in range(9))).attributes

    assert ["BulkDataURI" in each for each in found.values()] == [False] * 7 + [True] * 2
